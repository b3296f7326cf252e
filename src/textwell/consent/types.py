"""Values that cross the border of consent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from textwell.contacts.bulk.actions import RejectedRow

OPTED_OUT: Final = "opted_out"  # the person's own word: only their own new yes lifts it
BY_HAND: Final = ("manual", "complaint", "dead_number", "register")  # what others may give and lift
SHARED: Final = "shared"  # another workspace of the group has a reason that it shares
SHAREABLE: Final = (OPTED_OUT, "complaint", "dead_number")
# Of several reasons of a number the foremost is the one that gate and plan name.
SUPPRESSION_RANK: Final = (OPTED_OUT, "complaint", "register", "manual", "dead_number", SHARED)


@dataclass(frozen=True, slots=True)
class GivenConsent:
    """One fact about one person's permission, as it was given.

    An opt-in needs all of `source` (form, keyword, file, page), `wording` (what the person was
    shown) and `given_at`: the proof is on the sender (GDPR art. 7(1)).
    """

    contact_id: int
    kind: str  # opt_in | opt_out
    given_at: datetime
    source: str
    wording: str
    channel: str = "sms"
    purpose: str = "marketing"
    evidence: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordedConsent:
    """What a bulk recording did; facts that were known already are not counted."""

    event_count: int
    opted_out_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SuppressedNumbers:
    """What a bulk suppression did. `known_count`: numbers that had this reason before."""

    added_count: int
    known_count: int
    rejected: tuple[RejectedRow, ...]
