"""Values of the inbox that cross its border."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class ThreadFilter:
    """Which threads a list shows; all that is given must hold.

    `search` is the beginning of a number or of a name, as among contacts, or of words in the texts.
    """

    is_open: bool = True
    assignee_id: int | None = None
    contact_id: int | None = None
    is_unassigned: bool = False
    is_waiting: bool = False  # for an answer
    is_overdue: bool = False  # waiting beyond the workspace's answer time
    search: str = ""


@dataclass(frozen=True, slots=True)
class AnswerRoute:
    """By what an answer would go: the sender that the person wrote to, where it still serves."""

    gateway_id: int
    sender: str
    price_micros: int  # for one segment, in the currency
    currency: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a person cannot be answered now, and what mends it."""

    reason: str  # a word of the gate, or stopped
    problem: str
    mend: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing in the history of a thread."""

    at: datetime
    kind: str  # reply | message | note | assigned | closed | reopened
    row: Any  # the model's row: `kind` says which
    text: str = ""
    actor: str = ""  # who wrote an answer or did it; empty: nobody of us
    who: str = ""  # their name, or of whom it was assigned to
    assignee: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """A page of a thread, the oldest first."""

    entries: list[Happened]
    older_at: datetime | None  # earlier ones lie before this; None: there are none
