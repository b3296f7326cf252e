"""A link with delay: a proxy on this machine that holds back every octet, in both directions.

Threads and plain sockets: the timers of an event loop are a whole millisecond coarse, which is a
twentieth of the round trip that is asked for.
"""

import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue

CHUNK = 1 << 16
CONNECT_S = 5.0
SLEEPS, SLEEP_S = 15, 0.005


def measure_oversleep() -> float:
    """Seconds that a sleep of a few milliseconds takes too long on this machine, as a rule."""
    late = []
    for _ in range(SLEEPS):
        started = time.monotonic()
        time.sleep(SLEEP_S)
        late.append(time.monotonic() - started - SLEEP_S)
    return statistics.median(late)


class DelayProxy:
    """Forwards connections to a port; `delay_s` is added each way, half of the round trip."""

    def __init__(self, target_port: int, delay_s: float) -> None:
        self._target_port = target_port
        self._delay_s = delay_s - measure_oversleep()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        self.port: int = self._listener.getsockname()[1]

    def serve(self) -> None:
        """Take connections until `close`."""
        while True:
            try:
                near, _address = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._target_port), CONNECT_S)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            self._sockets += [near, far]
            for one in (near, far):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._carry(near, far)
            self._carry(far, near)

    def close(self) -> None:
        """Listen no more, and end what is open."""
        for one in (self._listener, *self._sockets):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        pieces: SimpleQueue[tuple[float, bytes]] = SimpleQueue()
        for work, end in ((self._take, source), (self._give, sink)):
            threading.Thread(target=work, args=(end, pieces), name="delay", daemon=True).start()

    def _take(self, source: socket.socket, pieces: SimpleQueue[tuple[float, bytes]]) -> None:
        while True:
            try:
                data = source.recv(CHUNK)
            except OSError:
                data = b""
            pieces.put((time.monotonic() + self._delay_s, data))
            if not data:
                return

    def _give(self, sink: socket.socket, pieces: SimpleQueue[tuple[float, bytes]]) -> None:
        """Each piece leaves `delay_s` after it came, whatever came before it: delay, not a rate."""
        while True:
            due, data = pieces.get()
            time.sleep(max(0.0, due - time.monotonic()))
            with suppress(OSError):
                if not data:
                    sink.shutdown(socket.SHUT_WR)
                    return
                sink.sendall(data)


@contextmanager
def delayed(target_port: int, round_trip_s: float) -> Iterator[int]:
    """The port of a proxy in threads of its own, for as long as the block lasts."""
    proxy = DelayProxy(target_port, round_trip_s / 2)
    thread = threading.Thread(target=proxy.serve, name="delay", daemon=True)
    thread.start()
    try:
        yield proxy.port
    finally:
        proxy.close()
        thread.join(10)
