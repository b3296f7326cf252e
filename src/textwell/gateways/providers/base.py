"""What every provider is and says: the border between a connector and a carrier.

A provider turns `Handoff`s into exactly one `Answer` each, and whatever comes back later into
`Receipt`s and `Mo`s. The values of the hot path are msgspec structs: building one costs a fifth of
a frozen dataclass. Treat them as frozen values all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

import msgspec

from textwell.gateways.failures import FailureClass


class FieldKind(StrEnum):
    TEXT = "text"
    SECRET = "secret"  # noqa: S105 - the kind of a field, not a secret
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    URL = "url"
    PEM = "pem"  # certificates as text of many lines
    SECRET_PEM = "secret_pem"  # noqa: S105 - same: a private key


@dataclass(frozen=True, slots=True)
class SettingField:
    """One setting that a provider needs; forms, the API schema and the checks are built from it.

    `label` and `help` are gettext_lazy strings. `choices` are (value, label). `minimum` and
    `maximum` bound integers, and lengths of text. A field that is not required may be left out.
    A secret is forgotten with the field that it `goes_with`, when that is emptied.
    """

    name: str
    label: Any  # str or a lazy translation of it
    kind: FieldKind = FieldKind.TEXT
    default: str | int | bool | None = None
    is_required: bool = False
    choices: tuple[tuple[str, Any], ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    help: Any = ""
    goes_with: str = ""

    @property
    def is_secret(self) -> bool:
        """Sealed at rest, taken but never shown."""
        return self.kind in {FieldKind.SECRET, FieldKind.SECRET_PEM}

    @property
    def is_pem(self) -> bool:
        return self.kind in {FieldKind.PEM, FieldKind.SECRET_PEM}


@dataclass(frozen=True, slots=True)
class SenderSpec:
    value: str
    kind: str
    country: str  # ISO 3166-1, empty: every country
    segments_per_second: float | None


@dataclass(frozen=True, slots=True)
class Right:
    """A sender that is registered in a country for a class of texts, up to and with `until`."""

    value: str
    country: str
    purpose: str  # of gateways.rights.CLASSES
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ApprovedText:
    """A text that is approved for a registered sender; places as `gateways.patterns` reads them."""

    value: str
    country: str
    purpose: str  # of gateways.rights.CLASSES
    name: str
    text: str
    longest: int
    reference: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class GatewaySpec:
    """All that a connector needs of a gateway.

    `settings` are plain, secrets included: never log them. `window`: submits in flight. Prices are
    millionths of `currency` per segment; `prices` by country goes before `price_micros`.
    `is_sandbox`: every connection must ask `gateways.wall.check_address` before it is made.
    """

    id: int
    workspace_id: int
    name: str
    provider: str
    state: str
    settings: Mapping[str, Any] = field(repr=False)
    segments_per_second: float = 100.0
    window: int = 100
    price_micros: int = 0
    prices: Mapping[str, int] = field(default_factory=dict)
    currency: str = "EUR"
    senders: tuple[SenderSpec, ...] = ()
    is_sandbox: bool = False
    rights: tuple[Right, ...] = ()  # where senders are registered
    templates: tuple[ApprovedText, ...] = ()  # what they may say, where a country asks that


class Handoff(msgspec.Struct, gc=False):
    """One message, ready to go. `msisdn` is E.164 with +; `validity_s` counts from now."""

    message_id: int
    msisdn: str
    sender: str
    text: str
    validity_s: int | None = None


class Accepted(msgspec.Struct, gc=False, tag=True):
    """The carrier has it. `provider_key`: signed 64 bits of the id in canonical form."""

    provider_message_id: str
    provider_key: int


class Rejected(msgspec.Struct, gc=False, tag=True):
    """The carrier refused it for good. `reason` is a FailureClass value, `code` the carrier's."""

    code: str
    reason: str


class Refused(msgspec.Struct, gc=False, tag=True):
    """The carrier took nothing, for our account's sake: wrong credentials, suspended, no credit.

    `reason` is a class of `failures.ACCOUNT_REFUSALS`. The gateway rests until that is mended; sending
    again is safe then.
    """

    code: str
    reason: str


class Throttled(msgspec.Struct, gc=False, tag=True):
    """The carrier did not take it and wants it later; sending again is safe."""

    retry_after_s: float
    code: str = ""


class Unknown(msgspec.Struct, gc=False, tag=True):
    """It was handed over and the answer is lost: it may have arrived. Never send it on a guess."""

    detail: str


class NotSent(msgspec.Struct, gc=False, tag=True):
    """No octet of it left: sending again is safe."""

    detail: str


Answer = Accepted | Rejected | Refused | Throttled | Unknown | NotSent


class ReceiptState(StrEnum):
    ACCEPTED = "accepted"  # still on its way
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    EXPIRED = "expired"
    REJECTED = "rejected"
    UNKNOWN = "unknown"  # the carrier itself does not know


class Receipt(msgspec.Struct, gc=False):
    """A delivery report.

    `reason` is a FailureClass value, empty if delivered or still on its way. Times are seconds
    since the epoch (UTC); `done_at` None where the carrier gave none. `message_id` is ours, where
    the carrier echoes it. `msisdn` (the recipient, E.164 with +) and `submitted_at` find a message
    whose id was never told.
    """

    provider_message_id: str
    provider_key: int
    state: str
    reason: str
    code: str
    done_at: float | None
    received_at: float
    message_id: int | None = None
    msisdn: str = ""
    submitted_at: float | None = None


class Mo(msgspec.Struct, gc=False):
    """A text from a person. `source_key` is the same when the carrier says it again.

    `msisdn` is who wrote (E.164 with + where it can be told), `recipient` what they wrote to.
    """

    source_key: str
    msisdn: str
    recipient: str
    text: str
    received_at: float


class GatewayRefused(Exception):
    """The carrier will not have us as configured (wrong credentials…): trying again is useless."""


class GatewayUnreachable(Exception):
    """No connection now: try again after a while."""


class Handlers(Protocol):
    """What a connector gives to `Provider.connect`; all are called on the loop's thread."""

    def on_answers(self, answers: list[tuple[int, Answer]]) -> None:
        """Message id and its one answer, in batches. May come after `submit` returned or within."""

    async def on_receipts(self, receipts: list[Receipt]) -> None:
        """Returns once they are stored; only then the provider acknowledges them to the carrier."""

    async def on_mos(self, mos: list[Mo]) -> None:
        """Returns once they are stored; only then the provider acknowledges them to the carrier."""

    def on_link(self, is_up: bool, reason: str) -> None:
        """The link to the carrier came up or went down; `reason` is for people."""


@runtime_checkable
class TakesLateAnswers(Protocol):
    """Handlers that also want answers which came after their message was given up as Unknown."""

    def on_late_answers(self, answers: list[tuple[int, Answer]]) -> None:
        """Accepted or Rejected: tells the carrier's id, so that a receipt can find its message."""


class Connection(Protocol):
    """One live link of a gateway. Not safe for use from several threads or loops."""

    async def open(self) -> None:
        """Return when messages may be submitted.

        Raises GatewayRefused (permanent) or GatewayUnreachable (try later). After a lost link the
        owner calls `open` again; the connection does not reconnect by itself.
        """

    async def close(self) -> None:
        """Stop taking, wait for answers up to the response timeout, unbind.

        Every message ever submitted has its answer reported when this returns. Safe to call twice.
        """

    def room(self) -> int:
        """How many messages `submit` takes now without queueing; 0 while the link is down."""

    async def wait_for_room(self) -> None:
        """Return when `room()` is above zero or the link is down."""

    def submit(self, messages: Sequence[Handoff]) -> None:
        """Hand over now; never blocks, never raises for one bad message: each gets its Answer."""


@runtime_checkable
class Cautious(Protocol):
    """A provider that knows settings which work and yet are dangerous, or are not used as they stand."""

    def cautions(self, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """Sentences for people, in their language, about these (plain) settings."""


@runtime_checkable
class InBox(Protocol):
    """A provider that a sandbox may use: it can reach the carrier in the box and nobody else.

    One that does not say so is refused there, so that a new provider is outside until it is thought of.
    """

    def check_in_box(self, settings: Mapping[str, Any]) -> None:
        """Raise FieldError where these settings lead anywhere else."""


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One part of a text as octets: what stands before it (a header or parameters), and the text."""

    text: str
    header: bytes
    octets: bytes

    @property
    def octet_count(self) -> int:
        return len(self.header) + len(self.octets)


@runtime_checkable
class ShowsParts(Protocol):
    """A provider that makes the parts of long texts itself, and so knows the octets that it submits."""

    def show_parts(self, settings: Mapping[str, Any], text: str) -> list[ShownPart]:
        """What it would submit, with the reference 0. Raises ValueError if no carrier takes it."""


class Asked(msgspec.Struct, gc=False):
    """A message that the carrier took and never told the end of."""

    message_id: int
    provider_message_id: str
    provider_key: int
    sender: str


@runtime_checkable
class AnswersQueries(Protocol):
    """Connections over which the carrier can be asked what became of a message."""

    @property
    def query_after_s(self) -> float:
        """Seconds after the hand-off until a message without a receipt is asked for; 0: never."""

    async def query(self, asked: Asked) -> Receipt | None:
        """What a receipt would say; None if it is still on its way, or the carrier does not know.

        Raises GatewayUnreachable if no answer came: ask again later.
        """


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """What came to the edge for a gateway. Header names in lower case."""

    method: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class WebhookResult:
    """What a webhook said. Reply with `status` and `body` only after the rest is stored.

    `is_genuine` False: nothing in it may be used. `call_id`: the sender's own id of this call, the same
    when it is said again; empty where a provider's calls have none.
    """

    receipts: list[Receipt] = field(default_factory=list)
    mos: list[Mo] = field(default_factory=list)
    status: int = 200
    body: bytes = b""
    is_genuine: bool = True
    call_id: str = ""


class Provider(Protocol):
    """A kind of gateway; `providers/<kind>/__init__.py` has one instance named PROVIDER.

    `is_idempotent`: the carrier recognises a message id that is handed over again, for an hour at
    the least, and answers as it did: so an Unknown is submitted again.
    `is_simulated`: no phone ever gets its texts, and pages say so.
    """

    kind: str
    label: Any  # str or a lazy translation of it
    note: Any  # for whom it is, as one sentence; str or a lazy translation of it
    fields: tuple[SettingField, ...]
    is_idempotent: bool
    is_simulated: bool

    def check(self, settings: Mapping[str, Any]) -> None:
        """Raise FieldError where fields contradict each other; single fields are checked before."""

    def classify(self, code: str) -> FailureClass:
        """The class of one of its codes as we store them; UNKNOWN for what nobody knows."""

    def connect(self, spec: GatewaySpec, handlers: Handlers) -> Connection:
        """A connection that is not open yet."""

    def read_webhook(
        self, gateway_id: int, secret: str, request: WebhookRequest, *, now: float
    ) -> WebhookResult:
        """What a call to /dlr/<gateway_id> says; never raises for what comes from outside.

        Providers without webhooks answer status 404.
        """


Clock = Callable[[], float]
