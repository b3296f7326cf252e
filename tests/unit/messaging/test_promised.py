"""What was promised to whom."""

from datetime import UTC, datetime

import pytest

from textwell.messaging.promised import (
    Step,
    find_promised,
    find_unpromised,
    list_unpromised,
    make_steps,
    read_named,
)

DAYS = [datetime(2026, month, 1, tzinfo=UTC) for month in range(1, 7)]


@pytest.mark.parametrize(
    ("story", "published", "promised"),
    [
        ("nothing was promised", [], [0, 0, 0, 0, 0, 0]),
        ("a first promise holds for everybody", [(2, 4)], [4, 4, 4, 4, 4, 4]),
        ("a lower one holds for everybody", [(1, 8), (3, 4)], [4, 4, 4, 4, 4, 4]),
        ("a higher one for who agrees after it", [(1, 4), (3, 8)], [4, 4, 4, 8, 8, 8]),
        ("down and up again", [(0, 8), (2, 2), (4, 6)], [2, 2, 2, 2, 6, 6]),
        ("taken back for who agrees after it", [(1, 4), (3, 0)], [4, 4, 4, 0, 0, 0]),
        ("taken back and made anew", [(1, 4), (2, 0), (4, 9)], [4, 4, 9, 9, 9, 9]),
    ],
)
def test_a_promise_is_never_raised_for_who_agreed_before(
    story: str, published: list[tuple[int, int]], promised: list[int]
) -> None:
    steps = make_steps((DAYS[day], most) for day, most in published)

    assert [find_promised(steps, day) for day in DAYS] == promised, story


def test_of_whom_nobody_knows_when_they_agreed_the_least_holds() -> None:
    steps = make_steps([(DAYS[0], 4), (DAYS[2], 8)])

    assert steps[0] == Step(None, 4)
    assert find_promised(steps, None) == 4


PRESENT = {
    "most": 4,
    "senders": [{"value": "BAKERY", "country": ""}, {"value": "38000", "country": "FR"}],
    "topics": [{"key": "bread", "name": "Bread"}],
}


@pytest.mark.parametrize(
    ("sender", "topic", "in_france", "in_spain"),
    [
        ("BAKERY", "", "", ""),
        ("BAKERY", "bread", "", ""),
        ("BAKERY", "cake", "topic_not_promised", "topic_not_promised"),
        ("38000", "bread", "", "sender_not_promised"),
        ("CAFE", "", "sender_not_promised", "sender_not_promised"),
    ],
)
def test_a_promise_names_senders_by_country_and_topics(
    sender: str, topic: str, in_france: str, in_spain: str
) -> None:
    unpromised = list_unpromised(read_named(PRESENT), sender, topic)

    found = [find_unpromised(unpromised, country) for country in ("FR", "ES")]
    assert found == [in_france, in_spain]


@pytest.mark.parametrize("present", [None, PRESENT | {"most": 0}])
def test_without_a_promise_everybody_may_speak(present: dict[str, object] | None) -> None:
    assert list_unpromised(read_named(present), "CAFE", "cake") == {}
