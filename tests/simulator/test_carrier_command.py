from __future__ import annotations

import asyncio
import re
import signal
import sys
from pathlib import Path

from click.testing import CliRunner

from providers.recorder import Recorder, handoffs, until
from textwell.cli.simulate import simulate
from textwell.gateways.providers.base import Accepted, GatewaySpec
from textwell.gateways.providers.simulator.log import summarise
from textwell.gateways.registry import find_provider

COMMAND = "from textwell.cli.simulate import simulate; simulate()"


async def test_after_kill_9_the_log_has_all_but_the_last_moment(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", COMMAND, "carrier", "--port", "0", "--script", "bench", "--log", str(log),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    found = re.search(rb":(\d+)", await process.stdout.readline())
    assert found is not None
    settings = {"host": "127.0.0.1", "port": int(found[1]), "response_timeout_s": 1}
    recorder = Recorder()
    provider = find_provider("simulator")
    assert provider is not None
    spec = GatewaySpec(1, 1, "Test", "simulator", "active", settings, window=500)
    connection = provider.connect(spec, recorder)
    await connection.open()
    connection.submit(handoffs(500))
    await until(lambda: len(recorder.of(Accepted)) == 500)
    await asyncio.sleep(0.3)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    await until(lambda: recorder.links[-1][0] is False)
    await connection.close()
    assert summarise(log).accepted_count == 500


def test_a_bad_script_is_refused_in_words() -> None:
    result = CliRunner().invoke(simulate, ["carrier", "--script", "/nowhere.json"])
    assert result.exit_code == 2
    assert "demo, bench" in result.output


def test_a_port_that_does_not_exist_is_refused() -> None:
    result = CliRunner().invoke(simulate, ["carrier", "--port", "99999999"])
    assert result.exit_code == 2
    assert "0<=x<=65535" in result.output
