"""One number: read by libphonenumber, brought to its present form, described."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType, ValidationResult

from textwell.text.numbers.changes import find_present_form
from textwell.text.numbers.types import (
    BulkNumber,
    Number,
    NumberError,
    NumberType,
    UnknownRegionError,
)

TYPES: Final[dict[int, NumberType]] = {
    value: NumberType[PhoneNumberType.to_string(value)]
    for value in PhoneNumberType.values()
    if value != PhoneNumberType.UNKNOWN
}
_TYPES_WITH_CARRIERS: Final = frozenset(
    (NumberType.MOBILE, NumberType.FIXED_LINE_OR_MOBILE, NumberType.PAGER)
)
_UNKNOWN_ZONE: Final = "Etc/Unknown"
NO_COUNTRY: Final = "001"
# The first two digits of a number that has no plus before them.
_IDD: Final = re.compile(r"[^\d+＋]*(\d)[\s().-]*(\d)")

_PARSE_ERRORS: Final[dict[int, NumberError]] = {
    NumberParseException.INVALID_COUNTRY_CODE: NumberError.UNKNOWN_COUNTRY_CODE,
    NumberParseException.NOT_A_NUMBER: NumberError.NOT_A_NUMBER,
    NumberParseException.TOO_SHORT_AFTER_IDD: NumberError.TOO_SHORT,
    NumberParseException.TOO_SHORT_NSN: NumberError.TOO_SHORT,
    NumberParseException.TOO_LONG: NumberError.TOO_LONG,
}
_LENGTH_ERRORS: Final[dict[int, NumberError]] = {
    ValidationResult.INVALID_COUNTRY_CODE: NumberError.UNKNOWN_COUNTRY_CODE,
    ValidationResult.TOO_SHORT: NumberError.TOO_SHORT,
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: NumberError.TOO_SHORT,
    ValidationResult.TOO_LONG: NumberError.TOO_LONG,
}


def check_region(region: str | None) -> str | None:
    """The region in capitals; None for none. Raises UnknownRegionError."""
    if not region:
        return None
    code = region.strip().upper()
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise UnknownRegionError(region)
    return code


def normalise(value: str, region: str | None, *, reads_00: bool = True) -> BulkNumber:
    """What :func:`parse_number` says, without carrier and zones; the region is checked before.

    With ``reads_00`` a number that is not valid as written in the region is tried once more
    with 00 as the international prefix, which people write everywhere.
    """
    if not value.strip():
        return BulkNumber(None, None, None, NumberError.EMPTY)
    parsed = _read(value, region)
    if isinstance(parsed, PhoneNumber) and phonenumbers.is_valid_number(parsed):
        return _as_bulk(parsed)
    international = _as_international(value) if reads_00 else None
    if international is not None:
        again = _read(international, None)
        if isinstance(again, PhoneNumber) and phonenumbers.is_valid_number(again):
            return _as_bulk(again)
        if region is None:
            parsed = again
    error = _explain(parsed) if isinstance(parsed, PhoneNumber) else parsed
    return BulkNumber(None, None, None, error)


def parse_number(value: str, region: str | None = None, *, reads_00: bool = True) -> Number:
    """Read a telephone number in any spelling.

    Spaces, punctuation, digits of any script, ``tel:`` links, 00, trunk prefixes and
    extensions are understood; the extension is dropped. Numbers of plans that have changed
    (Viet Nam 2018, Mexico 2019, Brazil's ninth digit, Argentina's 9 and 15) come out as they
    are dialled now.

    Args:
        value: the number as written.
        region: ISO 3166-1 code of the country that a number without a country code is from.
        reads_00: whether 00 may stand for the plus where another prefix is dialled (011, 0011)
            or no region is given. libphonenumber refuses those.

    Raises:
        UnknownRegionError: the region is no country.
    """
    found = normalise(value, check_region(region), reads_00=reads_00)
    if found.e164 is None or found.type is None:
        return Number(valid=False, error=found.error)
    return Number(
        valid=True,
        e164=found.e164,
        region=found.region,
        type=found.type,
        carrier=find_carrier(found.e164, found.type),
        timezones=list_timezones(found.e164, found.type),
    )


def _read(value: str, region: str | None) -> PhoneNumber | NumberError:
    try:
        parsed = phonenumbers.parse(value, region)
    except NumberParseException as error:
        is_bare = error.error_type == NumberParseException.INVALID_COUNTRY_CODE and region is None
        if is_bare and not _has_plus(value):
            return NumberError.REGION_MISSING
        return _PARSE_ERRORS[error.error_type]
    return _bring_up_to_date(parsed)


def _has_plus(value: str) -> bool:
    start = next(
        (character for character in value if character in "+＋" or character.isdigit()), ""
    )
    return start in ("+", "＋")


def _bring_up_to_date(parsed: PhoneNumber) -> PhoneNumber:
    assert parsed.country_code is not None
    national = phonenumbers.national_significant_number(parsed)
    present = find_present_form(parsed.country_code, national)
    if present is None:
        return parsed
    changed = PhoneNumber(country_code=parsed.country_code, national_number=int(present))
    return changed if phonenumbers.is_valid_number(changed) else parsed


def _as_international(value: str) -> str | None:
    match = _IDD.match(value)
    if match is None or int(match[1] + match[2]) != 0:
        return None
    return "+" + value[match.end() :]


def _as_bulk(parsed: PhoneNumber) -> BulkNumber:
    region = phonenumbers.region_code_for_number(parsed)
    return BulkNumber(
        phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164),
        None if region == NO_COUNTRY else region,
        TYPES[phonenumbers.number_type(parsed)],
        None,
    )


def _explain(parsed: PhoneNumber) -> NumberError:
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    return _LENGTH_ERRORS.get(reason, NumberError.INVALID)


# Zones hang on the first nine digits at most, so that a million numbers of one country share a
# few thousand answers. Carriers hang on fewer, and on how many differs by country.
_LONGEST_PREFIX: Final = 1 + 9
_SHORTEST_CODE: Final = 2  # a plus and one digit


def find_carrier(e164: str, number_type: NumberType) -> str | None:
    """English name of the carrier that the range of a valid number was given to, if known."""
    digits = count_carrier_digits(e164, number_type)
    return _carrier_of_prefix(e164[:digits]) if digits else None


def count_carrier_digits(e164: str, number_type: NumberType) -> int:
    """How much of a number, the plus counted, tells its carrier; 0 where its type has none."""
    return _carrier_digits(e164[:4]) if number_type in _TYPES_WITH_CARRIERS else 0


def list_timezones(e164: str, number_type: NumberType) -> tuple[str, ...]:
    """Every zone that a valid number may be in, sorted; empty if nothing is known."""
    country_code = split_country_code(e164)
    kind = next(value for value, name in TYPES.items() if name is number_type)
    if phonenumbers.is_number_type_geographical(kind, country_code):
        return _zones_of_prefix(e164[:_LONGEST_PREFIX])
    return _zones_of_prefix(f"+{country_code}")


def list_possible_numbers(digits: str) -> list[str]:
    """What digits written as at home may be in E.164: after each country code, with and without zeros."""
    endings = {digits, digits.lstrip("0")}
    codes = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    return [f"+{code}{ending}" for code in codes for ending in sorted(endings)]


def split_country_code(e164: str) -> int:
    """The country calling code of a number in E.164."""
    for end in (2, 3, 4):
        if int(e164[1:end]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            return int(e164[1:end])
    raise ValueError(f"e164: {e164!r} has no known country code")


@lru_cache(maxsize=4_096)
def _carrier_digits(start: str) -> int:
    """Length of the longest prefix with a carrier, the plus counted, among numbers that start so."""
    from phonenumbers.carrierdata import CARRIER_DATA

    code = start[1:]
    known = (1 + len(key) for key in CARRIER_DATA if key.startswith(code) or code.startswith(key))
    return max(known, default=_SHORTEST_CODE)


@lru_cache(maxsize=65_536)
def _carrier_of_prefix(prefix: str) -> str | None:
    from phonenumbers.carrierdata import CARRIER_DATA

    for end in range(len(prefix), 1, -1):
        name = CARRIER_DATA.get(prefix[1:end], {}).get("en")
        if name is not None:
            return name or None
    return None


@lru_cache(maxsize=65_536)
def _zones_of_prefix(prefix: str) -> tuple[str, ...]:
    from phonenumbers.tzdata import TIMEZONE_DATA

    for end in range(len(prefix), 1, -1):
        zones = TIMEZONE_DATA.get(prefix[1:end])
        if zones is not None:
            return tuple(sorted(zone for zone in zones if zone != _UNKNOWN_ZONE))
    return ()
