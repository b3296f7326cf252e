"""Hours of a person's place: by country, by what a number tells, by zones."""

from datetime import UTC, datetime, timedelta

import pytest

from textwell.compliance.library import forget_judged
from textwell.messaging import law
from textwell.messaging.law import (
    ALLOWED,
    Law,
    Place,
    capped_places,
    closes_at,
    judge_caps,
    judge_hours,
    place_of,
)
from textwell.messaging.plan_law import judge_places, law_layer, place_of_key, write_laws

SUNDAY = datetime(2030, 6, 2, 10, tzinfo=UTC)  # noon in Paris
PARIS = Place("FR", "", "Europe/Paris")


@pytest.mark.parametrize(
    ("place", "at", "expected"),
    [
        (PARIS, datetime(2030, 6, 3, 10, tzinfo=UTC), ALLOWED),
        (PARIS, SUNDAY, Law("quiet_hours", datetime(2030, 6, 3, 6, tzinfo=UTC))),
        (Place("FR", ""), SUNDAY, Law("quiet_hours", datetime(2030, 6, 3, 6, tzinfo=UTC))),
        # 14 July 2030 is a Sunday, 1 May a Wednesday.
        (PARIS, datetime(2030, 5, 1, 10, tzinfo=UTC), Law("holiday", datetime(2030, 5, 2, 6, tzinfo=UTC))),
        (Place("VN", ""), SUNDAY, ALLOWED),
        (Place("LU", ""), SUNDAY, Law("no_pack")),
        (Place("", ""), SUNDAY, Law("no_pack")),
        # 20:30 in New York: past Florida's end, which the area code tells of.
        (Place("US", "+1305", "America/New_York"), datetime(2030, 6, 4, 0, 30, tzinfo=UTC),
         Law("quiet_hours", datetime(2030, 6, 4, 12, tzinfo=UTC))),
        (Place("US", "+1212", "America/New_York"), datetime(2030, 6, 4, 0, 30, tzinfo=UTC), ALLOWED),
    ],
)  # fmt: skip
def test_what_law_says_of_an_hour(place: Place, at: datetime, expected: Law) -> None:
    assert judge_hours(place, at, "legal") == expected


def test_a_zone_that_does_not_exist_leaves_those_of_the_country() -> None:
    place = Place("FR", "", "Mars/Base")

    assert judge_hours(place, SUNDAY, "legal") == Law(
        "quiet_hours", datetime(2030, 6, 3, 6, tzinfo=UTC)
    )


def test_rules_that_cannot_be_read_let_nothing_out_and_are_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_given: object) -> None:
        raise ValueError("FR/2026-11-01.toml, line 5: odd")

    monkeypatch.setattr(law, "ground_of", broken)
    forget_judged()

    found = judge_hours(PARIS, datetime(2030, 6, 3, 10, tzinfo=UTC), "legal")

    assert found == Law("facts_missing", datetime(2030, 6, 3, 10, 15, tzinfo=UTC))


def test_the_recommended_hours_are_shorter() -> None:
    evening = datetime(2030, 6, 3, 19, tzinfo=UTC)  # 21:00 in Paris

    assert judge_hours(PARIS, evening, "legal") == ALLOWED
    assert judge_hours(PARIS, evening, "recommended").lawful_at == datetime(
        2030, 6, 4, 6, tzinfo=UTC
    )


def test_no_layer_asks_nothing() -> None:
    assert judge_hours(Place("LU", ""), SUNDAY, "") == ALLOWED


@pytest.mark.parametrize(
    ("purpose", "is_simulated", "layer"),
    [
        ("marketing", False, "legal"),
        ("marketing", True, ""),
        ("care", False, ""),
        ("otp", False, ""),
    ],
)
def test_hours_hold_for_marketing_to_phones(
    purpose: str, *, is_simulated: bool, layer: str
) -> None:
    assert law_layer(purpose=purpose, is_simulated=is_simulated, layer="legal") == layer


@pytest.mark.parametrize(
    ("country", "msisdn", "place"),
    [
        ("US", "+13055550123", Place("US", "+1305", "America/New_York")),
        ("FR", "+33612345678", Place("FR", "", "America/New_York")),
    ],
)
def test_a_number_tells_a_part_where_parts_have_law_of_their_own(
    country: str, msisdn: str, place: Place
) -> None:
    assert place_of(country, msisdn, "America/New_York") == place


def test_a_word_for_a_place_is_read_back() -> None:
    assert place_of_key("US|+1305|America/Chicago") == Place("US", "+1305", "America/Chicago")
    assert place_of_key("VN||") == Place("VN", "")


def test_rows_are_written_for_places_that_must_wait_or_are_left_out() -> None:
    laws = judge_places(["FR||", "VN||", "LU||", ""], at=SUNDAY, layer="legal")

    assert write_laws(laws) == (
        '[{"key":"FR||","due_at":"2030-06-03T06:00:00+00:00","reason":""},'
        '{"key":"LU||","due_at":null,"reason":"no_pack"}]'
    )


MIAMI = Place("US", "+1305", "America/New_York")
WEDNESDAY = datetime(2026, 11, 25, 17, tzinfo=UTC)  # noon in Miami and in Bogota


@pytest.mark.parametrize(
    ("label", "place", "hours_ago", "reason", "free_after_h"),
    [
        ("two in Florida", MIAMI, [1, 2], "", None),
        ("three in Florida", MIAMI, [1, 2, 5], "legal_cap", 20),
        ("three, the last of them long ago", MIAMI, [1, 2, 25], "", None),
        ("as many as one likes in Boston", Place("US", "+1617", "America/New_York"), [1, 2, 3], "",
         None),
        ("one on this day in Colombia", Place("CO", "", "America/Bogota"), [1], "legal_cap", 19),
        ("one on the day before", Place("CO", "", "America/Bogota"), [14], "", None),
    ],
)  # fmt: skip
def test_a_cap_of_law_holds_until_the_first_open_hour_after_it(
    label: str, place: Place, hours_ago: list[int], reason: str, free_after_h: int | None
) -> None:
    handed = [WEDNESDAY - timedelta(hours=hours) for hours in hours_ago]

    law = judge_caps(place, WEDNESDAY, "legal", handed)

    after = None if free_after_h is None else WEDNESDAY + timedelta(hours=free_after_h)
    assert (law.reason, law.lawful_at) == (reason, after)


def test_where_law_caps_texts_is_known_by_country_and_number() -> None:
    places = capped_places(WEDNESDAY.date())

    assert {"VN", "CO", "+1305"} <= set(places)
    assert not {"FR", "US", "+1617"} & set(places)


@pytest.mark.parametrize(
    ("place", "at", "layer", "ends"),
    [
        (PARIS, datetime(2030, 6, 3, 10, tzinfo=UTC), "legal", datetime(2030, 6, 3, 20, tzinfo=UTC)),
        (PARIS, datetime(2030, 6, 3, 10, 0, 30, tzinfo=UTC), "recommended",
         datetime(2030, 6, 3, 18, tzinfo=UTC)),
        # Of all zones of the country the first that closes: 21 o'clock in New York.
        (Place("US", ""), datetime(2030, 6, 3, 20, tzinfo=UTC), "legal", datetime(2030, 6, 4, 1, tzinfo=UTC)),
        # The law of Germany knows no hours, and Luxembourg has no pack.
        (Place("DE", ""), datetime(2030, 6, 3, 10, tzinfo=UTC), "legal", None),
        (Place("LU", ""), datetime(2030, 6, 3, 10, tzinfo=UTC), "legal", None),
    ],
)  # fmt: skip
def test_when_open_hours_end(place: Place, at: datetime, layer: str, ends: datetime | None) -> None:
    assert closes_at(place, at, layer) == ends


@pytest.mark.parametrize("country", ["FR", "US", "CO", "ZA", "IN", "DE", "CL"])
def test_between_a_moment_and_the_end_of_its_hours_all_is_open(country: str) -> None:
    """Every half hour of a week, the end itself closed."""
    place = Place(country, "")
    for step in range(0, 7 * 48, 5):
        at = SUNDAY + timedelta(minutes=30 * step)
        end = closes_at(place, at, "recommended")
        if judge_hours(place, at, "recommended") != ALLOWED:
            continue
        assert end is not None
        assert judge_hours(place, end, "recommended") != ALLOWED
        while (at := at + timedelta(minutes=30)) < end:
            assert judge_hours(place, at, "recommended") == ALLOWED
