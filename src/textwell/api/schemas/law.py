"""Bodies of what a workspace chooses of the rules."""

from datetime import date, datetime

from ninja import Field, Schema

from textwell.api.schemas.base import Input

_RULE = Field(max_length=60, examples=["CN:hours"], description="A disputed rule by its name.")


class ExceptionDayIn(Input):
    country: str = Field(
        min_length=2, max_length=2, examples=["CN"], description="Where people live, ISO 3166-1."
    )
    day: date = Field(examples=["2027-11-11"], description="By the clock of each person.")
    name: str = Field(min_length=1, max_length=80, examples=["Double 11"])
    reason: str = Field(
        min_length=1,
        max_length=500,
        examples=["The shops are open until late"],
        description="Kept in the audit log.",
    )


class ExceptionDayOut(Schema):
    id: int = Field(description="Its number in the address.")
    country: str
    day: date = Field(description="By the clock of each person.")
    name: str
    reason: str
    state: str = Field(
        examples=["asked"],
        description="asked, approved, returned or withdrawn. Approved ones hold.",
    )
    asked_by: str = Field(examples=["user:7"], description="Who may not approve it.")
    asked_at: datetime = Field(description="When it was asked for.")
    decided_by: str = Field(examples=["user:8"])
    decided_at: datetime | None
    note: str = Field(description="What was said with the decision.")


class DayDecisionIn(Input):
    is_approved: bool = Field(description="false: give it back; then a note is needed.")
    note: str = Field("", max_length=500, description="Kept in the audit log.")


class ReadingOut(Schema):
    says: str = Field(examples=["08:00-21:00"], description="The rule as they read it.")
    by: str = Field(description="Who reads it so.")
    is_used: bool = Field(description="It holds unless another one is chosen.")
    is_choosable: bool = Field(description="A looser one that may be chosen.")


class DisputedRuleOut(Schema):
    rule: str = Field(examples=["CN:hours"], description="Its name: the pack and its rule.")
    kind: str = Field(examples=["hours"], description="What the rule is about.")
    country: str
    readings: list[ReadingOut] = Field(description="Two or more, each with who reads it so.")
    is_lenient: bool = Field(description="The looser reading was chosen here.")
    is_void: bool = Field(
        description="It was chosen for other words of the rule: read strictly until signed anew."
    )
    signed_by: str = Field(description="Who answers for that, by name; empty: nobody needs to.")
    reason: str = Field(description="Why it was chosen; empty: it was not.")
    chosen_at: datetime | None = Field(description="When it was chosen; null: it was not.")


class LenientIn(Input):
    rule: str = _RULE
    signed_by: str = Field(
        min_length=1,
        max_length=120,
        examples=["Lê Thị Hoa"],
        description="The full name of who answers for it.",
    )
    reason: str = Field(
        min_length=1,
        max_length=500,
        examples=["Our provider's rule says so"],
        description="Kept in the audit log.",
    )


class StrictIn(Input):
    rule: str = _RULE


_CONTENT = Field(
    min_length=1,
    max_length=200_000,
    examples=['id = "FR"'],
    description="The pack's file, word for word: TOML.",
)


class PackIn(Input):
    content: str = _CONTENT
    after: int = Field(0, description="`next` of the answer before; texts with higher ids.")


class PackActivationIn(Input):
    content: str = _CONTENT
    fingerprint: str = Field(
        max_length=64,
        examples=["9f86d081884c7d65"],
        description="Of the impact that was looked at: `fingerprint` of its answer.",
    )


class WithdrawalLookIn(Input):
    after: int = Field(0, description="`next` of the answer before; texts with higher ids.")


class WithdrawalIn(Input):
    fingerprint: str = Field(
        max_length=64,
        examples=["9f86d081884c7d65"],
        description="Of the impact that was looked at: `fingerprint` of its answer.",
    )


class MovedTextOut(Schema):
    message_id: int
    campaign_id: int | None = Field(description="null: a single text.")
    due_at: datetime = Field(description="When it goes as things are, to the minute.")
    until: datetime | None = Field(description="When it would go; null: never.")
    reason: str = Field(examples=["outside_hours"], description="What the pack says against it.")


class PackImpactOut(Schema):
    version: str = Field(examples=["FR@2031-01-01"], description="The pack and its first day.")
    moved_count: int = Field(description="Waiting texts that would go later.")
    stopped_count: int = Field(description="Waiting texts that would never go.")
    texts: list[MovedTextOut] = Field(description="Each of them by its id, a thousand at once.")
    next: int | None = Field(description="Ask again with it as `after`; null: that was all.")
    fingerprint: str = Field(description="Of all of it, to activate the pack.")


class OwnPackOut(Schema):
    version: str = Field(examples=["FR@2031-01-01"])


class ActivatedPackOut(OwnPackOut):
    activated_at: datetime = Field(description="When it was put in force.")
    withdrawn_at: datetime | None = Field(description="When it was taken back; null: it was not.")
    sha256: str = Field(
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
        description="Of its file, as hexadecimal digits.",
    )


class PackFileOut(ActivatedPackOut):
    content: str = Field(description="The file as it was put in force, word for word: TOML.")
