"""Which time zones numbers with a given start may be in: a sorted table that one probe answers.

Mobile numbers say where they come from in six plans only; everywhere else a mobile number may be in
any zone of its country, and the table says them all: what must hold wherever the person may be is
judged by every plausible zone. `list_timezones` knows the type of one number and is more exact
about wires of a town; this table is for millions, and names fewer zones than it in two cases only,
where libphonenumber names all zones of a shared code: islands of +1, by their area code, and
Kazakhstan.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import phonenumbers
from phonenumbers.tzdata import TIMEZONE_DATA

from textwell.text.numbers.place_keys import KEY_LENGTHS

_UNKNOWN: Final = "Etc/Unknown"
# Country codes whose mobile numbers carry a place or an island: those of the six plans, and
# Indonesia, for which libphonenumber says the same.
_PLACED: Final = (*sorted({start[:3] for start in KEY_LENGTHS}), "+62")
# Starts that one country has to itself below a code shared with another one: Kazakhstan's zones are
# not Russia's eleven.
_OWN_STARTS: Final = ("+77",)


@dataclass(frozen=True, slots=True)
class ZoneStart:
    """Numbers from `start` on, up to the next row's, may be in any of `zones`; none: unknown.

    Compared as text byte by byte, the plus included. Zones are IANA names, sorted.
    """

    start: str
    zones: tuple[str, ...]


def list_zone_starts() -> list[ZoneStart]:
    """The whole table, a few thousand rows, sorted by start. Source: libphonenumber."""
    zones = {f"+{digits}": _named(found) for digits, found in TIMEZONE_DATA.items()}
    kept = {
        start: found
        for start, found in zones.items()
        if int(start[1:]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE or start.startswith(_PLACED)
    }
    for start in _OWN_STARTS:
        below = (found for other, found in zones.items() if other.startswith(start))
        kept[start] = tuple(sorted({zone for found in below for zone in found}))
    return list(_flatten(kept))


def _named(zones: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(zone for zone in zones if zone != _UNKNOWN))


def _flatten(zones: Mapping[str, tuple[str, ...]]) -> Iterator[ZoneStart]:
    """Longest prefix wins, told as ranges: a row where a prefix begins, one where it has ended."""
    borders = {*zones, *(end for start in zones if (end := _end(start)) is not None)}
    before: tuple[str, ...] | None = None
    for border in sorted(borders):
        found = _longest(zones, border)
        if found != before:
            yield ZoneStart(border, found)
        before = found


def _end(start: str) -> str | None:
    """The first text behind all that begin with `start`; None behind +9."""
    digits = start[1:].rstrip("9")
    return f"+{digits[:-1]}{int(digits[-1]) + 1}" if digits else None


def _longest(zones: Mapping[str, tuple[str, ...]], number: str) -> tuple[str, ...]:
    for length in range(len(number), 1, -1):
        found = zones.get(number[:length])
        if found is not None:
            return found
    return ()
