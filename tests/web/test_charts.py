import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from textwell.messaging.states import EQUATION_TERMS
from textwell.web import charts

counts = st.dictionaries(st.sampled_from(EQUATION_TERMS), st.integers(0, 10**9))


@given(counts)
def test_slices_follow_each_other_and_fill_the_bar(terms: dict[str, int]) -> None:
    slices = charts.stack(terms)

    assert [s.name for s in slices] == [name for name, count in terms.items() if count]
    assert [s.x for s in slices] == sorted(s.x for s in slices)
    if slices:
        assert slices[0].x == 0
        assert 999 < slices[-1].x + slices[-1].width < 1002


def test_one_among_a_million_is_still_to_be_seen() -> None:
    thin = charts.stack({"delivered": 1_000_000, "unknown": 1})[-1]

    assert (thin.name, thin.width) == ("unknown", 1.5)


def test_nobody_makes_no_bar() -> None:
    assert charts.stack({"delivered": 0}) == []
    assert charts.share(3, 0) == 0


def test_the_upper_edge_of_a_chart_is_a_round_number() -> None:
    given_and_top = {0: 5, 4: 5, 5: 5, 7: 10, 21: 25, 501: 1000, 18_230: 20_000}

    assert {value: charts.round_up(value) for value in given_and_top} == given_and_top


def test_a_line_begins_at_the_left_and_its_highest_value_stays_below_the_edge() -> None:
    chart = charts.line_chart({"handed": [0, 5, 10], "delivered": [0, 0, 4]})

    assert chart.top == 10
    assert chart.lines[0].path == "M0.0 300.0L500.0 150.0L1000.0 0.0"
    assert chart.lines[1].area == "M0.0 300.0L500.0 300.0L1000.0 180.0L1000.0 300L0 300Z"


def test_sums_run_up() -> None:
    assert charts.cumulate([1, 0, 2]) == [1, 1, 3]


@pytest.mark.parametrize("language", ["en", "vi", "fr"])
def test_the_lines_of_a_chart_stand_where_they_stand_in_every_language(language: str) -> None:
    """A comma in a coordinate is no number to a browser."""
    chart = charts.line_chart({"handed": [0, 5, 10]})

    with translation.override(language):
        page = render_to_string("components/_line_chart.html", {"chart": chart})

    assert re.findall(r'y1="([^"]*)"', page) == ["0", "75", "150", "225", "300"]
