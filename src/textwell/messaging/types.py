"""Values that cross the border of messaging."""

from dataclasses import dataclass
from datetime import datetime

from textwell.messaging.states import EQUATION_TERMS


@dataclass(frozen=True, slots=True)
class Equation:
    """The send equation of a campaign: every person of the audience stands in exactly one term.

    Handed off is a message that the carrier took, or may have: its answer is unknown. One that the
    carrier refused at once is not; one that it took and refused by a receipt later is.
    """

    audience: int
    terms: dict[str, int]  # by EQUATION_TERMS
    handed_count: int
    handed_segments: int  # what the carrier charges for
    segment_count: int  # those that were never handed off too
    cost_micros: int
    refused_count: int  # rejected, and never handed off
    refused_segments: int  # offered in vain: nothing is charged for them
    not_sent_count: int = 0  # of `canceled`: somebody found that they never left

    @property
    def total(self) -> int:
        return sum(self.terms.values())

    @property
    def is_balanced(self) -> bool:
        return self.total == self.audience

    def __getitem__(self, term: str) -> int:
        return self.terms[term]


EMPTY_TERMS = dict.fromkeys(EQUATION_TERMS, 0)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened to a message, in order of time."""

    at: datetime
    kind: str  # planned | marked | handed | answer | receipt | held | skipped …
    detail: str = ""
    code: str = ""
    data: dict[str, object] | None = None


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message as lists show it."""

    id: int
    campaign_id: int | None
    contact_id: int
    msisdn: str
    country: str
    state: str
    reason: str
    code: str
    segment_count: int
    cost_micros: int
    gateway_id: int | None
    sender: str
    lane: str
    planned_at: datetime
    due_at: datetime | None
    handed_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewestQuery:
    """Which messages a list from the newest down shows. "" and None ask for nothing special.

    With `after_id` it is the page that ends just above that message; it comes newest first too.
    """

    msisdn: str = ""
    sender: str = ""
    handed_since: datetime | None = None
    handed_until: datetime | None = None
    before_id: int | None = None
    after_id: int | None = None
