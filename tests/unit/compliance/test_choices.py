"""What a workspace may choose: cautious hours yield on named days, law never; disputed rules by choice."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from textwell.compliance.choices import read_choices, write_choices
from textwell.compliance.disputes import find_lenient, rules_as_read
from textwell.compliance.hours import DAYS, read_windows
from textwell.compliance.library import shipped_library
from textwell.compliance.schema import HoursRule, Pack, Rule
from textwell.messaging.disputed import list_disputes
from textwell.messaging.law import Law, Place, judge_hours

TODAY = date(2026, 12, 1)
SINGLES_DAY = date(2026, 11, 11)
CHOSEN = "recommended" + write_choices(free_days=[("CN", SINGLES_DAY)], lenient=[])
CHINA = Place("CN", "")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def open_minutes(day: date, layer: str) -> tuple[str, str]:
    """The first and the last minute of a day at which marketing goes to China."""
    found = [
        f"{minute // 60:02}:{minute % 60:02}"
        for minute in range(1440)
        if not judge_hours(CHINA, at(day, minute // 60, minute % 60), layer).reason
    ]
    return found[0], found[-1]


def test_choices_are_one_word_that_is_read_as_it_was_written() -> None:
    word = "legal" + write_choices(
        free_days=[("VN", date(2027, 2, 5)), ("CN", SINGLES_DAY)], lenient=["US-WA:hours"]
    )

    assert word == "legal+CN:2026-11-11+VN:2027-02-05~US-WA:hours"
    assert read_choices(word).free_days == {("VN", date(2027, 2, 5)), ("CN", SINGLES_DAY)}
    assert read_choices(word).lenient == {"US-WA:hours"}
    assert write_choices(free_days=[], lenient=[]) == ""


@pytest.mark.parametrize("word", ["", "loose", "legal+CN", "legal+CN:11.11.", "legal+CN:2026:11"])
def test_what_cannot_be_read_lets_nothing_go(word: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_choices(word)
    if word:
        assert judge_hours(CHINA, at(SINGLES_DAY, 12), word).reason == "facts_missing"


def test_cautious_hours_hold_on_every_ordinary_day() -> None:
    days = [SINGLES_DAY + timedelta(days=n) for n in (-1, 1, 2, 200)]

    assert {open_minutes(day, CHOSEN) for day in days} == {("09:00", "20:29")}


def test_on_a_named_day_the_hours_of_law_alone_hold() -> None:
    assert open_minutes(SINGLES_DAY, CHOSEN) == ("08:00", "20:59")
    assert open_minutes(SINGLES_DAY, "recommended") == ("09:00", "20:29")


def test_a_day_of_one_country_is_none_of_another() -> None:
    late = datetime(2026, 11, 11, 20, 45, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))

    assert judge_hours(Place("VN", ""), late, CHOSEN).reason == "quiet_hours"


def test_what_waits_goes_at_the_first_minute_of_law_on_a_named_day() -> None:
    evening = at(SINGLES_DAY - timedelta(days=1), 22)

    assert judge_hours(CHINA, evening, CHOSEN) == Law("quiet_hours", at(SINGLES_DAY, 8))
    assert judge_hours(CHINA, evening, "recommended") == Law("quiet_hours", at(SINGLES_DAY, 9))


def test_a_named_day_counts_by_the_clock_of_each_place_the_person_may_be_in() -> None:
    """Half past eight in the evening of the day in Florida: next to it, in Texas, it is still that day."""
    layer = "recommended+US:2026-11-27"
    places = [Place("US", "", zone) for zone in ("America/New_York", "Asia/Tokyo")]
    moment = datetime(2026, 11, 28, 1, 45, tzinfo=UTC)  # 20:45 on the 27th in New York

    reasons = [judge_hours(place, moment, layer).reason for place in places]

    assert reasons == ["", judge_hours(places[1], moment, "recommended").reason]


def _packs() -> list[Pack]:
    library = shipped_library()
    found = (library.find(name, TODAY) for name in sorted(library.ids))
    return [pack for pack in found if pack is not None]


def test_law_yields_nowhere_on_a_named_day() -> None:
    """In no country is anything open on a named day that is closed by law."""
    wider = []
    for pack in _packs():
        if pack.subdivision:
            continue
        layer = f"recommended+{pack.country}:2026-12-06"  # a Sunday
        place = Place(pack.country, "")
        for hour in range(48):
            moment = datetime(2026, 12, 5, 12, tzinfo=UTC) + timedelta(hours=hour)
            if not judge_hours(place, moment, layer).reason:
                wider += [pack.id] if judge_hours(place, moment, "legal").reason else []

    assert wider == []


def test_every_disputed_rule_has_two_citations() -> None:
    disputes = list_disputes(TODAY)

    assert len(disputes) == 23
    assert all(len({reading.by for reading in one.readings}) >= 2 for one in disputes)
    assert sum(one.lenient is not None for one in disputes) == 13


def _minutes(rule: HoursRule) -> set[tuple[str, int]]:
    return {
        (day, minute)
        for day in DAYS
        for start, end in read_windows(getattr(rule, day))
        for minute in range(start, end)
    }


def _twins() -> list[tuple[Pack, Rule, Rule | None]]:
    found = []
    for pack in _packs():
        for rule in filter(find_lenient, pack.rule):
            name = f"{pack.id}:{rule.id}"
            twin = next((r for r in rules_as_read(pack, {name}) if r.id == rule.id), None)
            found.append((pack, rule, twin))
    return found


def test_the_reading_that_may_be_chosen_is_the_looser_one() -> None:
    hours = [(rule, twin) for _pack, rule, twin in _twins() if isinstance(rule, HoursRule)]
    kept = [(rule, twin) for rule, twin in hours if isinstance(twin, HoursRule)]

    assert len(kept) == 5
    assert all(
        _minutes(rule) < _minutes(twin) or twin.lifted_by == "express" for rule, twin in kept
    )


def test_a_choice_changes_no_other_rule() -> None:
    for pack, rule, _twin in _twins():
        others = list(rules_as_read(pack, {f"{pack.id}:{rule.id}"}))
        assert [r for r in others if r.id != rule.id] == [r for r in pack.rule if r.id != rule.id]


def test_the_strict_reading_holds_until_another_is_chosen() -> None:
    moment = at(date(2026, 12, 2), 21, 30)

    assert judge_hours(CHINA, moment, "legal").reason == "quiet_hours"
    assert judge_hours(CHINA, moment, "legal~CN:hours").reason == ""
    assert judge_hours(CHINA, moment, "legal~US:hours").reason == "quiet_hours"
    assert judge_hours(CHINA, moment, "recommended~CN:hours").reason == "quiet_hours"
