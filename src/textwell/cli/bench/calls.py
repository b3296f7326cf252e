"""Calls to an HTTP server on this machine from some connections at once, each after the answer to its last.

For rates of thousands a second, at which this process costs little beside the server; what answers more is
loaded by wrk.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import uvloop

_LENGTH = b"content-length:"


@dataclass(slots=True)
class Calls:
    """What was answered within the time; `faults` by status or kind, each with its count."""

    wanted: int  # the status of a good answer
    seconds: float
    latencies_s: list[float] = field(default_factory=list)
    faults: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self.latencies_s)

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return self.count / self.seconds

    @property
    def p95_ms(self) -> float:
        """0 without an answer."""
        ordered = sorted(self.latencies_s)
        return 1000 * ordered[int(len(ordered) * 0.95)] if ordered else 0.0

    def note(self, status: int, passed_s: float) -> None:
        if status == self.wanted:
            self.latencies_s.append(passed_s)
        else:
            self.blame(f"status {status}")

    def blame(self, kind: str) -> None:
        self.faults[kind] = self.faults.get(kind, 0) + 1


async def _call_on(port: int, requests: Iterator[bytes], until: float, calls: Calls) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while (started := time.perf_counter()) < until:
            request = next(requests, b"")
            if not request:
                calls.blame("no calls left to make")
                return
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            at = head.lower().index(_LENGTH) + len(_LENGTH)
            await reader.readexactly(int(head[at : head.index(b"\r", at)]))
            calls.note(int(head[9:12]), time.perf_counter() - started)
    except (OSError, EOFError, ValueError) as error:
        calls.blame(type(error).__name__)
    finally:
        writer.close()


async def _call(
    port: int, requests: Iterator[bytes], seconds: float, connections: int, wanted: int
) -> Calls:
    calls = Calls(wanted, seconds)
    until = time.perf_counter() + seconds
    await asyncio.gather(*(_call_on(port, requests, until, calls) for _each in range(connections)))
    return calls


def make_calls(
    port: int, requests: Iterator[bytes], *, seconds: float, connections: int, wanted: int
) -> Calls:
    """Send whole requests, of HTTP/1.1 with keep-alive, for so long; every answer is waited for.

    Raises OSError where nobody listens.
    """
    return uvloop.run(_call(port, requests, seconds, connections, wanted))
