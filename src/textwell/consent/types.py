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
class ConsentScope:
    """What of a purpose is meant: which topic, for which brand, from which sender.

    "" is the general one: a yes to no topic in particular. EVERY, of an opt-out alone, is whatever
    there is. A yes holds for its own scope and no other.
    """

    topic: str = ""
    brand: str = ""
    sender: str = ""


EVERY: Final = "*"
GENERAL: Final = ConsentScope()
EVERYTHING: Final = ConsentScope(EVERY, EVERY, EVERY)


def every_of(*, topic: str | None = None, brand: str | None = None) -> ConsentScope:
    """The scope of an opt-out that names a topic, a brand, or neither (None): then of everything."""
    return ConsentScope(EVERY if topic is None else topic, EVERY if brand is None else brand, EVERY)


@dataclass(frozen=True, slots=True)
class GivenConsent:
    """One fact about one person's permission, as it was given.

    An opt-in needs all of `source` (form, keyword, file, page), `wording` (what the person was
    shown) and `given_at`: the proof is on the sender (GDPR art. 7(1)). `evidence` may hold whatever
    else there is; `page`, `keyword` and `address` (of the network) are understood by those who read it.
    `scope` None: of an opt-in the general one, of an opt-out everything.
    """

    contact_id: int
    kind: str  # opt_in | opt_out
    given_at: datetime
    source: str
    wording: str
    channel: str = "sms"
    purpose: str = "marketing"
    evidence: Mapping[str, object] = field(default_factory=dict)
    scope: ConsentScope | None = None
    basis: str = ""  # of BASES of the imports, or "" where nobody said
    wording_version: str = ""
    language: str = ""  # of the wording

    @property
    def whole_scope(self) -> ConsentScope:
        """The scope that is written down."""
        if self.scope is not None:
            return self.scope
        return EVERYTHING if self.kind == "opt_out" else GENERAL


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
