"""The demo stopped as a person stops it, by a signal to its process group, while it sends."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from textwell.core.settings import Settings
from textwell.gateways.providers.simulator.log import Handed, read_log
from textwell.runtime.ports import free_ports
from textwell.runtime.stores import find_stores
from textwell.runtime.stores.process import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

PEOPLE = 2_000
RATE = 250  # eight seconds for all: time to stop it in the middle
FULL_RATE = 2_000
ENOUGH = 400  # handed off
START_S = 90
VERDICT = Path(__file__).with_name("verdict.py")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    data = tmp_path / "data"
    data.mkdir()
    yield data
    for store in find_stores(Settings(data=data)).members:
        store.stop()


def environment(folder: Path) -> dict[str, str]:
    kept = {name: v for name, v in os.environ.items() if name not in {"DATABASE_URL", "NATS_URL"}}
    return kept | free_ports() | {"TEXTWELL_DATA": str(folder), "PYTHONUNBUFFERED": "1"}


@contextmanager
def demo(folder: Path, *, rate: int) -> Iterator["subprocess.Popen[bytes]"]:
    """A running demo, leader of a process group of its own; its output is in `run.log`."""
    program = [sys.executable, "-m", "textwell.cli.main", "demo"]
    with (folder / "run.log").open("ab") as output:
        process = subprocess.Popen(
            [*program, "--people", str(PEOPLE), "--rate", str(rate)],
            env=environment(folder),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def handed_count(folder: Path) -> int:
    """What the carriers' own logs say they were handed and took."""
    logs = (folder / "demo").glob("carrier-*.log")
    return sum(
        1 for log in logs for one in read_log(log) if isinstance(one, Handed) and not one.status
    )


def verdicts(folder: Path) -> list[dict[str, Any]]:
    """Of every campaign, against the logs of all carriers; the stores must run."""
    done = subprocess.run(
        [sys.executable, str(VERDICT)],
        env=environment(folder),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def told(folder: Path) -> str:
    return (folder / "run.log").read_text(errors="replace")


def waiting(folder: Path, *, campaigns: int) -> int:
    """People of all campaigns who wait; everybody of those that are not planned yet."""
    try:
        found = verdicts(folder)
    except subprocess.CalledProcessError:  # the stores are starting
        return campaigns * PEOPLE
    missing = PEOPLE * (campaigns - len([one for one in found if one["audience"]]))
    return missing + sum(int(one["waiting"]) for one in found)


def stop_in_the_middle(folder: Path, signals: list[signal.Signals]) -> None:
    before = handed_count(folder)
    with demo(folder, rate=RATE) as process:
        is_sending = wait_until(
            lambda: handed_count(folder) > before + ENOUGH, timeout_s=START_S, every_s=0.1
        )
        assert is_sending, told(folder)[-3000:]
        for number in signals:
            os.killpg(process.pid, number)
        assert process.wait(60) == 0

    assert before + ENOUGH < handed_count(folder) < before + PEOPLE
    assert find_stores(Settings(data=folder)).dead() == ["postgres", "nats"]


def test_stops_in_mid_campaign_kill_no_role_and_the_next_start_goes_on(folder: Path) -> None:
    # GNU make passes SIGTERM on to its child, which the group's signal has reached already.
    stop_in_the_middle(folder, [signal.SIGTERM, signal.SIGTERM])
    stop_in_the_middle(folder, [signal.SIGINT])

    with demo(folder, rate=FULL_RATE) as process:
        is_over = wait_until(
            lambda: not waiting(folder, campaigns=3), timeout_s=START_S, every_s=4.0
        )
        assert is_over, told(folder)[-3000:]
        found = verdicts(folder)
        os.killpg(process.pid, signal.SIGTERM)
        assert process.wait(60) == 0

    assert [one["audience"] for one in found] == [PEOPLE] * 3
    for one in found:
        faults = [one[f"{name}_count"] for name in ("lost", "doubled", "unknown")]
        assert faults == [0, 0, 0]
        assert one["is_balanced"]
    # By its own log each text of a carrier is one of the two other campaigns'.
    assert sum(one["unrecorded_count"] for one in found) == 2 * handed_count(folder)
    assert "role killed" not in told(folder)
    assert "Traceback" not in told(folder)
