"""Numbers by the million: one regular expression a region, from libphonenumber's own metadata.

The expression accepts only what libphonenumber would read in exactly one way: the usual
punctuation taken out, then a plus, 00 or nothing, the country code or the trunk prefix, and a
national number of a fixed or mobile range that no other reading could claim. Everything else
goes the slow way, so the answers are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumberDesc

from textwell.text.numbers.changes import find_present_form, has_changes
from textwell.text.numbers.parsing import NO_COUNTRY, check_region, normalise
from textwell.text.numbers.types import BulkNumber, NumberType

# libphonenumber drops these wherever they stand between digits.
_PUNCTUATION: Final = str.maketrans("", "", " -.()/\u00a0")
_NEVER: Final = r"(?!)"
_SPECIAL: Final = (
    "premium_rate",
    "toll_free",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
)


@dataclass(frozen=True, slots=True)
class _Reader:
    """How the numbers of one region are read.

    The group ``mobile`` of a pattern is a number of the mobile ranges, ``fixed`` of the fixed
    ones only.
    ``prefixes`` is what would be taken off the front of a national number if it were there.
    """

    region: str
    country_code: int
    home: re.Pattern[str]
    abroad: re.Pattern[str]
    fixed: re.Pattern[str]
    prefixes: tuple[re.Pattern[str], ...]
    kind_of_mobile: NumberType | None
    changes: bool

    def read(self, digits: str, pattern: re.Pattern[str]) -> BulkNumber | None:
        """None where only libphonenumber itself can tell."""
        match = pattern.match(digits)
        if match is None:
            return None
        national, is_mobile = match["mobile"], True
        if national is None:
            national, is_mobile = match["fixed"], False
        if self.changes and find_present_form(self.country_code, national) is not None:
            return None
        for prefix in self.prefixes:
            taken = prefix.match(national)
            if taken is not None and taken.end():
                return None
        kind = NumberType.FIXED_LINE
        if is_mobile:
            kind = self.kind_of_mobile or self._tell_kind(national)
        return BulkNumber(f"+{self.country_code}{national}", self.region, kind, None)

    def _tell_kind(self, national: str) -> NumberType:
        is_both = self.fixed.match(national) is not None
        return NumberType.FIXED_LINE_OR_MOBILE if is_both else NumberType.MOBILE


def normalise_bulk(values: Iterable[str], region: str | None = None) -> list[BulkNumber]:
    """E.164, region and type of many numbers, in order; the answers of ``parse_number``.

    Args:
        values: numbers as written.
        region: ISO 3166-1 code for those without a country code.

    Raises:
        UnknownRegionError: the region is no country.
    """
    code = check_region(region)
    if code is None:
        return [_normalise_abroad(value, None) for value in values]
    reader = _build_reader(code)
    read, home, own = reader.read, reader.home, f"+{reader.country_code}"
    found: list[BulkNumber] = []
    for value in values:
        digits = value.translate(_PUNCTUATION)
        is_abroad = digits.startswith("+") and not digits.startswith(own)
        number = None if is_abroad else read(digits, home)
        found.append(number or _normalise_abroad(value, code, digits))
    return found


def _normalise_abroad(value: str, region: str | None, digits: str | None = None) -> BulkNumber:
    digits = value.translate(_PUNCTUATION) if digits is None else digits
    found = None
    if digits.startswith("+"):
        reader = _find_reader_abroad(digits[1:4])
        found = reader and reader.read(digits, reader.abroad)
    return found or normalise(value, region)


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


def _plain(pattern: str | None) -> str:
    """A pattern of the metadata without capturing groups of its own."""
    return _NEVER if pattern is None else re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern)


def _ranges(desc: PhoneNumberDesc | None) -> str:
    """The pattern of one kind of line, whole and held to its possible lengths."""
    if desc is None or desc.national_number_pattern is None:
        return _NEVER
    lengths = "|".join(rf"\d{{{length}}}" for length in desc.possible_length)
    held = rf"(?=(?:{lengths})\Z)" if lengths else ""
    return rf"{held}(?:{_plain(desc.national_number_pattern)})\Z"


def _claim(metadata: PhoneMetadata) -> str:
    """What makes libphonenumber give a number to this region among those of one code."""
    if metadata.leading_digits is not None:
        return _plain(metadata.leading_digits)
    kinds = [getattr(metadata, kind) for kind in (*_SPECIAL, "fixed_line", "mobile")]
    return rf"(?={_ranges(metadata.general_desc)})(?:{'|'.join(map(_ranges, kinds))})"


def _national(metadata: PhoneMetadata, earlier: list[PhoneMetadata]) -> str:
    """A national number of the fixed or mobile ranges that no earlier region claims."""
    special = "|".join(_ranges(getattr(metadata, kind)) for kind in _SPECIAL)
    guards = [rf"(?={_ranges(metadata.general_desc)})", rf"(?!{special})"]
    guards += [rf"(?!{_claim(other)})" for other in earlier]
    if metadata.leading_digits is not None:
        guards.append(rf"(?={_plain(metadata.leading_digits)})")
    mobile, fixed = _ranges(metadata.mobile), _ranges(metadata.fixed_line)
    return rf"{''.join(guards)}(?:(?P<mobile>{mobile})|(?P<fixed>{fixed}))"


def _forms(metadata: PhoneMetadata) -> str:
    """What may stand before the national number of somebody at home."""
    code = str(metadata.country_code)
    idd = _plain(metadata.international_prefix)
    general = _ranges(metadata.general_desc)
    # A bare number that is whole is never taken for a country code and the rest.
    forms = [rf"\+{code}", rf"(?!{idd})(?!{general}){code}", rf"(?!{idd})"]
    if metadata.international_prefix == "00":
        forms.append(f"00{code}")
    trunk = metadata.national_prefix
    if trunk is not None and (trunk == code or not code.startswith(trunk)):
        # Only if the trunk prefix is all that would be taken off: the group holds the whole
        # of it, as an atomic group would.
        taken = _plain(metadata.national_prefix_for_parsing)
        forms.append(rf"(?!{idd})(?=(?P<taken>{taken}))(?P=taken)(?<=^{re.escape(trunk)})")
    return "|".join(forms)


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


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
    national = _national(metadata, siblings[: regions.index(region)])
    prefixes = {
        found.national_prefix_for_parsing
        for found in (metadata, siblings[0])
        if found.national_prefix_for_parsing is not None
    }
    return _Reader(
        region=region,
        country_code=metadata.country_code,
        home=_compile(rf"(?:{_forms(metadata)}){national}"),
        abroad=_compile(rf"\+{metadata.country_code}{national}"),
        fixed=_compile(_ranges(metadata.fixed_line)),
        prefixes=tuple(_compile(prefix) for prefix in sorted(prefixes)),
        kind_of_mobile=_kind_of_mobile(metadata),
        changes=has_changes(metadata.country_code),
    )
