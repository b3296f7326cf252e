"""The time zones that exist here (IANA names), read from disk once in each process."""

import zoneinfo
from functools import cache


@cache
def known_zones() -> frozenset[str]:
    """All names. `zoneinfo` walks its folders at each call: some 15 ms, too much for each page."""
    return frozenset(zoneinfo.available_timezones())
