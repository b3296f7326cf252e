"""What travels on the streams: msgspec structs as JSON. Times are seconds since the epoch, UTC.

Readers ignore fields they do not know, so a field may be added while old processes still run;
a new field needs a default. Treat every struct as a frozen value (they are not frozen because a
frozen struct costs twice as much to build, and receipts come by the ten thousand a second).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

import msgspec

T = TypeVar("T")

_encoder = msgspec.json.Encoder()


class BatchPointer(msgspec.Struct, gc=False, omit_defaults=True):
    """`submit.<gateway_id>.<lane>`: this batch is due, lease it; and those that came with it.

    A message costs the stream a write to disk, whatever it points at. A reader that knows no
    `more_ids` leaves them to the sweep.
    """

    batch_id: int
    more_ids: list[int] = []

    @property
    def batch_ids(self) -> list[int]:
        """All of them, in their order."""
        return [self.batch_id, *self.more_ids]


class JobPointer(msgspec.Struct, gc=False):
    """`job.<kind>`: this job waits, lease it."""

    job_id: int


class DlrItem(msgspec.Struct, gc=False):
    """One delivery report.

    `provider_key`: signed 64 bits of the carrier's id in canonical form; `state`: a `ReceiptState`;
    `reason`: a class of the common taxonomy; `message_id` where it is known already. Where it is
    not: `msisdn` (E.164 with +) and `submitted_at`, if the carrier says them.
    """

    gateway_id: int
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


class MoItem(msgspec.Struct, gc=False):
    """One text from a person. `source_key` is the same for the same text delivered twice."""

    gateway_id: int
    source_key: str
    msisdn: str
    recipient: str
    text: str
    received_at: float


UNREADABLE_AGENT = "(unreadable)"  # stands for a user agent with other characters


class ClickItem(msgspec.Struct):
    """One raw request of a short link, not yet judged. `ip` is deleted on schedule."""

    token: str
    workspace_id: int
    message_id: int
    link_number: int
    campaign_id: int | None
    at: float
    method: str
    user_agent: str
    ip: str
    headers: dict[str, str]


class EventItem(msgspec.Struct):
    """Something a person did elsewhere. One of `contact_id`, `msisdn`, `external_id` says who.

    `source_key` is the sender's own id of the event: the same key twice is one event.
    """

    workspace_id: int
    name: str
    at: float
    source_key: str
    contact_id: int | None = None
    msisdn: str = ""
    external_id: str = ""
    properties: dict[str, Any] = {}  # JSON scalars by name, as sent


class LinkRangeItem(msgspec.Struct):
    """Key-value bucket `links`: where the links of a block of messages lead.

    `key`: base64 of the workspace's link key; `targets[n - 1]` is link number n.
    """

    id: int
    workspace_id: int
    campaign_id: int | None
    first_message_id: int
    last_message_id: int
    targets: list[str]
    expires_at: float | None
    key: str


class LinkHostItem(msgspec.Struct):
    """Key-value bucket `hosts`: a host name at which the edge answers one workspace's links.

    `proof`: what the edge says at the well-known path, so that a check knows it was reached.
    """

    id: int
    workspace_id: int
    host: str
    proof: str


class SpeakerItem(msgspec.Struct):
    """Key-value bucket `speakers`, key the workspace's id: who speaks, for the page where one stops."""

    id: int
    brand: str
    legal_name: str = ""
    address: str = ""
    contact: str = ""


class OptOutItem(msgspec.Struct):
    """A person pressed stop on the page of a text's link. `wording`: what the button said."""

    workspace_id: int
    message_id: int
    campaign_id: int | None
    at: float
    language: str
    wording: str


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """Items that stood side by side in one message of a stream, the first at place `first`.

    `key` is the same whenever the message comes again: key and place name an item for good.
    """

    key: str
    items: Sequence[T]
    first: int = 0


def items_of(parts: Sequence[Part[T]]) -> list[T]:
    """What stands in them, in their order."""
    return [item for part in parts for item in part.items]


def encode(value: msgspec.Struct | Sequence[Any]) -> bytes:
    """A struct, a list of structs or a list of ids as JSON octets."""
    return _encoder.encode(value)


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:  # Any: list[DlrItem] is no plain type
    return msgspec.json.Decoder(kind)


def decode(payload: bytes, kind: type[T]) -> T:
    """Read what `encode` wrote: `decode(data, DlrItem)`, `decode(data, list[DlrItem])`.

    Raises:
        msgspec.ValidationError, msgspec.DecodeError: the payload is not of that kind.
    """
    decoder = _decoder(kind)  # type: ignore[arg-type]  # every type is hashable
    value: T = decoder.decode(payload)
    return value
