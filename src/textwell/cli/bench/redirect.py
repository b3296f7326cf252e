"""Leg `redirect`: short links under wrk, our edge against a bare 302 under the same server."""

import asyncio
import http.client
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from textwell.accounts.models import Workspace
from textwell.cli.bench.figures import LegResult
from textwell.cli.bench.pairs import run_pairs
from textwell.core.bus import connect_bus, ensure_streams
from textwell.core.settings import load_settings
from textwell.links.actions import define_links
from textwell.links.models import LinkRange
from textwell.links.tokens import make_tokens
from textwell.messaging.plan import reserve_block
from textwell.runtime.boot import PARENT_VARIABLE
from textwell.runtime.stores.nats import free_port

LINKS = 20_000
CONNECTIONS = 64
SECONDS = 5
START_S = 30.0
_TARGET = "https://shop.lotus.example/weekend"
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_WRONG = re.compile(r"(Non-2xx or 3xx responses: .*|Socket errors: .*)")
_FOUND = 302
# Every connection walks the same list; a token comes again after all the others.
_LUA = """
local paths, n = {{}}, 0
for line in io.lines("{file}") do paths[#paths + 1] = "/" .. line end
request = function() n = n % #paths + 1; return wrk.format("GET", paths[n], phone) end
phone = {{
  ["User-Agent"] = "{agent}",
  ["Accept"] = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
  ["Accept-Language"] = "vi-VN,vi;q=0.9,en;q=0.8",
  ["Accept-Encoding"] = "gzip, deflate, br",
  ["Sec-Fetch-Mode"] = "navigate",
  ["Sec-Fetch-Dest"] = "document",
}}
"""
_PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)


def run_redirect(rounds: int) -> LegResult:
    """Needs running stores; skipped, with the reason, where wrk is not installed."""
    if shutil.which("wrk") is None:
        return LegResult(leg="redirect", skipped="wrk is not installed (`apt install wrk`)")
    asyncio.run(_make_streams())
    with _links() as tokens, tempfile.TemporaryDirectory() as folder:
        script = _write_script(Path(folder), tokens)
        ours, twin = free_port(), free_port()
        with _edge(ours), _bare(twin):
            _wait_until_redirecting(ours, tokens[0])
            _wait_until_redirecting(twin, tokens[0])
            return _measure(ours, twin, script, rounds)


async def _make_streams() -> None:
    """What other roles do at their start: without its stream every click would go to the spool."""
    bus = await connect_bus(name="bench")
    try:
        await ensure_streams(bus)
    finally:
        await bus.close()


def _measure(ours: int, twin: int, script: Path, rounds: int) -> LegResult:
    faults: list[str] = []
    spooled = _spooled()
    for port in (ours, twin):
        _load(port, script, faults, seconds=1)  # warm, not counted
    pairs = run_pairs(
        lambda: _load(ours, script, faults), lambda: _load(twin, script, faults), rounds
    )
    if _spooled() - spooled:
        faults.append("the stream was away for a while: clicks went to the spool")
    return LegResult(
        leg="redirect",
        what=f"GET of {LINKS:,} short links, one worker, {CONNECTIONS} connections, {SECONDS} s",
        twin="a fixed 302 as bare RSGI under the same server: no look-up, nothing stored",
        unit="requests/s",
        pairs=pairs,
        entry="HTTP on the edge's port",
        durability="each click stored by the stream before its answer leaves",
        count=int(pairs.ours[0] * SECONDS),
        void="; ".join(faults),
    )


def _spooled() -> set[Path]:
    return set((load_settings().data_dir / "edge" / "spool").glob("*"))


@contextmanager
def _links() -> Iterator[list[str]]:
    """A range of links in a workspace of its own, gone afterwards."""
    workspace = Workspace.objects.create(name="Bench", country="VN", zone="UTC", currency="EUR")
    first, last = reserve_block(LINKS)
    try:
        define_links(
            workspace_id=workspace.id,
            campaign_id=None,
            first_message_id=first,
            last_message_id=last,
            targets=[_TARGET],
        )
        yield make_tokens(bytes(workspace.link_key), range(first, last + 1), 1)
    finally:
        LinkRange.objects.filter(workspace_id=workspace.id).delete()
        workspace.delete()


def _write_script(folder: Path, tokens: list[str]) -> Path:
    (folder / "tokens").write_text("\n".join(tokens) + "\n")
    script = folder / "links.lua"
    script.write_text(_LUA.format(file=folder / "tokens", agent=_PHONE))
    return script


@contextmanager
def _edge(port: int) -> Iterator[None]:
    """The edge role as the supervisor starts it, on a port of its own."""
    program = [sys.executable, "-m", "textwell.cli.main", "run", "--role", "edge"]
    with _running(program, TEXTWELL_EDGE_PORT=str(port), TEXTWELL_METRICS_PORT=str(free_port())):
        yield


@contextmanager
def _bare(port: int) -> Iterator[None]:
    program = [
        sys.executable, "-m", "granian", "--interface", "rsgi", "--http", "1", "--loop", "uvloop",
        "--workers", "1", "--no-ws", "--port", str(port), "--log-level", "warning",
        "textwell.cli.bench.bare_edge:application",
    ]  # fmt: skip
    with _running(program):
        yield


@contextmanager
def _running(program: list[str], **environment: str) -> Iterator[None]:
    process = subprocess.Popen(
        program,
        env=os.environ | {PARENT_VARIABLE: str(os.getpid())} | environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_redirecting(port: int, token: str) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        with suppress(OSError, http.client.HTTPException):
            connection.request("GET", f"/{token}")
            if connection.getresponse().status == _FOUND:
                return
        connection.close()
        time.sleep(0.1)
    raise RuntimeError(f"no redirect from port {port} within {START_S:.0f} s")


def _load(port: int, script: Path, faults: list[str], *, seconds: int = SECONDS) -> float:
    program = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script)]
    done = subprocess.run(
        [*program, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True
    )
    faults += _WRONG.findall(done.stdout)
    rate = _RATE.search(done.stdout)
    if rate is None:
        raise RuntimeError(f"wrk said nothing of its rate: {done.stdout!r}")
    return float(rate[1])
