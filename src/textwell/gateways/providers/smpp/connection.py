"""One gateway's binds: batches out, answers, receipts and texts in.

Nothing is allocated per message but its body and its answer. A message of several parts has one
answer: see `long.py`.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import structlog

from textwell.gateways.failures import ACCOUNT_REFUSALS, FailureClass
from textwell.gateways.providers.base import (
    Accepted,
    Answer,
    Asked,
    GatewayRefused,
    GatewaySpec,
    GatewayUnreachable,
    Handlers,
    Handoff,
    NotSent,
    Receipt,
    Refused,
    Rejected,
    TakesLateAnswers,
    Throttled,
    Unknown,
)
from textwell.gateways.providers.smpp.incoming import Reader
from textwell.gateways.providers.smpp.intake import Intake
from textwell.gateways.providers.smpp.long import LongMessage
from textwell.gateways.providers.smpp.outgoing import Bodies, source_of
from textwell.gateways.providers.smpp.settings import SmppSettings
from textwell.gateways.providers.smpp.tls import describe_handshake
from textwell.gateways.providers.smpp.troubles import (
    describe_failure,
    describe_refusal,
    find_refusal,
)
from textwell.gateways.wall import BOX_NAME, check_address
from textwell.smpp.client import Client, ClientConfig
from textwell.smpp.commands import THROTTLING, Command, status_name
from textwell.smpp.errors import BindRefused, ConnectionFailed, EncodeError, NotBound, SmppError
from textwell.smpp.events import NOT_SENT, UNKNOWN, Outcome
from textwell.smpp.message_ids import IdSource, id_key
from textwell.smpp.pdu import Pdu
from textwell.smpp.session_config import SessionConfig
from textwell.smpp.states import State

log = structlog.get_logger()

_BAD_FIELDS: Final = {
    "source_addr": FailureClass.SENDER_NOT_ALLOWED,
    "destination_addr": FailureClass.INVALID_NUMBER,
    "parts": FailureClass.TOO_LONG,
}
_LEAST_PAUSE_S: Final = 0.1
_BIND_TIMEOUT_S: Final = 10.0
_QUEUE_LOOK_S: Final = 0.001

Token = int | tuple[LongMessage, int]
Item = tuple[Token, bytes]


class SmppConnection:
    """See `providers.base.Connection`."""

    def __init__(
        self, spec: GatewaySpec, handlers: Handlers, classify: Callable[[str], FailureClass]
    ) -> None:
        self._spec = spec
        self._settings = SmppSettings.read(spec.settings)
        self._handlers = handlers
        self._classify = classify
        self._bodies = Bodies(self._settings)
        self._reader = Reader(self._settings, classify)
        self._intake = Intake(self._reader, handlers)
        self._clients: list[Client] = []
        self._queue: deque[Item] = deque()  # beyond the window: parts of long messages, mostly
        self._is_up = False
        self._down_reason = ""

    # -- link ------------------------------------------------------------------------------

    async def open(self) -> None:
        if self._is_up:
            return
        await self._drop_clients()
        try:
            for bind in self._settings.binds():
                client = self._make_client(bind)
                self._clients.append(client)
                await client.connect()
        except BindRefused as error:
            await self._drop_clients()
            refusal = find_refusal(error)
            if refusal is not None:
                raise GatewayRefused(refusal) from error
            raise GatewayUnreachable(describe_refusal(error)) from error
        except ConnectionFailed as error:
            await self._drop_clients()
            raise GatewayUnreachable(self._describe(error)) from error
        self._is_up = True
        self._intake.start()
        self._handlers.on_link(True, "")

    def _describe(self, error: ConnectionFailed) -> str:
        settings, cause = self._settings, error.__cause__
        if settings.tls and (
            cause is None or isinstance(cause, (ssl.SSLError, ConnectionResetError))
        ):
            return describe_handshake(cause)
        return describe_failure(error, host=settings.host, port=settings.port)

    def _make_client(self, bind: Command) -> Client:
        settings = self._settings
        config = ClientConfig(
            host=settings.host,
            port=settings.port,
            system_id=settings.system_id,
            password=settings.password,
            system_type=settings.system_type,
            bind=bind,
            interface_version=settings.version_octet,
            tls=settings.tls_context(),
            tls_hostname=settings.tls_server_name or None,
            reconnect=False,
            session=SessionConfig(
                window=self._spec.window,
                response_timeout_s=float(settings.response_timeout_s),
                bind_timeout_s=min(_BIND_TIMEOUT_S, float(settings.response_timeout_s)),
                enquire_link_s=float(settings.enquire_link_s),
            ),
            check_address=check_address if self._spec.is_sandbox else None,
            peer_system_id=BOX_NAME if self._spec.is_sandbox else "",
        )
        return Client(
            config,
            on_outcomes=self._on_outcomes,
            on_late=self._on_late,
            on_deliver=self._intake.take,
            on_state=self._on_state,
            on_trouble=self._on_trouble,
        )

    def _on_state(self, state: State) -> None:
        if state in {State.UNBOUND, State.CLOSED} and self._is_up:
            self._go_down(self._down_reason or "the carrier closed the connection")

    def _on_trouble(self, error: SmppError) -> None:
        self._down_reason = str(error)
        log.warning("smpp_trouble", gateway_id=self._spec.id, error=str(error))

    def _go_down(self, reason: str) -> None:
        self._is_up = False
        self._down_reason = ""
        for client in self._clients:
            client.drop()  # of a pair, one half alone is of no use
        self._settle_queue()
        self._handlers.on_link(False, reason)

    async def close(self) -> None:
        patience = asyncio.get_running_loop().time() + self._settings.response_timeout_s + 1
        while (  # noqa: ASYNC110 - rare, and what is waited for has no event
            self._is_up and self._busy and asyncio.get_running_loop().time() < patience
        ):
            await asyncio.sleep(0.01)
        was_up, self._is_up = self._is_up, False
        self._settle_queue()
        await self._intake.stop()
        await self._drop_clients()
        if was_up:
            self._handlers.on_link(False, "closed by us")

    @property
    def _busy(self) -> bool:
        return bool(self._queue or self._clients[0].in_flight)

    async def _drop_clients(self) -> None:
        clients, self._clients = self._clients, []
        for client in clients:
            await client.close()

    # -- out -------------------------------------------------------------------------------

    def room(self) -> int:
        if not self._is_up or self._queue:
            return 0
        return self._clients[0].room

    async def wait_for_room(self) -> None:
        while self._is_up and not self.room():
            await self._clients[0].wait_for_room()
            if self._queue:  # answers, which are on their way, empty it first
                await asyncio.sleep(_QUEUE_LOOK_S)

    def submit(self, messages: Sequence[Handoff]) -> None:
        if not self._is_up:
            detail = "the link is down"
            self._handlers.on_answers([(one.message_id, NotSent(detail)) for one in messages])
            return
        items: list[Item] = []
        refused: list[tuple[int, Answer]] = []
        build = self._bodies.build
        for message in messages:
            try:
                bodies = build(message)
            except EncodeError as error:
                refused.append((message.message_id, _refuse(error)))
                continue
            if len(bodies) == 1:
                items.append((message.message_id, bodies[0]))
            else:
                long = LongMessage(message.message_id, bodies)
                items += [((long, place), body) for place, body in enumerate(bodies)]
        if refused:
            self._handlers.on_answers(refused)
        self._send(items)

    def _send(self, items: list[Item]) -> None:
        """Write what there is room for, in order; the rest waits."""
        if self._queue:
            self._queue.extend(items)
            return
        taken = self._clients[0].submit_batch(items)
        if taken < len(items):
            self._queue.extend(items[taken:])

    def _send_queue(self) -> None:
        room = min(self._clients[0].room, len(self._queue)) if self._is_up else 0
        if room:
            self._clients[0].submit_batch([self._queue.popleft() for _ in range(room)])

    def _settle_queue(self) -> None:
        queue, self._queue = self._queue, deque()
        if queue:
            self._on_outcomes([(token, NOT_SENT, "") for token, _ in queue])

    # -- queries ---------------------------------------------------------------------------

    @property
    def query_after_s(self) -> float:
        return 60.0 * self._settings.query_after_min

    async def query(self, asked: Asked) -> Receipt | None:
        """See `AnswersQueries`; by query_sm, which the window does not count."""
        ton, npi, address = source_of(asked.sender, self._settings)
        fields = {
            "message_id": asked.provider_message_id,
            "source_addr_ton": ton,
            "source_addr_npi": npi,
            "source_addr": address,
        }
        if not self._is_up:
            raise GatewayUnreachable("the link is down")
        try:
            answer = await self._clients[0].request(Pdu(Command.query_sm, fields=fields))
        except NotBound as error:
            raise GatewayUnreachable(str(error)) from error
        if answer is None:
            raise GatewayUnreachable("no answer came")
        return None if answer.status else self._reader.read_answer(asked, answer, time.time())

    # -- answers ---------------------------------------------------------------------------

    def _on_outcomes(self, outcomes: list[Outcome]) -> None:
        answers = list(self._read_outcomes(outcomes))
        if answers:
            self._handlers.on_answers(answers)
        if self._queue:
            self._send_queue()

    def _on_late(self, outcomes: list[Outcome]) -> None:
        # Parts that come late change nothing: whether the others arrived is not known.
        late = [one for one in outcomes if type(one[0]) is int]
        if late and isinstance(self._handlers, TakesLateAnswers):
            self._handlers.on_late_answers(list(self._read_outcomes(late)))

    def _read_outcomes(self, outcomes: list[Outcome]) -> Iterable[tuple[int, Answer]]:
        id_format = self._settings.id_format
        for token, status, message_id in outcomes:
            if type(token) is int:
                if status == 0:
                    key = id_key(message_id, id_format=id_format, source=IdSource.SUBMIT)
                    yield token, Accepted(message_id, key)
                else:
                    yield token, self._answer(status)
                continue
            assert isinstance(token, tuple)
            long, place = token
            if long.settle(place, status, message_id):
                answer = self._finish(long)
                if answer is not None:
                    yield long.message_id, answer

    def _finish(self, long: LongMessage) -> Answer | None:
        """The answer of a message all of whose parts have theirs; None if some are sent again."""
        again = long.places_to_repeat() if self._is_up else []
        if again:
            items: list[Item] = [((long, place), long.bodies[place]) for place in again]
            asyncio.get_running_loop().call_later(self._pause_s, self._repeat, items)
            return None
        status, message_id = long.verdict()
        if status == 0:
            key = id_key(message_id, id_format=self._settings.id_format, source=IdSource.SUBMIT)
            return Accepted(message_id, key)
        return self._answer(status, is_begun=long.is_begun)

    def _repeat(self, items: list[Item]) -> None:
        if self._is_up:
            self._send(items)
        else:
            self._on_outcomes([(token, NOT_SENT, "") for token, _ in items])

    @property
    def _pause_s(self) -> float:
        pause = self._clients[0].suggested_pause_s if self._clients else 0.0
        return max(_LEAST_PAUSE_S, pause)

    def _answer(self, status: int, *, is_begun: bool = False) -> Answer:
        """The answer of a message that was not accepted; `is_begun`: a part of it may have been."""
        if status == UNKNOWN:
            return Unknown("no answer came")
        if status == NOT_SENT:
            return NotSent("the link went down before it was sent")
        code = status_name(status)
        if status in THROTTLING:
            return Throttled(self._pause_s, code)
        failure = self._classify(code)
        if failure in ACCOUNT_REFUSALS and not is_begun:
            return Refused(code, failure.value)
        return Rejected(code, failure.value)


def _refuse(error: EncodeError) -> Rejected:
    reason = _BAD_FIELDS.get(error.field, FailureClass.TEXT_NOT_ALLOWED)
    return Rejected(f"not encodable: {error.field}"[:40], reason.value)
