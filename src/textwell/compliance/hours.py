"""Local hours: is a moment inside, and when is the next one that is?

A window is wall time in a zone, its start inside and its end outside. It is asked at the instant,
so clocks that are put forward or back need no rule of their own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*-\s*([01]\d|2[0-4]):([0-5]\d)")
_DAY_MINUTES: Final = 24 * 60
_LONG_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_NAMES: Final = {
    name: index for names in (DAYS, _LONG_DAYS) for index, name in enumerate(names)
}

# Of a named day on which our cautious hours do not hold: nobody is woken by an offer even then.
FREE_WINDOW: Final = (7 * 60, 22 * 60)

Window = tuple[int, int]  # minutes of the local day, [from, to)
Week = tuple[tuple[Window, ...], ...]  # Monday first


class WindowError(ValueError):
    """Hours that cannot be read, in words."""


def read_window(text: str) -> Window:
    """``08:00-22:00`` in minutes. Raises WindowError."""
    found = _WINDOW.fullmatch(text.strip())
    if found is None:
        raise WindowError(f"{text!r} is no window; write it as 08:00-22:00")
    start = int(found[1]) * 60 + int(found[2])
    end = int(found[3]) * 60 + int(found[4])
    if not start < end <= _DAY_MINUTES:
        raise WindowError(f"{text!r} ends before it begins; a night is written as two windows")
    return start, end


def read_windows(texts: Sequence[str]) -> tuple[Window, ...]:
    """The windows of a day in order. Raises WindowError, also where two overlap."""
    windows = sorted(read_window(text) for text in texts)
    for earlier, later in pairwise(windows):
        if later[0] < earlier[1]:
            raise WindowError("two windows of one day overlap")
    return tuple(windows)


@lru_cache(maxsize=4096)
def read_agreed(text: str) -> Week:
    """Hours in a person's words for them: ``sun 09:00-18:00``, ``mon-fri 07:00-08:00, sat 9:00-12:00``.

    Raises:
        WindowError: which part cannot be read.
    """
    week: list[list[Window]] = [[] for _ in DAYS]
    for part in filter(None, (part.strip() for part in re.split(r"[,;]", text.lower()))):
        days, _, hours = part.partition(" ")
        window = read_window(_padded(hours))
        for index in _day_indexes(days):
            week[index].append(window)
    return tuple(tuple(sorted(windows)) for windows in week)


def _padded(hours: str) -> str:
    return re.sub(r"(?<!\d)(\d):", r"0\1:", hours.replace(" ", "").replace("–", "-"))


def _day_indexes(days: str) -> range:
    first, _, last = days.partition("-")
    if days == "daily":
        return range(7)
    try:
        start, end = _DAY_NAMES[first], _DAY_NAMES[last or first]
    except KeyError:
        raise WindowError(f"{days!r} is no day; write it as sun or mon-fri") from None
    if end < start:
        raise WindowError(f"{days!r} ends before it begins")
    return range(start, end + 1)


@lru_cache(maxsize=1)
def pinned_zones() -> frozenset[str]:
    """The names of the pinned edition of the time zone database."""
    names = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8")
    return frozenset(names.split())


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """The zone of a name, by the pinned package `tzdata`, whatever the machine has.

    Raises:
        ValueError: there is no such zone.
    """
    if name not in pinned_zones():
        raise ValueError(f"there is no time zone {name!r}")
    path = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    with path.open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def windows_of(
    weeks: Sequence[Week], day: date, free_days: Collection[date] = ()
) -> Iterator[Window]:
    """The windows of a day: of any of the weeks, or the one of a day on which they do not hold."""
    if day in free_days:
        yield FREE_WINDOW
        return
    for week in weeks:
        yield from week[day.weekday()]


def is_open(weeks: Sequence[Week], local: datetime, free_days: Collection[date] = ()) -> bool:
    """Whether the wall time lies in a window of its day."""
    minute = local.hour * 60 + local.minute
    return any(start <= minute < end for start, end in windows_of(weeks, local.date(), free_days))


def next_inside(
    weeks: Sequence[Week],
    at: datetime,
    zone: ZoneInfo,
    days: int,
    free_days: Collection[date] = (),
) -> datetime | None:
    """The first moment from `at` on that lies in a window of any of `weeks`; None within `days`.

    Of a free day its window is FREE_WINDOW.
    """
    local = at.astimezone(zone)
    if is_open(weeks, local, free_days):
        return at
    for offset in range(days + 2):
        day = local.date() + timedelta(days=offset)
        starts = sorted(start for start, _ in windows_of(weeks, day, free_days))
        for start in starts:
            moment = instant_of(day, start, zone)
            if moment > at:
                return moment
    return None


def next_free_day(
    barred: Mapping[date, object], at: datetime, zone: ZoneInfo, days: int
) -> datetime | None:
    """The first moment from `at` on whose local date is not barred; None within `days`."""
    day = at.astimezone(zone).date()
    if day not in barred:
        return at
    for offset in range(1, days + 2):
        if day + timedelta(days=offset) not in barred:
            return instant_of(day + timedelta(days=offset), 0, zone)
    return None


def next_midnight(at: datetime, zone: ZoneInfo) -> datetime:
    """When the local day of `at` is over."""
    return instant_of(at.astimezone(zone).date() + timedelta(days=1), 0, zone)


def next_monday(at: datetime, zone: ZoneInfo) -> datetime:
    """When the local week of `at`, Monday first, is over."""
    day = at.astimezone(zone).date()
    return instant_of(day + timedelta(days=7 - day.weekday()), 0, zone)


def instant_of(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant of a wall time.

    One that does not exist, as clocks are put forward, is read as the first that does; of one that
    comes twice the second is taken, the stricter reading for a beginning.
    """
    wall = datetime.combine(day, time(minute // 60, minute % 60), zone)
    late, early = wall.replace(fold=1), wall.replace(fold=0)
    utc = zone_of("UTC")
    if late.utcoffset() == early.utcoffset():
        return early.astimezone(utc)
    is_twice = late.astimezone(utc).astimezone(zone).replace(tzinfo=None) == wall.replace(
        tzinfo=None
    )
    if is_twice:
        return late.astimezone(utc)
    return _first_after_gap(late.astimezone(utc), early.astimezone(utc), zone)


def _first_after_gap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the offset of the zone changes, between two that enclose it, to a minute."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) // 2
        middle = middle.replace(second=0, microsecond=0)
        if middle <= before:
            break
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after
