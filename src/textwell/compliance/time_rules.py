"""When: caps, hours and holidays, each with the moment from which it would allow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from textwell.compliance.calendars import Calendar, find_calendar
from textwell.compliance.consent_rules import Answer, is_express, standing_kind
from textwell.compliance.hours import (
    DAYS,
    Week,
    is_open,
    next_midnight,
    next_monday,
    read_agreed,
    read_windows,
    zone_of,
)
from textwell.compliance.schema import CapRule, HolidaysRule, HoursRule
from textwell.compliance.types import PROMOTIONAL, Case, Reason, Recent


class Timing(NamedTuple):
    """How a cap was judged: why it fails, by what, and from when it would pass."""

    reason: Reason | None
    inputs: dict[str, object]
    free_at: datetime | None = None  # None with a reason: never


@lru_cache(maxsize=1024)
def _week(days: tuple[tuple[str, ...], ...]) -> Week:
    return tuple(read_windows(texts) for texts in days)


def week_of(rule: HoursRule) -> Week:
    """The windows of a rule in minutes."""
    return _week(tuple(tuple(getattr(rule, day)) for day in DAYS))


def is_lifted(rule: HoursRule | HolidaysRule, case: Case) -> bool:
    """Whether the person's consent takes these hours away altogether."""
    if rule.lifted_by not in {"night", "express"}:
        return False
    if not is_express(standing_kind(case.consent, case.at)):
        return False
    return rule.lifted_by == "express" or case.consent.agrees_to_night


def weeks_of(rule: HoursRule, case: Case) -> list[Week]:
    """The rule's windows, and those that the person agreed to where the rule lets them."""
    weeks = [week_of(rule)]
    if rule.lifted_by == "hours" and case.consent.agreed_hours:
        weeks.append(read_agreed(case.consent.agreed_hours))
    return weeks


def judge_hours(
    rule: HoursRule, case: Case, zones: Iterable[str], free_days: frozenset[date] = frozenset()
) -> Answer:
    """Inside the windows in every zone in which the person may be? When next: `clock` knows.

    A free day, by the person's clock, has a window of its own.
    """
    if is_lifted(rule, case):
        return None, {"lifted_by": rule.lifted_by}
    weeks = weeks_of(rule, case)
    local: dict[str, object] = {}
    free: list[str] = []
    is_allowed = True
    for name in zones:
        here = case.at.astimezone(zone_of(name))
        local[name] = f"{DAYS[here.weekday()]} {here.hour:02}:{here.minute:02}"
        if here.date() in free_days:
            free.append(here.date().isoformat())
        is_allowed = is_allowed and is_open(weeks, here, free_days)
    inputs: dict[str, object] = {"local": local}
    if free:
        inputs["exception_days"] = sorted(set(free))
    return (None if is_allowed else Reason.QUIET_HOURS), inputs


def calendars_of(rule: HolidaysRule, subdivisions: Iterable[str]) -> list[Calendar]:
    """The calendar of the part of the country where one is known, or else the country's."""
    own = [rule.subdivisions[part] for part in subdivisions if part in rule.subdivisions]
    return [find_calendar(name) for name in (own or [rule.calendar])]


def judge_holidays(
    rule: HolidaysRule, case: Case, zones: Iterable[str], subdivisions: Iterable[str]
) -> Answer:
    """On no barred day in any zone in which the person may be? When next: `clock` knows."""
    if is_lifted(rule, case):
        return None, {"lifted_by": rule.lifted_by}
    calendars = calendars_of(rule, subdivisions)
    names: dict[str, object] = {}
    for day in dict.fromkeys(case.at.astimezone(zone_of(name)).date() for name in zones):
        for calendar in calendars:
            if not calendar.covers(day):
                return Reason.CALENDAR_MISSING, {"calendar": calendar.name, "year": day.year}
            if day in calendar.days:
                names[day.isoformat()] = calendar.days[day]
    return (Reason.HOLIDAY if names else None), {"holidays": names}


def judge_cap(rule: CapRule, case: Case, zones: Iterable[str]) -> Timing:
    """Below the cap, counted at the person's place?"""
    counted = [recent for recent in case.recent if _counts(rule, case, recent)]
    if rule.period == "rolling":
        return _rolling(rule, case, counted)
    frees: list[datetime] = []
    most = 0
    for name in zones:
        zone = zone_of(name)
        start = _period_start(rule, case.at, zone)
        inside = [recent for recent in counted if recent.at.astimezone(zone).date() >= start]
        most = max(most, _weigh(rule, inside))
        if _is_reached(rule, inside):
            is_day = rule.period == "calendar_day"
            frees.append(next_midnight(case.at, zone) if is_day else next_monday(case.at, zone))
    reason = Reason.CAP_REACHED if frees else None
    return Timing(reason, {"max": rule.max, "count": most}, max(frees, default=None))


def _rolling(rule: CapRule, case: Case, counted: list[Recent]) -> Timing:
    period = timedelta(hours=rule.period_hours)
    inside = sorted(
        (recent for recent in counted if recent.at > case.at - period),
        key=lambda recent: recent.at,
    )
    inputs: dict[str, object] = {"max": rule.max, "count": _weigh(rule, inside)}
    if not _is_reached(rule, inside):
        return Timing(None, inputs)
    # As the oldest ones leave the period, one by one, the cap becomes free.
    for index, recent in enumerate(inside):
        if not _is_reached(rule, inside[index + 1 :]):
            return Timing(Reason.CAP_REACHED, inputs, recent.at + period)
    return Timing(Reason.CAP_REACHED, inputs)


def _counts(rule: CapRule, case: Case, recent: Recent) -> bool:
    if recent.at > case.at or recent.message_class not in PROMOTIONAL:
        return False
    is_other = (
        case.subject is not None and recent.subject is not None and case.subject != recent.subject
    )
    return not (rule.same_subject_only and is_other)


def _weigh(rule: CapRule, recents: list[Recent]) -> int:
    if rule.counts == "channels":
        return len({recent.channel for recent in recents} | {"sms"}) if recents else 0
    return len(recents)


def _is_reached(rule: CapRule, recents: list[Recent]) -> bool:
    if rule.counts == "channels":
        return _weigh(rule, recents) > rule.max
    return len(recents) >= rule.max


def _period_start(rule: CapRule, at: datetime, zone: ZoneInfo) -> date:
    day = at.astimezone(zone).date()
    return day if rule.period == "calendar_day" else day - timedelta(days=day.weekday())
