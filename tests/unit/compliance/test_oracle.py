"""Hours and holidays against an oracle that was written apart from the engine: naive and slow.

It knows the rules as a person would write them on paper, and takes holidays from a library instead
of the frozen files.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest

from textwell.compliance.engine import clock_of, decide
from textwell.compliance.library import shipped_library
from textwell.compliance.places import find_places
from textwell.compliance.types import (
    Case,
    Consent,
    ConsentKind,
    Layer,
    MessageClass,
    Recipient,
    Verdict,
)
from wide import WIDE

FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
ALL_DAYS = range(7)
WEEKDAYS, SATURDAY, SUNDAY = range(5), (5,), (6,)

# Place, zone, [(days, from, to)], calendar of barred days (country, part) or None.
PAPER = {
    "France": ("FR", "", "Europe/Paris", [(range(6), "08:00", "22:00")], ("FR", None)),
    "Moselle": ("FR", "FR-57", "Europe/Paris", [(range(6), "08:00", "22:00")], ("FR", "57")),
    "Alsace": ("FR", "FR-6AE", "Europe/Paris", [(range(6), "08:00", "22:00")], ("FR", "6AE")),
    "Bas-Rhin": ("FR", "FR-67", "Europe/Paris", [(range(6), "08:00", "22:00")], ("FR", "6AE")),
    "Reunion": ("FR", "FR-974", "Indian/Reunion", [(range(6), "08:00", "22:00")], ("FR", "974")),
    "USA": ("US", "", "America/New_York", [(ALL_DAYS, "08:00", "21:00")], None),
    "Texas": (
        "US", "US-TX", "America/Chicago",
        [(range(6), "09:00", "21:00"), (SUNDAY, "12:00", "21:00")], None,
    ),
    "El Paso": (
        "US", "US-TX", "America/Denver",
        [(range(6), "09:00", "21:00"), (SUNDAY, "12:00", "21:00")], None,
    ),
    "Florida": ("US", "US-FL", "America/New_York", [(ALL_DAYS, "08:00", "20:00")], None),
    "South Africa": (
        "ZA", "", "Africa/Johannesburg",
        [(WEEKDAYS, "08:00", "20:00"), (SATURDAY, "09:00", "13:00")], ("ZA", None),
    ),
    "Colombia": (
        "CO", "", "America/Bogota",
        [(WEEKDAYS, "07:00", "19:00"), (SATURDAY, "08:00", "15:00")], ("CO", None),
    ),
    "Vietnam": ("VN", "", "Asia/Ho_Chi_Minh", [(ALL_DAYS, "07:00", "22:00")], None),
    "India": ("IN", "", "Asia/Kolkata", [(ALL_DAYS, "10:00", "21:00")], None),
    "China": ("CN", "", "Asia/Shanghai", [(ALL_DAYS, "08:00", "21:00")], None),
}  # fmt: skip


def _paper_says(name: str, local: datetime, barred: holidays.HolidayBase | None) -> bool:
    if barred is not None and local.date() in barred:
        return False
    clock = local.strftime("%H:%M")
    return any(
        local.weekday() in days and start <= clock < end for days, start, end in PAPER[name][3]
    )


def _barred(name: str) -> holidays.HolidayBase | None:
    calendar = PAPER[name][4]
    if calendar is None:
        return None
    return holidays.country_holidays(calendar[0], subdiv=calendar[1], years=range(2025, 2031))


def _case(name: str, at: datetime = FIRST, *, zones: bool = True) -> Case:
    country, part, zone, _, _ = PAPER[name]
    return Case(
        at=at,
        recipient=Recipient(country, part, zones=(zone,) if zones else ()),
        message_class=MessageClass.MARKETING,
        consent=Consent(ConsentKind.EXPRESS_WRITTEN),
        layer=Layer.LEGAL,
    )


def _moments(name: str) -> Iterator[datetime]:
    """Every minute of three years; in the usual run a grid and the minutes around each border."""
    step = timedelta(minutes=1 if WIDE else 67)
    moment = FIRST
    while moment < LAST:
        yield moment
        moment += step
    zone = ZoneInfo(PAPER[name][2])
    borders = {border for _, *ends in PAPER[name][3] for border in ends} | {"00:00"}
    for offset in range(0, (LAST - FIRST).days, 1 if WIDE else 5):
        day = FIRST.date() + timedelta(days=offset)
        for border in borders:
            at = datetime.combine(day, time.fromisoformat(border), zone).astimezone(UTC)
            yield from (at - timedelta(minutes=1), at)


@pytest.mark.parametrize("name", PAPER)
def test_hours_agree_with_paper(name: str) -> None:
    """At every minute asked, over three years."""
    case = _case(name)
    clock = clock_of(case, find_places(case.recipient, date(2026, 6, 1), shipped_library()))
    zone, barred = ZoneInfo(PAPER[name][2]), _barred(name)

    differences = [
        moment.isoformat()
        for moment in _moments(name)
        if clock.is_open(moment) != _paper_says(name, moment.astimezone(zone), barred)
    ]

    assert differences == []


@pytest.mark.parametrize("name", PAPER)
def test_a_hold_ends_at_the_first_minute_that_paper_allows(name: str) -> None:
    """Asked at midnight of each day of a spring with all its holidays."""
    zone, barred = ZoneInfo(PAPER[name][2]), _barred(name)
    for offset in range(0, 90, 1 if WIDE else 3):
        at = datetime(2026, 3, 20, 22, 30, tzinfo=zone) + timedelta(days=offset)

        decision = decide(_case(name, at))

        expected = at.astimezone(UTC)
        while not _paper_says(name, expected.astimezone(zone), barred):
            expected += timedelta(minutes=1)
        if expected == at:
            assert decision.verdict is Verdict.ALLOW
        else:
            assert (decision.verdict, decision.until) == (Verdict.HOLD, expected)


def test_every_plausible_zone_must_allow() -> None:
    """A year of hours in a country of eight zones: open only where all of them are."""
    recipient = Recipient("US")
    places = find_places(recipient, date(2026, 6, 1), shipped_library())
    case = _case("USA", zones=False)
    clock = clock_of(case, places)
    zones = [ZoneInfo(name) for name in places.zones]
    assert len(zones) == 8

    moment = FIRST
    while moment < FIRST + timedelta(days=365):
        is_daytime = all(8 <= moment.astimezone(zone).hour < 21 for zone in zones)
        assert clock.is_open(moment) is is_daytime, moment
        moment += timedelta(minutes=53)
