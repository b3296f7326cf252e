"""The ESME: binds, keeps bound, submits in batches, hands on what arrives in batches."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import ssl
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from textwell.smpp.backoff import Backoff
from textwell.smpp.client_config import ClientConfig
from textwell.smpp.commands import THROTTLING, Command, Status
from textwell.smpp.connection import Connection
from textwell.smpp.deliver_batch import DeliverBatch
from textwell.smpp.errors import (
    BindRefused,
    ConnectionFailed,
    EncodeError,
    NotBound,
    SmppError,
    WrongPeer,
)
from textwell.smpp.events import (
    NOT_SENT,
    UNKNOWN,
    BindAnswered,
    Event,
    Malformed,
    Outcome,
    Outcomes,
    Requests,
    Responses,
    StateChanged,
)
from textwell.smpp.pdu import Pdu
from textwell.smpp.states import Side, State

__all__ = ["Client", "ClientConfig", "DeliverBatch"]


def _ignore(*_: object) -> None:
    """Stands for a handler that nobody gave."""


class Client:
    """One bind to an SMSC.

    Handlers are called in the loop's thread, must be quick and must not block:
    `on_outcomes(outcomes)` and `on_late(outcomes)` with lists of (token, status, message_id);
    `on_deliver(batch)`; `on_state(state)`; `on_trouble(error)` for failed connections, refused
    binds and malformed PDUs (as SmppError). Without `on_deliver`, what arrives is answered with
    ESME_RX_T_APPN, so that the SMSC keeps it.
    """

    def __init__(
        self,
        config: ClientConfig,
        *,
        on_outcomes: Callable[[list[Outcome]], None] = _ignore,
        on_late: Callable[[list[Outcome]], None] = _ignore,
        on_deliver: Callable[[DeliverBatch], None] | None = None,
        on_state: Callable[[State], None] = _ignore,
        on_trouble: Callable[[SmppError], None] = _ignore,
        rng: random.Random | None = None,
    ) -> None:
        self.config = config
        self._on_outcomes = on_outcomes
        self._on_late = on_late
        self._on_deliver = on_deliver
        self._on_state = on_state
        self._on_trouble = on_trouble
        rng = rng or random.Random()  # noqa: S311 - jitter, no secret
        self._reconnect = Backoff(config.reconnect_backoff, rng)
        self._throttle = Backoff(config.throttle_backoff, rng)
        self._connection: Connection | None = None
        self._bind_answer: asyncio.Future[BindAnswered] | None = None
        self._bound = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._is_closing = False
        self.suggested_pause_s = 0.0
        """Seconds to send nothing after throttling answers; 0 after an accepted message."""
        self._paused_until = 0.0  # loop time

    # -- connection ------------------------------------------------------------------------

    @property
    def state(self) -> State:
        return self._connection.session.state if self._connection else State.CLOSED

    @property
    def is_bound(self) -> bool:
        return self.state.is_bound

    async def connect(self) -> None:
        """Connect and bind once; then keep bound in the background if so configured.

        Raises ConnectionFailed or BindRefused, and does not try again then.
        """
        self._is_closing = False
        await self._attempt()
        if self.config.reconnect and self._keeper is None:
            self._keeper = asyncio.create_task(self._keep(), name="smpp-keep-bound")

    def start(self) -> None:
        """Connect and stay bound in the background, however often it fails; see `on_trouble`."""
        self._is_closing = False
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep(), name="smpp-keep-bound")

    async def wait_bound(self, timeout_s: float | None = None) -> bool:
        """Wait until bound; False if that takes longer than `timeout_s`."""
        try:
            await asyncio.wait_for(self._bound.wait(), timeout_s)
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        """Unbind, wait for the answer, close. Calling twice is safe.

        Answers still due when it is called may still arrive; what has none is UNKNOWN after.
        """
        self._is_closing = True
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None
        if self._connection is not None:
            self._connection.unbind()
            await self._end(self._connection)
        self._bound.set()  # whoever waits for a bind or for room learns that there is none
        self._bound.clear()

    def drop(self) -> None:
        """Cut the connection without unbinding; what is in flight becomes UNKNOWN."""
        if self._connection is not None:
            self._connection.abort()

    async def _end(self, connection: Connection) -> None:
        try:
            await asyncio.wait_for(asyncio.shield(connection.closed), self.config.close_timeout_s)
        except TimeoutError:
            connection.abort()
            await connection.closed

    async def _keep(self) -> None:
        while not self._is_closing:
            connection = self._connection
            if connection is not None and connection.session.state.is_bound:
                self._reconnect.reset()
                await asyncio.shield(connection.closed)
                await asyncio.sleep(self._reconnect.next_delay_s())
            try:
                await self._attempt()
            except SmppError as error:
                self._on_trouble(error)
                await asyncio.sleep(self._reconnect.next_delay_s())

    async def _attempt(self) -> None:
        await self.bind_over(await self._open())

    async def bind_over(self, connection: Connection) -> None:
        """Bind on a connection that is open already, as after an outbind.

        Raises ConnectionFailed or BindRefused, or EncodeError where a value fits no bind.
        """
        config = self.config
        self._connection = connection
        self._bind_answer = asyncio.get_running_loop().create_future()
        try:
            connection.session.bind(
                config.bind,
                now=asyncio.get_running_loop().time(),
                system_id=config.system_id,
                password=config.password,
                system_type=config.system_type,
                interface_version=config.interface_version,
                addr_ton=config.addr_ton,
                addr_npi=config.addr_npi,
                address_range=config.address_range,
            )
        except EncodeError:
            connection.abort()
            raise
        connection.flush()
        await self._await_bind(connection, self._bind_answer)

    async def _await_bind(
        self, connection: Connection, answer: asyncio.Future[BindAnswered]
    ) -> None:
        try:
            await asyncio.wait((answer, connection.closed), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            connection.abort()
            raise
        if not answer.done():
            # TLS 1.3: a client's certificate is judged after the handshake is over for the client.
            cause = connection.loss if isinstance(connection.loss, ssl.SSLError) else None
            raise ConnectionFailed(
                "the connection was lost before the bind was answered"
            ) from cause
        if answer.result().status != Status.ESME_ROK:
            connection.abort()
            await connection.closed
            raise BindRefused(answer.result().status)
        wanted = self.config.peer_system_id
        if wanted and answer.result().system_id != wanted:
            connection.abort()
            await connection.closed
            raise WrongPeer(f"the SMSC calls itself {answer.result().system_id!r}")

    async def _open(self) -> Connection:
        config = self.config
        try:
            _, connection = await asyncio.wait_for(self._connect(), config.connect_timeout_s)
        except (OSError, UnicodeError, OverflowError) as error:  # no name of a host, no port
            raise ConnectionFailed(f"{config.host}:{config.port}: {error or 'timeout'}") from error
        return connection

    async def _connect(self) -> tuple[asyncio.Transport, Connection]:
        config = self.config
        loop = asyncio.get_running_loop()
        place: dict[str, Any] = {"host": config.host, "port": config.port}
        if config.check_address is not None:
            place = {"sock": await self._open_checked(config.check_address)}
        return await loop.create_connection(
            lambda: Connection(Side.ESME, config.session, self.take),
            **place,
            ssl=config.tls,
            server_hostname=(config.tls_hostname or config.host) if config.tls else None,
        )

    async def _open_checked(self, check: Callable[[tuple[Any, ...]], None]) -> socket.socket:
        """Resolve once, and connect to the very address that was checked. Raises OSError."""
        loop = asyncio.get_running_loop()
        config = self.config
        found = await loop.getaddrinfo(config.host, config.port, type=socket.SOCK_STREAM)
        trouble: OSError = OSError("no address")
        for family, kind, protocol, _name, address in found:
            try:
                check(address)
            except OSError as error:
                trouble = error
                continue
            sock = socket.socket(family, kind, protocol)
            try:
                sock.setblocking(False)
                await loop.sock_connect(sock, address)
            except OSError as error:
                sock.close()
                trouble = error
            except BaseException:
                sock.close()
                raise
            else:
                return sock
        raise trouble

    # -- sending ---------------------------------------------------------------------------

    @property
    def room(self) -> int:
        """Messages that `submit_batch` would take now; 0 while not bound."""
        return self._connection.room if self._connection else 0

    @property
    def in_flight(self) -> int:
        """Requests without an answer yet."""
        return len(self._connection.session.pending) if self._connection else 0

    async def wait_for_room(self, least: int = 1) -> int:
        """Wait until `least` messages may be submitted (through reconnections); the room.

        0 once the client is closed, or the connection is lost and not to be made again.
        """
        while not self._is_closing:
            connection = self._connection
            if connection is not None and connection.session.state.is_bound:
                if room := await connection.wait_for_room(least):
                    return room
                await asyncio.shield(connection.closed)
            elif self._keeper is None:
                return 0
            else:
                await self._bound.wait()
        return 0

    def submit_batch(self, messages: Iterable[tuple[object, bytes]]) -> int:
        """Write submit_sm in one write; how many were taken, from the front, at most `room`.

        Each message is (token, body): any token of the caller's, and the octets after the header,
        as `SubmitTemplate.body` or `encode_body` make them. Every one taken comes back exactly once
        in `on_outcomes`; what is not taken was not sent.
        """
        return self._connection.send_batch(messages) if self._connection else 0

    async def submit_all(self, messages: Sequence[tuple[object, bytes]]) -> int:
        """Submit all, waiting for room; how many were taken.

        What could not be sent, since the client was closed, is reported as NOT_SENT.
        """
        done = 0
        while done < len(messages) and await self.wait_for_room():
            done += self.submit_batch(messages[done : done + self.room])
        if left := messages[done:]:
            self._on_outcomes([(token, NOT_SENT, "") for token, _ in left])
        return done

    async def submit(self, *, tlvs: dict[str, Any] | None = None, **fields: Any) -> Outcome:
        """Submit one message by published names; its outcome, with None as token.

        For single use: it costs a future. NOT_SENT if not bound, UNKNOWN if no answer came.
        """
        try:
            answer = await self.request(Pdu(Command.submit_sm, fields=fields, tlvs=tlvs or {}))
        except NotBound:
            return (None, NOT_SENT, "")
        if answer is None:
            return (None, UNKNOWN, "")
        return (None, answer.status, answer.fields.get("message_id", ""))

    async def request(self, pdu: Pdu) -> Pdu | None:
        """Send any request (query_sm, cancel_sm, submit_multi…); its response, None if none came.

        Raises NotBound or EncodeError, nothing was sent then.
        """
        if self._connection is None:
            raise NotBound("not connected")
        answer: asyncio.Future[Pdu | None] = asyncio.get_running_loop().create_future()
        self._connection.send(pdu, answer)
        return await answer

    # -- receiving -------------------------------------------------------------------------

    def take(self, connection: Connection, event: Event) -> None:
        """Act on an event of a connection of this client's; for who makes connections for it."""
        if isinstance(event, Outcomes):
            self._take_outcomes(event)
        elif isinstance(event, Requests):
            self._take_requests(connection, event)
        elif isinstance(event, Responses):
            _resolve(event)
        elif isinstance(event, Malformed):
            self._on_trouble(SmppError(str(event)))
        elif connection is self._connection:
            self._take_state(event)

    def _take_outcomes(self, event: Outcomes) -> None:
        if event.late:
            self._on_late(event.outcomes)
            return
        statuses = {outcome[1] for outcome in event.outcomes}
        if not statuses.isdisjoint(THROTTLING):
            self._slow_down()
        elif Status.ESME_ROK in statuses:
            self._throttle.reset()
            self.suggested_pause_s = 0.0
        self._on_outcomes(event.outcomes)

    def _slow_down(self) -> None:
        """One pause for all refusals of what was on its way: only the next try makes it longer."""
        at = asyncio.get_running_loop().time()
        if at >= self._paused_until:
            self.suggested_pause_s = self._throttle.next_pause_s()
            self._paused_until = at + self.suggested_pause_s

    def _take_requests(self, connection: Connection, event: Requests) -> None:
        batch = DeliverBatch(event.pdus, connection)
        if self._on_deliver is None:
            batch.reject(Status.ESME_RX_T_APPN)
        else:
            self._on_deliver(batch)

    def _take_state(self, event: Event) -> None:
        if isinstance(event, BindAnswered):
            if self._bind_answer is not None and not self._bind_answer.done():
                self._bind_answer.set_result(event)
        elif isinstance(event, StateChanged):
            if event.state.is_bound:
                self._bound.set()
            else:
                self._bound.clear()
            self._on_state(event.state)


def _resolve(event: Responses) -> None:
    for token, pdu in event.responses:
        if isinstance(token, asyncio.Future) and not token.done():
            token.set_result(pdu)
