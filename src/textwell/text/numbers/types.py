"""Values that numbers are given out as."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class NumberType(StrEnum):
    """libphonenumber's kinds of line, in lower case."""

    FIXED_LINE = "fixed_line"
    MOBILE = "mobile"
    FIXED_LINE_OR_MOBILE = "fixed_line_or_mobile"
    TOLL_FREE = "toll_free"
    PREMIUM_RATE = "premium_rate"
    SHARED_COST = "shared_cost"
    VOIP = "voip"
    PERSONAL_NUMBER = "personal_number"
    PAGER = "pager"
    UAN = "uan"
    VOICEMAIL = "voicemail"


class NumberError(StrEnum):
    """Why a number cannot be used. The codes are stable; words for people are the caller's."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    REGION_MISSING = "region_missing"
    UNKNOWN_COUNTRY_CODE = "unknown_country_code"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    INVALID = "invalid"


class UnknownRegionError(ValueError):
    """A region that is no ISO 3166-1 code with telephone numbers; the message names the field."""

    def __init__(self, region: object) -> None:
        self.region = region
        super().__init__(
            f"region: {region!r} is not a country; use a two-letter ISO 3166-1 code such as VN"
        )


@dataclass(frozen=True, slots=True)
class Number:
    """What is known about a telephone number.

    ``e164`` is None unless ``valid``, and so are region, type and carrier; ``error`` is None
    only if it is. ``region`` is None for numbers of no country (+800). ``carrier`` is the one
    that the range was given to; the number may have been ported. ``timezones`` are all zones
    that the number may be in, sorted.
    """

    valid: bool
    e164: str | None = None
    region: str | None = None
    type: NumberType | None = None
    carrier: str | None = None
    timezones: tuple[str, ...] = ()
    error: NumberError | None = None


class BulkNumber(NamedTuple):
    """The part of a :class:`Number` that an import needs for every row."""

    e164: str | None
    region: str | None
    type: NumberType | None
    error: NumberError | None

    @property
    def is_mobile(self) -> bool:
        """Whether it may take a text: mobile, or of a plan that does not tell."""
        return self.type in (NumberType.MOBILE, NumberType.FIXED_LINE_OR_MOBILE)


class NumberColumns(NamedTuple):
    """Many numbers, a column for each part; all three are empty of a number with an error."""

    e164: list[str]
    regions: list[str]
    carriers: list[str]
    errors: dict[int, NumberError]  # by place
