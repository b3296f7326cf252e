"""Values that cross the border of programmes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

# How somebody may sign up. Of the weak ones nobody can prove the words: the person must answer yes first.
METHODS: Final = ("form", "keyword", "checkout", "api", "ivr", "oral", "paper")
WEAK: Final = frozenset(("ivr", "oral", "paper"))
BY_STAFF: Final = ("oral", "paper")
BY_PROGRAM: Final = ("checkout", "api", "ivr", "oral", "paper")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a programme cannot be published: what lacks, where, and which pack asks for it."""

    field: str
    text: str
    country: str = ""
    language: str = ""
    element: str = ""


@dataclass(frozen=True, slots=True)
class NewSignUp:
    """Somebody asks to join, or somebody else says so of them."""

    msisdn: str
    method: str
    region: str | None = None
    language: str = ""
    signed_at: datetime | None = None  # None: now
    evidence: Mapping[str, object] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)  # Any: of names, e-mail, free fields
    born_on: date | None = None
    disclosure_id: int | None = None  # None: the present one of country and language
    topics: Sequence[str] = ()  # ticked, each by itself


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """What became of the people whom one placement brought."""

    placement_id: int
    joined: int
    pending: int
    texts: int  # marketing that was handed off to them since they joined
    opted_out: int
    complained: int
    dead: int

    @property
    def gone(self) -> int:
        """People who left, complained or whose number is dead; each once."""
        return self.opted_out + self.complained + self.dead
