"""A marked window and what is on its way of it: its outcomes are counted until all are there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from textwell.gateways.providers.base import GatewaySpec, Handoff
from textwell.messaging.caps import NO_CAPS, Caps
from textwell.messaging.law import (
    Place,
)
from textwell.messaging.proof.collecting import Collector
from textwell.runtime.connector.content import Content


@dataclass(slots=True)
class LeasedBatch:
    """A batch that this connector holds; `next_id` is the first message id not yet marked."""

    id: int
    workspace_id: int
    campaign_id: int | None
    lane: str
    last_message_id: int
    next_id: int
    content: Content
    caps: Caps = NO_CAPS  # as they were when it was leased
    capped: tuple[str, ...] = ()  # where law had a cap then
    sender: str | None = None  # of a single text; those of a campaign may differ
    rate: float | None = None  # segments a second of its slowest sender, once a window told it
    is_lost: bool = False  # paused, canceled or taken over: mark nothing more of it

    @property
    def is_marked_through(self) -> bool:
        return self.next_id > self.last_message_id

    @property
    def is_single(self) -> bool:
        """Whether it is one text of its own, not marked yet."""
        return self.campaign_id is None and self.next_id == self.last_message_id

    @property
    def terms(self) -> object:
        """Equal where the gate judges by the same terms and the rate lets go alike."""
        if self.campaign_id is not None:
            return self.id
        content = self.content
        return (self.workspace_id, content.purpose, content.scope, self.caps, self.rate)


DOUBT = 0  # the id of a window that is no mark: its messages are unknown, and are said once more


@dataclass(slots=True)
class Window:
    """`open_count` messages of it have no outcome yet."""

    id: int
    batch: LeasedBatch
    open_count: int
    marked_at: float  # loop time

    @property
    def is_doubt(self) -> bool:
        return self.id == DOUBT


class Pending(msgspec.Struct, gc=False):
    """A message on its way: what its outcome row will say."""

    window: Window
    handoff: Handoff
    contact_id: int
    segment_count: int
    encoding: str
    cost_micros: int
    expires_at: float | None  # epoch
    # Whose hours are asked once more before it leaves, by its content's layer; None: nobody's.
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A message that the gate or its own text kept back."""

    message_id: int
    outcome: str  # skipped | expired | rejected
    reason: str
    facts: dict[str, object]
    contact_id: int


@dataclass(slots=True)
class Prepared:
    """A window after its gate: who goes, who stays."""

    pending: list[Pending] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    proofs: Collector | None = None  # None: they have proofs of an earlier look


Row = Sequence[Any]  # of READ_WINDOW; typed by position


def own_rates(spec: GatewaySpec) -> dict[str, float]:
    """Segments a second of the senders that have a rate of their own."""
    return {
        sender.value: sender.segments_per_second
        for sender in spec.senders
        if sender.segments_per_second
    }


def senders_of(spec: GatewaySpec) -> dict[tuple[str, str], str]:
    """(sender, country) pairs that may be shown, and their kinds; country '' is every country."""
    return {(sender.value, sender.country): sender.kind for sender in spec.senders}
