"""The peer of `send`: Kannel, where `bearerbox` and `smsbox` are on the path.

Both run from a written configuration in a folder of their own, on the loopback only. Texts go in as
Kannel's users send them, by HTTP; a text counts when the carrier's log has it. Receipts are not
asked for, which flatters Kannel.
"""

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop

from textwell.runtime.stores.nats import free_port

CONNECTIONS = 32
WINDOW = 1_000
START_S = 20.0
PATIENCE_S = 120.0
LOOK_S = 0.05
SHORT = 10  # times fewer messages: it is given as many seconds, not as many texts

_CONF = """
group = core
admin-port = {admin}
admin-password = bench
admin-interface = 127.0.0.1
smsbox-port = {inner}
smsbox-interface = 127.0.0.1
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
store-type = spool
store-location = "{folder}/spool"
dlr-storage = internal
log-file = "{folder}/bearerbox.log"
log-level = 4

group = smsc
smsc = smpp
smsc-id = carrier
host = 127.0.0.1
port = {carrier}
transceiver-mode = true
smsc-username = kannel
smsc-password = kannel
system-type = ""
max-pending-submits = {window}

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {door}
sendsms-interface = 127.0.0.1
log-file = "{folder}/smsbox.log"
log-level = 4

group = sendsms-user
username = bench
password = bench
"""


def has_kannel() -> bool:
    return shutil.which("bearerbox") is not None and shutil.which("smsbox") is not None


class Taken:
    """How many messages the carrier's log has since this was made; reads only what was added."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._position = log.stat().st_size if log.exists() else 0
        self.count = 0

    def look(self) -> int:
        with self._log.open("rb") as lines:
            lines.seek(self._position)
            added = lines.read()
        whole = added[: added.rfind(b"\n") + 1]
        self._position += len(whole)
        self.count += sum(line.startswith(b"H\t") for line in whole.splitlines())
        return self.count


@contextmanager
def _running(carrier_port: int) -> Iterator[int]:
    """The sendsms port of a running Kannel that is bound to the carrier."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "spool").mkdir()
        ports = {key: free_port() for key in ("admin", "inner", "door")}
        conf = folder / "kannel.conf"
        conf.write_text(_CONF.format(folder=folder, carrier=carrier_port, window=WINDOW, **ports))
        boxes: list[subprocess.Popen[bytes]] = []
        try:
            for program in ("bearerbox", "smsbox"):
                boxes.append(
                    subprocess.Popen(
                        [str(shutil.which(program)), "-v", "4", str(conf)],
                        stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL,
                    )
                )
                time.sleep(1)  # the second looks for the first once and gives up
            yield ports["door"]
        finally:
            for box in reversed(boxes):
                box.terminate()
            for box in boxes:
                with suppress(subprocess.TimeoutExpired):
                    box.wait(10)
                box.kill()


async def _post(port: int, numbers: Iterator[int], run: int) -> int:
    """Send texts over one kept connection until there are none left; answers the refused ones."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    refused = 0
    for number in numbers:
        to = f"8491{number * 7919 % 10_000_000:07d}"
        text = f"Lotus+{run}:+your+{number}+points+are+worth+20%25+off+until+Sunday."
        target = f"/cgi-bin/sendsms?username=bench&password=bench&from=LOTUS&to={to}&text={text}"
        writer.write(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        refused += b" 202 " not in head.split(b"\r\n")[0]
    writer.close()
    return refused


async def _load(port: int, people: int, run: int) -> int:
    numbers = iter(range(people))
    return sum(await asyncio.gather(*(_post(port, numbers, run) for _ in range(CONNECTIONS))))


def exchange_kannel(carrier_port: int, people: int, *, log: Path) -> tuple[float, str]:
    """Messages a second as the carrier took them, and what went wrong ('' if nothing)."""
    with _running(carrier_port) as door:
        _wait_open(door)
        taken = Taken(log)
        started = time.perf_counter()
        refused = uvloop.run(_load(door, people, time.time_ns()))
        until = time.monotonic() + PATIENCE_S
        while taken.look() < people - refused and time.monotonic() < until:
            time.sleep(LOOK_S)
        rate = taken.count / (time.perf_counter() - started)
    fault = f"Kannel: {taken.count:,} taken of {people:,}" if taken.count < people else ""
    return rate, fault


def _wait_open(port: int) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.1)
