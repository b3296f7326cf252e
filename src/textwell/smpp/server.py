"""The SMSC side: accepts binds, hands requests to a handler in batches, pushes deliver_sm."""

from __future__ import annotations

import asyncio
import inspect
import ssl
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from textwell.smpp.commands import Status
from textwell.smpp.connection import Connection
from textwell.smpp.errors import ConnectionFailed
from textwell.smpp.events import (
    BindRequested,
    Event,
    Malformed,
    Outcome,
    Outcomes,
    Requests,
    Responses,
    StateChanged,
)
from textwell.smpp.pdu import Pdu
from textwell.smpp.replies import knows_tlvs
from textwell.smpp.session_config import SessionConfig
from textwell.smpp.states import Side, State

Answer = tuple[int, int, str]
"""(sequence of the request, status, message_id)."""


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """Where to listen (port 0: any free one) and how to treat sessions.

    `session.window` bounds the deliver_sm in flight to one ESME.
    """

    host: str = "127.0.0.1"
    port: int = 0
    system_id: str = "textwell"
    tls: ssl.SSLContext | None = None
    session: SessionConfig = field(default_factory=SessionConfig)
    stop_timeout_s: float = 5.0


class ServerSession:
    """One ESME connected to the server. `note` is the owner's own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.bind: Pdu | None = None
        self.note: Any = None  # Any: whatever the owner wants to keep with the session

    @property
    def system_id(self) -> str:
        """The ESME's system_id, empty before its bind."""
        return str(self.bind.fields["system_id"]) if self.bind else ""

    @property
    def state(self) -> State:
        return self._connection.session.state

    @property
    def can_receive(self) -> bool:
        """Bound as receiver or transceiver."""
        return self.state in {State.BOUND_RX, State.BOUND_TRX}

    @property
    def takes_tlvs(self) -> bool:
        """Whether TLVs may be sent: the ESME bound as 3.4 or later."""
        return self.bind is not None and knows_tlvs(self.bind)

    @property
    def peer(self) -> str:
        return self._connection.peer

    @property
    def room(self) -> int:
        """deliver_sm that `deliver_batch` would take now; 0 for a transmitter."""
        return self._connection.room

    def deliver_batch(self, messages: Iterable[tuple[object, bytes]]) -> int:
        """Write deliver_sm in one write; how many were taken, at most `room`.

        Each is (token, body after the header, see SubmitTemplate). Answers come by `on_outcomes`.
        """
        return self._connection.send_batch(messages)

    async def wait_for_room(self, least: int = 1) -> int:
        """Wait until `least` deliver_sm may be sent; the room, 0 once the session is gone."""
        return await self._connection.wait_for_room(least)

    async def request(self, pdu: Pdu) -> Pdu | None:
        """Send any request of an SMSC (data_sm, deliver_sm…); its response, None if none came.

        For requests without response (alert_notification) see `notify`.
        """
        answer: asyncio.Future[Pdu | None] = asyncio.get_running_loop().create_future()
        self._connection.send(pdu, answer)
        return await answer

    def notify(self, pdu: Pdu) -> None:
        """Send alert_notification, which has no response."""
        self._connection.send(pdu, None)

    def answer(self, answers: Iterable[Answer]) -> int:
        """Answer requests, now or later, in one write; how many were still open."""
        return self._connection.answer(answers)

    def answer_with(self, sequence: int, *, status: int = 0, **parameters: Any) -> bool:
        """Answer one request with parameters of its response by name (and `tlvs`)."""
        done = self._connection.session.answer_with(sequence, status=status, **parameters)
        self._connection.flush()
        return done

    def forget(self, sequences: Iterable[int]) -> None:
        """Never answer these requests."""
        self._connection.session.forget(sequences)

    def unbind(self) -> None:
        """End the session in a friendly way."""
        self._connection.unbind()

    def pause_reading(self) -> None:
        """Leave what the ESME sends unread until `resume_reading`: a half-open connection."""
        self._connection.pause_reading()

    def resume_reading(self) -> None:
        """Read again what came meanwhile."""
        self._connection.resume_reading()

    def drop(self) -> None:
        """Cut the connection without a word."""
        self._connection.abort()


def _ignore(*_: object) -> None:
    """Stands for a handler that nobody gave."""


class Server:
    """Accepts ESMEs.

    `authenticate(bind_pdu)` gives the status of the bind's answer (0 accepts), at once or as an
    awaitable. `on_requests(session, pdus)` gets what one read brought and returns answers, or None
    to answer later with `session.answer`. What it returns is written at once, in one write; what
    it leaves out stays open. Also `on_outcomes(session, outcomes)` for deliver_sm of ours,
    `on_state(session, state)`, `on_malformed(session, event)`.
    """

    def __init__(
        self,
        config: ServerConfig,
        *,
        authenticate: Callable[[Pdu], int | Awaitable[int]],
        on_requests: Callable[[ServerSession, list[Pdu]], Iterable[Answer] | None],
        on_outcomes: Callable[[ServerSession, list[Outcome]], None] = _ignore,
        on_state: Callable[[ServerSession, State], None] = _ignore,
        on_malformed: Callable[[ServerSession, Malformed], None] = _ignore,
    ) -> None:
        self.config = config
        self.sessions: set[ServerSession] = set()
        self._authenticate = authenticate
        self._on_requests = on_requests
        self._on_outcomes = on_outcomes
        self._on_state = on_state
        self._on_malformed = on_malformed
        self._by_connection: dict[Connection, ServerSession] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port that is listened on."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def start(self) -> None:
        """Listen. Raises OSError if the address is taken."""
        config = self.config
        self._server = await asyncio.get_running_loop().create_server(
            self._make_connection, config.host, config.port, ssl=config.tls
        )

    async def stop(self) -> None:
        """Listen no more, unbind every session and wait for the ends. Calling twice is safe."""
        if self._server is not None:
            self._server.close()
        connections = list(self._by_connection)
        for connection in connections:
            connection.unbind()
        ends = [connection.closed for connection in connections]
        if ends:
            _, late = await asyncio.wait(ends, timeout=self.config.stop_timeout_s)
            for connection in connections if late else ():
                connection.abort()
            await asyncio.wait(ends)
        for task in list(self._tasks):
            task.cancel()

    async def outbind(
        self,
        *,
        host: str,
        port: int,
        system_id: str,
        password: str = "",
        tls: ssl.SSLContext | None = None,
        timeout_s: float = 10.0,
    ) -> ServerSession:
        """Connect to an ESME that listens and ask it to bind; its bind comes as any other.

        Raises ConnectionFailed: nobody listens, no such host, or no connection within `timeout_s`.
        """
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout_s):
                _, connection = await loop.create_connection(
                    self._make_connection, host, port, ssl=tls
                )
        except TimeoutError as error:
            raise ConnectionFailed(f"{host}:{port}: no connection in {timeout_s:g} s") from error
        except (OSError, UnicodeError, OverflowError) as error:
            raise ConnectionFailed(f"{host}:{port}: {error}") from error
        connection.session.outbind(system_id=system_id, password=password, now=loop.time())
        connection.flush()
        return self._by_connection[connection]

    def _make_connection(self) -> Connection:
        return Connection(Side.SMSC, self.config.session, self._take)

    def _take(self, connection: Connection, event: Event) -> None:
        session = self._by_connection.get(connection)
        if session is None:
            # The first event of a connection tells that it is open (after TLS, where that is on).
            session = self._by_connection[connection] = ServerSession(connection)
            self.sessions.add(session)
        if isinstance(event, Requests):
            answers = self._on_requests(session, event.pdus)
            if answers is not None:
                connection.session.answer(answers)  # flushed once, after all events of the read
        elif isinstance(event, Outcomes):
            self._on_outcomes(session, event.outcomes)
        elif isinstance(event, Responses):
            _resolve(event)
        elif isinstance(event, BindRequested):
            self._take_bind(connection, session, event.pdu)
        elif isinstance(event, StateChanged):
            self._take_state(connection, session, event.state)
        elif isinstance(event, Malformed):
            self._on_malformed(session, event)

    def _take_bind(self, connection: Connection, session: ServerSession, pdu: Pdu) -> None:
        verdict = self._authenticate(pdu)
        if not inspect.isawaitable(verdict):
            self._answer_bind(connection, session, pdu, verdict)
            return
        task = asyncio.ensure_future(self._decide_later(connection, session, pdu, verdict))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _decide_later(
        self,
        connection: Connection,
        session: ServerSession,
        pdu: Pdu,
        verdict: Awaitable[int],
    ) -> None:
        try:
            status = await verdict
        except Exception:
            self._answer_bind(connection, session, pdu, Status.ESME_RSYSERR)
            raise
        self._answer_bind(connection, session, pdu, status)

    def _answer_bind(
        self, connection: Connection, session: ServerSession, pdu: Pdu, status: int
    ) -> None:
        if connection.is_over:
            return
        if status == Status.ESME_ROK:
            session.bind = pdu
        events = connection.session.answer_bind(pdu, status=status, system_id=self.config.system_id)
        connection.dispatch(events)

    def _take_state(self, connection: Connection, session: ServerSession, state: State) -> None:
        if state is State.CLOSED:
            self._by_connection.pop(connection, None)
            self.sessions.discard(session)
        self._on_state(session, state)


def _resolve(event: Responses) -> None:
    for token, pdu in event.responses:
        if isinstance(token, asyncio.Future) and not token.done():
            token.set_result(pdu)
