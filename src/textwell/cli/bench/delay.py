"""A link with delay: a proxy on this machine that holds back every octet, in both directions."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvloop

CHUNK = 1 << 16


class DelayProxy:
    """Forwards connections to a port; `delay_s` is added each way, half of the round trip."""

    def __init__(self, target_port: int, delay_s: float) -> None:
        self._target_port = target_port
        self._delay_s = delay_s
        self._work: list[asyncio.Future[tuple[None, None]]] = []
        self.port = 0

    async def drain(self) -> None:
        """Return when every connection was closed by its ends."""
        await asyncio.gather(*self._work)

    async def start(self) -> asyncio.Server:
        """Listen on a free port of the loopback; `port` says which."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            theirs, ours = await asyncio.open_connection("127.0.0.1", self._target_port)
        except OSError:
            writer.close()
            return
        work = asyncio.gather(self._carry(reader, ours), self._carry(theirs, writer))
        self._work.append(work)
        await work

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Each piece leaves `delay_s` after it came, whatever came before it: delay, not a rate."""
        loop = asyncio.get_running_loop()
        while data := await _read(reader):
            loop.call_later(self._delay_s, _write, writer, data)
        await asyncio.sleep(self._delay_s)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(CHUNK)
    except OSError:
        return b""


def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
    if not writer.is_closing():
        writer.write(data)


@contextmanager
def delayed(target_port: int, round_trip_s: float) -> Iterator[int]:
    """The port of a proxy in a thread of its own, for as long as the block lasts."""
    proxy = DelayProxy(target_port, round_trip_s / 2)
    is_ready, stop = threading.Event(), threading.Event()

    async def serve() -> None:
        server = await proxy.start()
        is_ready.set()
        await asyncio.to_thread(stop.wait)
        server.close()

    thread = threading.Thread(target=lambda: uvloop.run(serve()), name="delay", daemon=True)
    thread.start()
    is_ready.wait(10)
    try:
        yield proxy.port
    finally:
        stop.set()
        thread.join(10)
