"""Numbers by the million: one judgement for all numbers that begin alike.

The answers are those of libphonenumber. The expressions of `patterns` accept only what it would
read in exactly one way: the usual punctuation taken out, then a plus, 00 or nothing, the country
code or the trunk prefix, and a national number of a fixed or mobile range that no other reading
could claim. Where they accept with the last digits open, the first ones settle country, type and
carrier of every number that begins so, and that is kept. Everything else goes the slow way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from textwell.text.numbers import patterns
from textwell.text.numbers.changes import count_deciding_digits, find_present_form
from textwell.text.numbers.parsing import (
    NO_COUNTRY,
    check_region,
    count_carrier_digits,
    find_carrier,
    normalise,
)
from textwell.text.numbers.types import BulkNumber, NumberColumns, NumberError, NumberType

# libphonenumber drops these wherever they stand between digits.
_PUNCTUATION: Final = str.maketrans("", "", " -.()/\u00a0")
_DIGITS: Final = re.compile(r"\+?\d+", re.ASCII)
# Six open digits leave few beginnings in any plan; carriers of some hang on more than is left.
_FEW: Final = 6
_MANY: Final = 4
_MOST_KEPT: Final = 50_000  # beginnings of a region, about 10 MB


class _Start(NamedTuple):
    """What all numbers have in common that begin alike; `e164` lacks their open digits."""

    e164: str
    region: str
    type: NumberType | None
    carrier: str


_NONE: Final = _Start("", "", None, "")


@dataclass(frozen=True, slots=True)
class _Reader:
    """How the numbers of one region are read.

    ``prefixes`` is what would be taken off the front of a national number if it were there.
    """

    region: str
    country_code: int
    home: re.Pattern[str]
    abroad: re.Pattern[str]
    surely_fixed: re.Pattern[str]
    maybe_fixed: re.Pattern[str]
    prefixes: tuple[re.Pattern[str], ...]
    kind_of_mobile: NumberType | None
    deciding: int  # first national digits that tell whether the plan changed the number

    def read(self, digits: str, open_count: int, pattern: re.Pattern[str]) -> _Start | None:
        """What numbers have in common that begin with `digits`; None where that is not sure."""
        match = pattern.match(digits + patterns.OPEN * open_count)
        if match is None:
            return None
        national = match["mobile"] or match["fixed"]
        if self._may_be_read_otherwise(national, open_count):
            return None
        is_fixed = match["mobile"] is None
        kind = NumberType.FIXED_LINE if is_fixed else self._tell_kind_of_mobile(national)
        start = f"+{self.country_code}{national[: len(national) - open_count]}"
        if kind is None or (open_count and len(start) < count_carrier_digits(start, kind)):
            return None
        return _Start(start, self.region, kind, find_carrier(start, kind) or "")

    def _may_be_read_otherwise(self, national: str, open_count: int) -> bool:
        if self.deciding:
            known = len(national) - open_count
            if open_count and known < self.deciding:
                return True
            whole = national.replace(patterns.OPEN, "0")
            if find_present_form(self.country_code, whole) is not None:
                return True
        taken = (prefix.match(national) for prefix in self.prefixes)
        return any(each is not None and each.end() for each in taken)

    def _tell_kind_of_mobile(self, national: str) -> NumberType | None:
        if self.kind_of_mobile is not None:
            return self.kind_of_mobile
        if self.surely_fixed.match(national):
            return NumberType.FIXED_LINE_OR_MOBILE
        return None if self.maybe_fixed.match(national) else NumberType.MOBILE


class _Starts(dict[str, _Start | None]):
    """Beginnings of numbers of one length of the open rest, judged when first asked for."""

    def __init__(self, region: str | None, open_count: int) -> None:
        super().__init__()
        self._region = region
        self._open_count = open_count

    def __missing__(self, digits: str) -> _Start | None:
        if len(self) >= _MOST_KEPT:
            self.clear()
        found = self[digits] = _judge(digits, self._open_count, self._region)
        return found


@lru_cache(maxsize=512)
def _keep_starts(region: str | None, open_count: int) -> _Starts:
    return _Starts(region, open_count)


def _judge(digits: str, open_count: int, region: str | None) -> _Start | None:
    """What is the same for all numbers that begin with `digits`; None where that is not sure."""
    if _DIGITS.fullmatch(digits) is None:
        return None
    found = None
    if region is not None:
        reader = _build_reader(region)
        if not digits.startswith("+") or digits.startswith(f"+{reader.country_code}"):
            found = reader.read(digits, open_count, reader.home)
    if found is None and digits.startswith("+"):
        abroad = _find_reader_abroad(digits[1:4])
        found = abroad.read(digits, open_count, abroad.abroad) if abroad is not None else None
    return found


def normalise_bulk(values: Sequence[str], region: str | None = None) -> list[BulkNumber]:
    """E.164, region and type of many numbers, in order; the answers of ``parse_number``.

    Args:
        values: numbers as written.
        region: ISO 3166-1 code for those without a country code.

    Raises:
        UnknownRegionError: the region is no country.
    """
    starts, tails, errors = _read_all(values, region)
    return [
        BulkNumber(start.e164 + tail, start.region or None, start.type, None)
        if start.e164
        else BulkNumber(None, None, None, errors[place])
        for place, (start, tail) in enumerate(zip(starts, tails, strict=True))
    ]


def read_columns(values: Sequence[str], region: str | None = None) -> NumberColumns:
    """The same with the carriers, a column each: what a file of people needs.

    Raises:
        UnknownRegionError: the region is no country.
    """
    starts, tails, errors = _read_all(values, region)
    return NumberColumns(
        e164=[start.e164 + tail for start, tail in zip(starts, tails, strict=True)],
        regions=[start.region for start in starts],
        carriers=[start.carrier for start in starts],
        errors=errors,
    )


def _read_all(
    values: Sequence[str], region: str | None
) -> tuple[list[_Start], list[str], dict[int, NumberError]]:
    """What each number begins with, what is left of it, and what is wrong, by its place."""
    code = check_region(region)
    few, many = _keep_starts(code, _FEW), _keep_starts(code, _MANY)
    starts: list[_Start] = []
    tails: list[str] = []
    errors: dict[int, NumberError] = {}
    for place, digits in enumerate(_take_punctuation_out(values)):
        start, tail = few[digits[:-_FEW]], digits[-_FEW:]
        if start is None:
            start, tail = many[digits[:-_MANY]], digits[-_MANY:]
        if start is None or not (tail.isdigit() and tail.isascii()):
            start, tail = _judge(digits, 0, code), ""
        if start is None:
            start, error = _read_slowly(values[place], code)
            if error is not None:
                errors[place] = error
        starts.append(start)
        tails.append(tail)
    return starts, tails, errors


def _take_punctuation_out(values: Sequence[str]) -> list[str]:
    """Of all at once, unless a line end within one of them would part it."""
    together = "\n".join(values)
    if together.count("\n") == len(values) - 1:
        return together.translate(_PUNCTUATION).split("\n")
    return [value.translate(_PUNCTUATION) for value in values]


@lru_cache(maxsize=4_096)
def _read_slowly(value: str, region: str | None) -> tuple[_Start, NumberError | None]:
    """Kept for a while: what is no number is often the same for many rows."""
    number = normalise(value, region)
    if number.e164 is None or number.type is None:
        return _NONE, number.error
    carrier = find_carrier(number.e164, number.type) or ""
    return _Start(number.e164, number.region or "", number.type, carrier), None


@lru_cache(maxsize=2048)
def _find_reader_abroad(start: str) -> _Reader | None:
    """The reader of the country whose calling code a number begins with."""
    if not (start.isascii() and start.isdigit()):
        return None
    for end in (1, 2, 3):
        regions = COUNTRY_CODE_TO_REGION_CODE.get(int(start[:end]))
        if regions:
            return None if regions[0] == NO_COUNTRY else _build_reader(regions[0])
    return None


def _kind_of_mobile(metadata: PhoneMetadata) -> NumberType | None:
    """The type of every number in the mobile ranges; None where the fixed ones overlap."""
    if metadata.same_mobile_and_fixed_line_pattern:
        return NumberType.FIXED_LINE_OR_MOBILE
    mobile, fixed = metadata.mobile, metadata.fixed_line
    if mobile is None or fixed is None or set(mobile.possible_length) & set(fixed.possible_length):
        return None
    return NumberType.MOBILE


@lru_cache(maxsize=512)
def _build_reader(region: str) -> _Reader:
    metadata = PhoneMetadata.metadata_for_region(region)
    assert metadata is not None
    assert metadata.country_code is not None
    regions = COUNTRY_CODE_TO_REGION_CODE[metadata.country_code]
    others = [PhoneMetadata.metadata_for_region(other) for other in regions]
    siblings = [other for other in others if other is not None]
    earlier = siblings[: regions.index(region)]
    prefixes = {
        found.national_prefix_for_parsing
        for found in (metadata, siblings[0])
        if found.national_prefix_for_parsing is not None
    }
    return _Reader(
        region=region,
        country_code=metadata.country_code,
        home=patterns.compile_home(metadata, earlier),
        abroad=patterns.compile_abroad(metadata, earlier),
        surely_fixed=patterns.compile_kind(metadata.fixed_line, patterns.surely),
        maybe_fixed=patterns.compile_kind(metadata.fixed_line, patterns.maybe),
        prefixes=tuple(patterns.compile_prefix(prefix) for prefix in sorted(prefixes)),
        kind_of_mobile=_kind_of_mobile(metadata),
        deciding=count_deciding_digits(metadata.country_code),
    )
