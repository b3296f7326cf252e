"""The time zones that exist here (IANA names), and whether it is night in them."""

import zoneinfo
from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Final

# Local hours: night ends with the first and begins with the second. 47 CFR 64.1200(c)(1) of the USA,
# the best known of such rules, has the same.
DAY_HOURS: Final = (8, 21)


@cache
def known_zones() -> frozenset[str]:
    """All names. `zoneinfo` walks its folders at each call: some 15 ms, too much for each page."""
    return frozenset(zoneinfo.available_timezones())


def local_times(names: Collection[str], at: datetime) -> list[tuple[datetime, tuple[str, ...]]]:
    """What the clocks show at `at` in these zones, the earliest first, each with its zones.

    A zone that does not exist here is left out.
    """
    found: dict[datetime, list[str]] = {}
    shown: dict[datetime, datetime] = {}
    for name in sorted(names):
        if name in known_zones():
            local = at.astimezone(zoneinfo.ZoneInfo(name))
            clock = local.replace(tzinfo=None)
            shown.setdefault(clock, local)
            found.setdefault(clock, []).append(name)
    return [(shown[clock], tuple(found[clock])) for clock in sorted(found)]


def may_be_night(names: Collection[str], at: datetime) -> bool:
    """Whether it is night at `at` (aware) in any of these zones.

    Of somebody who may be in several the strictest counts. No zone at all, or one that does not
    exist here, says nothing about the hour: then it may be night.
    """
    return not names or any(_is_night(name, at) for name in names)


def _is_night(name: str, at: datetime) -> bool:
    try:
        hour = at.astimezone(zoneinfo.ZoneInfo(name)).hour
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return True
    return not DAY_HOURS[0] <= hour < DAY_HOURS[1]
