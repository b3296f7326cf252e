"""Values that cross the border of campaigns."""

from dataclasses import dataclass, field
from datetime import datetime

from textwell.compliance.wording import Element
from textwell.core.errors import join_sentences
from textwell.core.zones import may_be_night
from textwell.gateways.parts import Parts
from textwell.messaging.compose import Composed


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a campaign cannot be launched yet, and what mends it."""

    field: str
    problem: str
    mend: str
    line: int | None = None  # of the text, from 1; None: it has only one, or it lies elsewhere

    @property
    def sentences(self) -> str:
        return join_sentences(self.problem, self.mend)


@dataclass(frozen=True, slots=True)
class LocalTime:
    """A moment as the clock shows it in some zones."""

    at: datetime  # aware, in the first of them
    zones: tuple[str, ...]

    @property
    def is_night(self) -> bool:
        return may_be_night(self.zones[:1], self.at)


@dataclass(frozen=True, slots=True)
class Preview:
    """What one person would get: the exact text and octets, what it costs, and when it may go."""

    contact_id: int
    msisdn: str
    composed: Composed
    cost_micros: int
    currency: str
    verdict: str  # allow | hold | skip
    reason: str
    send_at: datetime | None
    replacements: tuple[str, ...] = ()  # "’ → '" as the author sees them
    version: str = ""  # the language of the version that the person gets; "": the main text
    parts: Parts = field(default_factory=lambda: Parts((), is_submitted=False))
    units_left: int = 0  # free in the last segment: septets, or UTF-16 units
    forced_by: tuple[str, ...] = ()  # characters for whose sake it is UCS-2
    planned_at: datetime | None = None  # when it would go if nothing held it back
    allowed_at: datetime | None = None  # the first moment from then on that the gate allows
    local_times: tuple[LocalTime, ...] = ()  # `planned_at` where the person may be
    adds: tuple[Element, ...] = ()  # what law has it say beside what was written; it is in the text
    would_add: tuple[Element, ...] = ()  # no phone gets it, so it is not: what one would get more


@dataclass(frozen=True, slots=True)
class Forecast:
    """What launching would do. Shares of segments are of the people who would get it."""

    people_count: int
    sendable_count: int
    left_out: dict[str, int]  # reason: people; `text_failed` is an estimate where is_exact is False
    segment_shares: dict[int, float]  # 1, 2, 3 …: share of people
    is_exact: bool  # False: segments and cost are from a sample
    sample_count: int
    segment_count: int
    cost_micros: int
    currency: str
    duration_s: float  # at the gateway's contracted rate
    never_agreed_count: int = 0  # would get it, never agreed to marketing; 0 for marketing itself
    forced_by: dict[str, int] = field(default_factory=dict)  # character: people it costs segments
    # From when law lets them get it (ISO 8601): people who would get it later than it begins; exact.
    held: dict[str, int] = field(default_factory=dict)
    night_count: int = 0  # would get it while it may be night for them, when it begins


@dataclass(frozen=True, slots=True)
class SegmentGroup:
    """People who get one wording: how long their texts come out. 3 stands for three and more."""

    language: str  # of the version; "": the main text
    people_count: int  # of the sample
    shares: dict[int, float]  # 1, 2, 3: share of these people
    segments_per_person: float
    cost_micros_per_person: int


@dataclass(frozen=True, slots=True)
class ForcedCount:
    """A character without a GSM form: whom it concerns and what it costs."""

    character: str
    people_share: float  # of the sample
    is_in_text: bool  # False: it comes from people's values alone
    replacement: str | None  # its safe form; None: it has none
    segments_saved: float  # a person who has it, were it alone mended, or taken out


@dataclass(frozen=True, slots=True)
class LiveCount:
    """What a text takes, from a bounded sample of the people who would get it."""

    is_exact: bool  # the sample is all of them
    sample_count: int
    currency: str
    groups: tuple[SegmentGroup, ...]
    forced_by: tuple[ForcedCount, ...]
