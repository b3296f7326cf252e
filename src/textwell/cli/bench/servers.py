"""HTTP servers under load: the edge and web roles, bare twins, and wrk against them."""

import asyncio
import http.client
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from textwell.core.bus import connect_bus, ensure_streams
from textwell.runtime.boot import PARENT_VARIABLE
from textwell.runtime.stores.nats import free_port

CONNECTIONS = 64
SECONDS = 5
START_S = 30.0
NO_WRK = "wrk is not installed (`apt install wrk`)"
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_COUNT = re.compile(r"(\d+) requests in")
_WRONG = re.compile(r"(Non-2xx or 3xx responses: .*|Socket errors: .*)")


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw: answers a second, and all answers."""

    rate: float
    count: int


def has_wrk() -> bool:
    return shutil.which("wrk") is not None


def make_streams() -> None:
    """What other roles do at their start."""

    async def make() -> None:
        bus = await connect_bus(name="bench")
        try:
            await ensure_streams(bus)
        finally:
            await bus.close()

    asyncio.run(make())


@contextmanager
def edge_role(port: int) -> Iterator[None]:
    """The edge role as the supervisor starts it, on a port of its own."""
    with _role("edge", TEXTWELL_EDGE_PORT=str(port)):
        yield


@contextmanager
def web_role(port: int) -> Iterator[None]:
    """The web role as the supervisor starts it, on a port of its own."""
    with _role("web", TEXTWELL_WEB_PORT=str(port)):
        yield


@contextmanager
def _role(name: str, **environment: str) -> Iterator[None]:
    program = [sys.executable, "-m", "textwell.cli.main", "run", "--role", name]
    with _running(program, TEXTWELL_METRICS_PORT=str(free_port()), **environment):
        yield


@contextmanager
def bare_server(port: int, twin: str) -> Iterator[None]:
    """A twin of `bare_edge` under the same server with the same settings."""
    program = [
        sys.executable, "-m", "granian", "--interface", "rsgi", "--http", "1", "--loop", "uvloop",
        "--workers", "1", "--no-ws", "--port", str(port), "--log-level", "warning",
        f"textwell.cli.bench.bare_edge:{twin}",
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


def wait_for_answer(
    port: int,
    method: str,
    path: str,
    status: int,
    *,
    body: str = "",
    headers: Mapping[str, str] | None = None,
) -> None:
    """Return once a server answers as it should. Raises RuntimeError after `START_S`."""
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        with closing(connection), suppress(OSError, http.client.HTTPException):
            connection.request(method, path, body or None, dict(headers or {}))
            with connection.getresponse() as answer:
                if answer.status == status:
                    return
        time.sleep(0.1)
    raise RuntimeError(f"no {status} from port {port} within {START_S:.0f} s")


def load(port: int, script: Path, faults: list[str], *, seconds: int = SECONDS) -> Load:
    """Run wrk; what it says is wrong is added to `faults`."""
    program = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script)]
    done = subprocess.run(
        [*program, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True
    )
    faults += _WRONG.findall(done.stdout)
    rate, count = _RATE.search(done.stdout), _COUNT.search(done.stdout)
    if rate is None or count is None:
        raise RuntimeError(f"wrk said nothing of its rate: {done.stdout!r}")
    return Load(float(rate[1]), int(count[1]))
