"""A condition in the inputs of a row and back."""

from typing import Any, get_args

import pytest

from textwell.api.schemas.audiences import Operator
from textwell.web.forms.filters import OPERATOR_LABELS, Known, count_rows, read_row, show_row

KNOWN = Known(frozenset({"city", "points", "tags", "list"}), frozenset({"", "3", "4"}))


def _condition(field: str, op: str, *value: object) -> dict[str, Any]:
    return {"field": field, "op": op} | ({"value": value[0]} if value else {})


def test_the_form_knows_every_comparison_of_the_api() -> None:
    assert {name for name, _label in OPERATOR_LABELS} == set(get_args(Operator))


@pytest.mark.parametrize("op", get_args(Operator))
@pytest.mark.parametrize("value", ["Hanoi", 5, 12.0, True, False, None, "", "5"])
def test_an_untouched_row_keeps_its_condition(op: str, value: object) -> None:
    stored = _condition("city", op, [value, 7] if op == "between" else value)

    shown = show_row(stored, KNOWN)

    assert shown is not None
    assert read_row(shown, stored, KNOWN) is stored


def test_an_untouched_row_without_a_value_gets_none() -> None:
    stored = _condition("city", "is_known")

    assert read_row(show_row(stored, KNOWN) or {}, stored, KNOWN) == stored


def test_yes_and_no_stand_as_the_words_that_mean_them() -> None:
    shown = [show_row(_condition("city", "is", value), KNOWN) for value in (True, False)]

    assert [(row or {})["value"] for row in shown] == ["true", "false"]


@pytest.mark.parametrize(
    ("why", "stored"),
    [
        ("a field that is gone", _condition("gone", "is", "x")),
        ("a comparison nobody knows", _condition("city", "near", "x")),
        ("a list where one value belongs", _condition("city", "is", ["x", "y"])),
        ("one value where two belong", _condition("points", "between", 5)),
        ("three values where two belong", _condition("points", "between", [1, 2, 3])),
        ("a list within a pair", _condition("points", "between", [1, [2]])),
        ("outer spaces", _condition("city", "is", " x")),
        ("two lines", _condition("city", "is", "x\ny")),
        ("a text too long for the input", _condition("city", "is", "x" * 201)),
        ("a list of people that is gone", _condition("list", "in", 9)),
    ],
)
def test_what_no_inputs_can_hold_gets_none(why: str, stored: dict[str, Any]) -> None:
    assert show_row(stored, KNOWN) is None, why


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"value": "5"}, _condition("points", "between", ["5", "6"])),
        ({"until": "9"}, _condition("points", "between", ["4", "9"])),
        ({"op": "gte"}, _condition("points", "gte", "4")),
        ({"field": "list", "op": "in", "list": "3"}, _condition("list", "in", 3)),
        ({"field": ""}, None),
    ],
)
def test_a_touched_row_says_what_its_inputs_say(change: dict[str, str], expected: object) -> None:
    stored = _condition("points", "between", [4, 6])
    shown = show_row(stored, KNOWN)
    assert shown is not None

    assert read_row(shown | change, stored, KNOWN) == expected


def test_rows_are_counted_by_what_is_sent() -> None:
    assert count_rows(["name"]) == 3
    assert count_rows(["field_1", "kept_12", "value_99", "field_0", "field_x"]) == 12
