"""What a file of a rule pack holds, rule by rule. Unknown keys are refused.

docs/developer/rule-packs.md describes each key for those who write packs.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import msgspec

Confidence = Literal["sourced", "well known", "uncertain"]
LayerName = Literal["legal", "recommended"]
ClassName = Literal[
    "marketing",
    "transactional",
    "otp",
    "care",
    "emergency",
    "opt_out_confirmation",
    "help_reply",
    "consent_request",
]
SenderRight = Literal["yes", "no", "preregistered", "overwritten"]
_PROMOTIONAL: tuple[ClassName, ...] = ("marketing", "consent_request")


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where something was read."""

    id: str
    name: str
    kind: str
    url: str = ""


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to read a disputed rule, and who reads it so.

    A lenient one says what it would change: `instead` keys of the rule, or `drops` the rule. A workspace
    may choose it then, and somebody signs for that.
    """

    says: str
    by: str
    is_used: bool
    instead: dict[str, Any] = {}  # Any: whatever the rule of that kind takes
    drops: bool = False

    @property
    def is_choosable(self) -> bool:
        return self.drops or bool(self.instead)


class Vector(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A case, as a line of `textwell inspect gate`, and whether the rule passes in it.

    `lenient`: whether it passes once the lenient reading is chosen; None: as before.
    """

    passes: bool
    why: str
    case: str
    lenient: bool | None = None


class _Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every rule has."""

    id: str
    confidence: Confidence
    sources: list[str]
    vector: list[Vector]
    layer: LayerName = "legal"
    basis: str = ""
    note: str = ""
    disputed: bool = False
    reading: list[Reading] = []


class ServiceRule(_Rule, frozen=True, tag="service", tag_field="kind"):
    """What messages about an order, a delivery or an account are exempt from."""

    consent_needed: Literal["none", "contract", "express"]
    # None: nothing is known, so it is honoured.
    opt_out_must_be_honoured: bool | None = None
    window_exempt: bool = False
    frequency_exempt: bool = False
    label_exempt: bool = False  # told for people: which classes a label is for stands in its rule


class HoursRule(_Rule, frozen=True, tag="hours", tag_field="kind"):
    """Local hours by weekday, "08:00-22:00", the end excluded; an empty list bars the day."""

    mon: list[str]
    tue: list[str]
    wed: list[str]
    thu: list[str]
    fri: list[str]
    sat: list[str]
    sun: list[str]
    # Which consent lifts them: a separate one for the night, one that names other hours, or any
    # express one.
    lifted_by: Literal["", "night", "hours", "express"] = ""


class HolidaysRule(_Rule, frozen=True, tag="holidays", tag_field="kind"):
    """No advertising on the days of a frozen calendar."""

    calendar: str
    subdivisions: dict[str, str] = {}  # ISO 3166-2 -> a calendar of its own
    lifted_by: Literal["", "express"] = ""


class CapRule(_Rule, frozen=True, tag="cap", tag_field="kind"):
    """At most `max` messages, or channels, to a person within a period."""

    max: int
    counts: Literal["messages", "channels"]
    period_hours: int
    period: Literal["rolling", "calendar_day", "calendar_week"]
    same_subject_only: bool = False
    # Whose messages the rule counts, told for people: all of a workspace are counted, which is no less.
    scope: str = ""


class ConsentRule(_Rule, frozen=True, tag="consent", tag_field="kind"):
    """Which consent advertising needs."""

    needs: Literal["express_written", "express", "express_or_implied", "opt_out"]
    soft_allowed: bool | None = None
    soft_conditions: str = ""
    soft_expiry_months: int | None = None  # of a soft or implied consent
    lifetime_months: int | None = None  # of any consent that is not confirmed again
    double_opt_in: str = ""
    stranger_request: bool = False  # one request for consent may go to a stranger
    b2b: str = ""


class RegisterRule(_Rule, frozen=True, tag="register", tag_field="kind"):
    """A register of numbers that must be asked."""

    name: str
    records: Literal["refusal", "consent"]  # what an entry in it means
    max_age_days: int | None = None
    consent_overrides: bool | None = None  # an express consent beats an entry


class ContentRule(_Rule, frozen=True, tag="content", tag_field="kind"):
    """What a text must not hold."""

    forbids: list[Literal["url", "phone"]]


class LabelRule(_Rule, frozen=True, tag="label", tag_field="kind"):
    """The mark that says: this is advertising. One of `texts`; {brand} stands for any name."""

    texts: list[str]
    position: Literal[
        "message_start", "message_start_or_end", "sender_id_prefix", "sender_id_suffix"
    ]
    classes: list[ClassName] = msgspec.field(default_factory=lambda: list(_PROMOTIONAL))
    added_by: Literal["sender", "operator"] = "sender"  # of labels within the sender ID


class IdentityRule(_Rule, frozen=True, tag="identity", tag_field="kind"):
    """What of the sender a text must name."""

    elements: list[Literal["brand", "legal_name", "address", "contact"]]
    classes: list[ClassName] = msgspec.field(default_factory=lambda: list(_PROMOTIONAL))


class OptOutRule(_Rule, frozen=True, tag="opt_out", tag_field="kind"):
    """A text must say how to stop. `texts` by language; {brand}, {number} and {link} are filled in.

    No texts: the wording is part of a registered template, and nobody can add it on the way.
    """

    texts: dict[str, str]
    position: Literal["message_end"] = "message_end"
    free_of_charge: bool = False
    classes: list[ClassName] = msgspec.field(default_factory=lambda: list(_PROMOTIONAL))


class SenderRule(_Rule, frozen=True, tag="sender", tag_field="kind"):
    """Which kinds of sender may be used; a kind that is not named is not known to be barred."""

    alphanumeric: SenderRight | None = None
    long_code: SenderRight | None = None
    short_code: SenderRight | None = None
    toll_free: SenderRight | None = None
    modem: SenderRight | None = None  # advertising from a SIM needs to be named here
    registry: str = ""
    needs_template: bool = False  # of the kinds that must be registered first
    template_value_max: int = 0  # characters of what a template leaves open; 0: not said
    # People to whom one campaign's advertising is handed in at once; 0: not said.
    batch_least: int = 0
    batch_most: int = 0
    marketing_only: list[str] = []  # kinds that are barred to advertising alone


Rule = (
    ServiceRule
    | HoursRule
    | HolidaysRule
    | CapRule
    | ConsentRule
    | RegisterRule
    | ContentRule
    | LabelRule
    | IdentityRule
    | OptOutRule
    | SenderRule
)


class Keywords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that people answer with."""

    means: Literal["opt_out", "help", "opt_in"]
    language: str
    status: Literal["mandatory", "customary"]
    words: list[str]


class Confirmation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may or must be answered to an opt-out."""

    required: bool | None = None
    allowed: bool | None = None
    max_messages: int = 1
    within_minutes: int | None = None
    content: str = ""


class HelpReply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether who asks for help may be answered by itself; None: nothing is known against it."""

    allowed: bool | None = None


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a proof of consent must hold, and for how long it is kept."""

    items: list[str] = []
    retention_months: int | None = None
    retention_from: str = ""
    retention_basis: str = ""  # "statute", "regulator" or "practice"
    note: str = ""


ElementName = Literal[
    "identity",
    "contact",
    "what",
    "frequency",
    "cost",
    "stop",
    "help",
    "terms",
    "privacy",
    "not_condition",
]


class Disclosure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person must be shown before they agree to advertising; `textwell.programmes.elements`."""

    elements: list[ElementName]


class Deadline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By when an opt-out must take effect. Textwell acts at once; this is what the rule allows."""

    value: int
    unit: Literal["business_days", "hours", "immediate"]
    effective_from: str = ""  # since when: a day, or a month where no day was found


class Penalties(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a breach may cost, in a sentence; the most that is known of it, and for what."""

    summary: str
    max_amount: int | float | None = None
    currency: str = ""
    per: str = ""


class Remarks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What no rule here checks and a person must know."""

    texts: list[str]


class Pack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of the rules of one jurisdiction."""

    id: str  # ISO 3166-1, or 3166-2 for a part of a country
    name: str
    country: str
    effective_from: date
    checked_on: str
    reviewer: str
    confidence: Confidence
    languages: list[str]
    zones: list[str]
    zone_hint: Literal[
        "single_zone", "area_code_gives_state", "area_code_unreliable", "country_ambiguous"
    ]
    source: list[Source]
    rule: list[Rule]
    effective_to: date | None = None
    subdivision: str = ""
    inherits: str = ""
    number_starts: list[str] = []
    number_zones: dict[str, list[str]] = {}  # start of a number -> the zones that it tells
    subdivisions: dict[str, list[str]] = {}  # ISO 3166-2 -> zones; "*": every other part
    proof: Proof | None = None
    disclosure: Disclosure | None = None
    opt_out_deadline: Deadline | None = None
    confirmation: Confirmation | None = None
    help_reply: HelpReply | None = None
    keywords: list[Keywords] = []
    penalties: Penalties | None = None
    remarks: Remarks | None = None

    @property
    def version(self) -> str:
        """How proofs name it: FR@2026-11-01."""
        return f"{self.id}@{self.effective_from.isoformat()}"
