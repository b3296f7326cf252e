"""Which jurisdictions a message falls under, and in which zones the person may be.

Those of the number and those of the person's address count together, each with the country that it
is a part of. Evidence of a zone, best first: the zones that were given; the part of the country; the
country, where its numbers tell no more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from textwell.compliance.library import Library
from textwell.compliance.schema import Pack
from textwell.compliance.types import Recipient
from textwell.text import parse_number

# Codes of their own whose law is that of another country, as a part of it. ISO 3166-1 and 3166-2.
_PART_OF: Final = {
    "GP": "FR-971", "MQ": "FR-972", "GF": "FR-973", "RE": "FR-974", "YT": "FR-976",
    "PR": "US-PR", "GU": "US-GU", "VI": "US-VI", "AS": "US-AS", "MP": "US-MP",
    "CX": "AU-CX", "CC": "AU-CC",
}  # fmt: skip


def codes_under(country: str) -> list[str]:
    """The codes of places in which packs of this country may hold: its own, and those of its parts."""
    return [country, *(code for code, part in sorted(_PART_OF.items()) if part[:2] == country)]


# A number that is in no plan (made up for a film, say) and still names its country.
_PLAIN: Final = re.compile(r"\+[\d\s().-]{4,}")


@dataclass(frozen=True, slots=True)
class Places:
    """What holds for one person: packs in order of their ids, and every plausible zone."""

    packs: tuple[Pack, ...]
    missing: tuple[str, ...]  # countries for which there is no pack
    zones: tuple[str, ...]
    subdivisions: frozenset[str]
    number_country: str  # where the message is delivered: its senders' rules count


def find_places(recipient: Recipient, day: date, library: Library) -> Places:
    """Where this person may be. Raises ValueError for a number that is none."""
    country, part = _settled(recipient.country, recipient.subdivision)
    countries = [country]
    parts = [part] if part else []
    number_country, number_part = country, ""
    if recipient.number:
        e164, number_country, number_part = _of_number(recipient.number, country)
        countries += [number_country] if number_country not in countries else []
        handed_out = library.part_of_number(e164, number_country, day)
        parts += [name for name in (number_part, handed_out) if name and name not in parts]
    found = {name: library.find(name, day) for name in {*countries, *parts}}
    packs = tuple(pack for _, pack in sorted(found.items()) if pack is not None)
    return Places(
        packs=packs,
        missing=tuple(name for name in countries if found[name] is None),
        zones=recipient.zones or _zones(countries, part, number_part, found, recipient.number),
        subdivisions=frozenset(parts),
        number_country=number_country,
    )


_ISLANDS: Final = frozenset(_PART_OF.values())


def _settled(country: str, subdivision: str) -> tuple[str, str]:
    if subdivision and country not in _PART_OF and not subdivision.startswith(f"{country}-"):
        raise ValueError(f"recipient.subdivision: {subdivision} is no part of {country}")
    part = _PART_OF.get(country, "")
    return (part[:2], subdivision or part) if part else (country, subdivision)


@lru_cache(maxsize=65536)
def _of_number(number: str, country: str) -> tuple[str, str, str]:
    """E.164, country and part of a number; of one that no country claims the country given."""
    is_whole = number.lstrip().startswith("+")
    found = parse_number(number, None if is_whole else country)
    is_readable = is_whole and _PLAIN.fullmatch(number.strip()) is not None
    if found.e164 is None and not is_readable:
        raise ValueError(f"recipient.number: {number!r} is no telephone number")
    e164 = found.e164 or "+" + "".join(filter(str.isdigit, number))
    return (e164, *_settled(found.region or country, ""))


def _zones(
    countries: list[str],
    part: str,
    number_part: str,
    found: dict[str, Pack | None],
    number: str,
) -> tuple[str, ...]:
    """Every zone that the places leave open, in order; none where nothing is known of the country."""
    zones: set[str] = set()
    for country in countries:
        whole = found[country]
        if whole is None:
            continue
        parts = {name for name in (part, number_part) if name.startswith(f"{country}-")}
        # An island's address and a number of the mainland, or the other way round: both are plausible.
        is_mixed = bool(number) and part in _ISLANDS and not number_part
        if is_mixed or not part.startswith(f"{country}-"):
            zones.update(_of_number_start(whole, number) or whole.zones)
        for name in parts:
            zones.update(_part_zones(name, whole, found))
    return tuple(sorted(zones))


def _of_number_start(whole: Pack, number: str) -> list[str]:
    """The zones that the start of a number tells, in the few countries where it can be relied on."""
    digits = number.replace(" ", "")
    return next(
        (zones for start, zones in whole.number_zones.items() if digits.startswith(start)), []
    )


def _part_zones(part: str, whole: Pack, found: dict[str, Pack | None]) -> list[str]:
    own = found.get(part)
    if own is not None:
        return own.zones
    return whole.subdivisions.get(part) or whole.subdivisions.get("*") or whole.zones
