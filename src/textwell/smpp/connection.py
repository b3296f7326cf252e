"""The asyncio shell of one session: sockets, one timer, one write a batch. No protocol rules."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterable
from typing import Final, cast

from textwell.smpp.events import Event, MustClose, StateChanged
from textwell.smpp.pdu import Pdu
from textwell.smpp.session import Session
from textwell.smpp.session_config import SessionConfig
from textwell.smpp.states import Side, State

_SLOWEST_TICK_S: Final = 1.0
_FASTEST_TICK_S: Final = 0.01
_CLOSE_GRACE_S: Final = 5.0
_SLICE: Final = 4096  # octets
_MOST_SLICES: Final = 8
_MOST_UNREAD: Final = 4 * 1024 * 1024  # octets; answers to a whole window are a tenth of it


class Connection(asyncio.Protocol):
    """Feeds a Session from a transport and hands its events to `on_event`, one after another.

    An exception in `on_event` goes to the loop's exception handler; the connection stays.
    """

    def __init__(
        self, side: Side, config: SessionConfig, on_event: Callable[[Connection, Event], None]
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._on_event = on_event
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._room_waiters: list[asyncio.Future[None]] = []
        self._tick_s = min(_SLOWEST_TICK_S, max(_FASTEST_TICK_S, config.shortest_timer_s() / 4))
        self._is_paused = False
        self._is_held = False  # reading, by the owner
        self._is_braked = False  # reading, because the peer reads none of our answers
        self.loss: Exception | None = None  # what ended the connection, where that was an error
        self.closed: asyncio.Future[None] = self._loop.create_future()
        self.session = Session(side, config, now=self._loop.time())

    # -- asyncio calls ---------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports keep to asyncio.Transport without being registered as one.
        self._transport = cast("asyncio.Transport", transport)
        sock = transport.get_extra_info("socket")
        if sock is not None and sock.family in {socket.AF_INET, socket.AF_INET6}:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._timer = self._loop.call_later(self._tick_s, self._tick)
        self._tell(StateChanged(State.OPEN))

    def data_received(self, data: bytes) -> None:
        now = self._loop.time()
        if len(data) <= _SLICE:
            self._act(self.session.receive_data(data, now=now))
        else:
            self._take_in_slices(data, now)
        if self._is_paused:
            self._brake()

    def _take_in_slices(self, data: bytes, now: float) -> None:
        # A long read goes in slices, so that the first answers leave before the last are read:
        # with a full window over a long line, that time would be added to every round trip.
        step = max(_SLICE, len(data) // _MOST_SLICES)
        for start in range(0, len(data), step):
            self._act(self.session.receive_data(data[start : start + step], now=now))

    def connection_lost(self, exc: Exception | None) -> None:
        self.loss = exc
        if self._timer:
            self._timer.cancel()
        self._act(self.session.connection_lost())
        self._transport = None
        self._wake(always=True)
        if not self.closed.done():
            self.closed.set_result(None)

    def pause_writing(self) -> None:
        self._is_paused = True

    def resume_writing(self) -> None:
        self._is_paused = False
        if self._is_braked:
            self._is_braked = False
            if not self._is_held:
                self._read_on()
        self._wake()

    def _brake(self) -> None:
        """Read no more requests of a peer that leaves our answers to pile up in memory.

        The limit is far above what an honest peer leaves unread, so that two ends that fill their
        windows at once never wait for each other.
        """
        transport = self._transport
        if transport is not None and transport.get_write_buffer_size() > _MOST_UNREAD:
            self._is_braked = True
            transport.pause_reading()

    def _read_on(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    # -- the owner calls -------------------------------------------------------------------

    @property
    def peer(self) -> str:
        """Address of the other end, for people."""
        name = self._transport.get_extra_info("peername") if self._transport else None
        return f"{name[0]}:{name[1]}" if isinstance(name, tuple) else ""

    @property
    def room(self) -> int:
        """Messages that `send_batch` would take now."""
        if self._is_paused or self._transport is None or self._transport.is_closing():
            return 0
        return self.session.room

    def send_batch(self, messages: Iterable[tuple[object, bytes]]) -> int:
        """Write as many of the messages as there is room for, in one write; how many."""
        if not self.room:
            return 0
        taken = self.session.request_batch(messages, now=self._loop.time())
        self.flush()
        return taken

    def send(self, pdu: Pdu, token: object) -> int:
        """Write one request; see `Session.request`."""
        sequence = self.session.request(pdu, token, now=self._loop.time())
        self.flush()
        return sequence

    def answer(self, answers: Iterable[tuple[int, int, str]]) -> int:
        """Write answers in one write; see `Session.answer`."""
        count = self.session.answer(answers)
        self.flush()
        return count

    async def wait_for_room(self, least: int = 1) -> int:
        """Wait until `least` messages may be sent; the room, or 0 once the connection is gone."""
        least = min(least, self.session.config.window)
        while self.room < least and not self.is_over:
            waiter = self._loop.create_future()
            self._room_waiters.append(waiter)
            await waiter
        return 0 if self.is_over else self.room

    @property
    def is_over(self) -> bool:
        """No further message can leave on this connection."""
        return self._transport is None or self.session.is_over

    def flush(self) -> None:
        """Write what the session has ready."""
        data = self.session.data_to_send()
        if data and self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def unbind(self) -> None:
        """Start a friendly end; `closed` is done when it is over. Calling twice is safe."""
        self.session.unbind(now=self._loop.time())
        self.flush()
        if not self.session.state.is_bound:
            self._close()

    def pause_reading(self) -> None:
        """Leave what the peer sends unread, as a dead peer would; its octets are not lost."""
        self._is_held = True
        if self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Read again. Without an earlier `pause_reading` nothing happens."""
        self._is_held = False
        if not self._is_braked:
            self._read_on()

    def abort(self) -> None:
        """Drop the connection without a word; octets not yet written are lost."""
        if self._transport is not None:
            self._transport.abort()

    def dispatch(self, events: list[Event]) -> None:
        """Act on events that a call to the session returned."""
        self._act(events)

    # -- inside ----------------------------------------------------------------------------

    def _act(self, events: list[Event]) -> None:
        must_close = any(isinstance(event, MustClose) for event in events)
        if must_close:
            self.flush()  # the nack: an owner who learns of the end may drop the connection
        for event in events:
            self._tell(event)
        self.flush()
        if must_close:
            self._close()
        if self._room_waiters:
            self._wake()

    def _tell(self, event: Event) -> None:
        try:
            self._on_event(self, event)
        except Exception as error:  # noqa: BLE001 - a caller's mistake must not end the session
            self._loop.call_exception_handler(
                {"message": "SMPP event handler failed", "exception": error, "protocol": self}
            )

    def _tick(self) -> None:
        self._timer = self._loop.call_later(self._tick_s, self._tick)
        self._act(self.session.on_time(self._loop.time()))

    def _close(self) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        self._transport.close()
        # A peer that does not read would hold the last octets, and so the socket, for ever.
        self._loop.call_later(_CLOSE_GRACE_S, self.abort)

    def _wake(self, *, always: bool = False) -> None:
        if not always and not self.room and not self.is_over:
            return
        waiters, self._room_waiters = self._room_waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)
