"""Hours and holidays of one kind of message at one kind of place, made ready to be asked often.

A million people fall into a few thousand such clocks: whoever plans asks each once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from textwell.compliance.calendars import Calendar
from textwell.compliance.hours import (
    Week,
    instant_of,
    is_open,
    next_free_day,
    next_inside,
    next_midnight,
    windows_of,
)

# A message that cannot go out within these days is undeliverable, not deferred for ever.
HORIZON_DAYS: Final = 7
_STEPS: Final = 200  # more openings than a week has, over all zones
_DAY_MINUTES: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Clock:
    """Open where every zone is inside one of each rule's weeks, on a day that no calendar bars.

    `free_days` of each rule: local days that have FREE_WINDOW in its place.
    """

    zones: tuple[ZoneInfo, ...]
    rules: tuple[tuple[Week, ...], ...]
    calendars: tuple[Calendar, ...]
    free_days: tuple[frozenset[date], ...]

    def is_open(self, at: datetime) -> bool:
        """Whether it may go out at that moment. A year that a calendar does not cover is closed."""
        for zone in self.zones:
            local = at.astimezone(zone)
            day = local.date()
            for weeks, free in zip(self.rules, self.free_days, strict=True):
                if not is_open(weeks, local, free):
                    return False
            for calendar in self.calendars:
                if day in calendar.days or not calendar.covers(day):
                    return False
        return True

    def next_open(self, at: datetime, *, days: int = HORIZON_DAYS) -> datetime | None:
        """The first whole minute from `at` on at which it may go out; None within `days`."""
        last = at + timedelta(days=days)
        moment = next_minute(at)
        for _ in range(_STEPS):
            if moment > last:
                return None
            later = self._later(moment)
            if later is None:
                return None
            if later == moment:
                return moment
            moment = next_minute(later)
        return None

    def next_closed(self, at: datetime, *, hours: int) -> datetime | None:
        """The first minute after an open one at which it may go out no more; None within `hours`."""
        last = at + timedelta(hours=hours)
        moment = at
        while self.zones and moment <= last:
            borders = [self._next_border(moment, zone) for zone in self.zones]
            moment = max(min(borders), moment + timedelta(minutes=1))
            if not self.is_open(moment):
                return moment if moment <= last else None
        return None

    def _next_border(self, at: datetime, zone: ZoneInfo) -> datetime:
        """When a window of that zone ends next, or its day does: nothing closes between."""
        local = at.astimezone(zone)
        minute = local.hour * 60 + local.minute
        ends = [
            end
            for weeks, free in zip(self.rules, self.free_days, strict=True)
            for _start, end in windows_of(weeks, local.date(), free)
            if minute < end < _DAY_MINUTES
        ]
        border = next_midnight(at, zone)
        if ends:
            border = min(border, instant_of(local.date(), min(ends), zone))
        return border

    def _later(self, at: datetime) -> datetime | None:
        """The moment before which some rule is closed for sure: `at` itself where none is."""
        moment = at
        for zone in self.zones:
            for weeks, days in zip(self.rules, self.free_days, strict=True):
                opened = next_inside(weeks, at, zone, HORIZON_DAYS, days)
                if opened is None:
                    return None
                moment = max(moment, opened)
            for calendar in self.calendars:
                if not calendar.covers(at.astimezone(zone).date()):
                    return None
                free = next_free_day(calendar.days, at, zone, HORIZON_DAYS)
                if free is None:
                    return None
                moment = max(moment, free)
        return moment


def next_minute(at: datetime) -> datetime:
    """The first whole minute from `at` on, in UTC."""
    whole = at.astimezone(UTC)
    floor = whole.replace(second=0, microsecond=0)
    return floor if floor == whole else floor + timedelta(minutes=1)
