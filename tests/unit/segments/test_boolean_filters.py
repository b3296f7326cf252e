"""A yes/no filter knows the words of contacts and refuses every other value."""

import pytest

from textwell.core.errors import FieldError
from textwell.segments.compiling import compile_conditions
from textwell.segments.types import Condition


@pytest.mark.parametrize(
    ("value", "bound"),
    [("Yes", "true"), ("oui", "true"), ("True", "true"), (1, "true"), (False, "false")],
)
def test_a_yes_no_filter_reads_the_words_of_contacts(value: object, bound: str) -> None:
    condition = Condition(field="vip", op="is", value=value)

    _sql, params = compile_conditions(
        (condition,), match="all", own_kinds={"vip": "boolean"}, list_ids=(), workspace_id=0
    )

    assert params["a1"] == bound


@pytest.mark.parametrize("value", ["maybe", None, "", 2, []])
def test_a_yes_no_filter_refuses_what_is_neither(value: object) -> None:
    condition = Condition(field="vip", op="is", value=value)

    with pytest.raises(FieldError, match="vip"):
        compile_conditions(
            (condition,), match="all", own_kinds={"vip": "boolean"}, list_ids=(), workspace_id=0
        )
