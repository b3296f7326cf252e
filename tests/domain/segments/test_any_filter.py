"""Whatever JSON stands anywhere in an audience: it chooses people, or a FieldError says what to mend."""

from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from builders import make_contact, make_workspace
from textwell.accounts.models import Workspace
from textwell.contacts.models import ContactList, FieldDefinition, FieldKind
from textwell.contacts.selectors import find_contact
from textwell.core.errors import FieldError
from textwell.segments.compiling import COLUMNS, OPERATORS
from textwell.segments.selectors import count_audience, is_in_audience
from textwell.segments.types import parse_audience
from wide import examples

pytestmark = pytest.mark.django_db

HARD = (
    "nan", "inf", "-Infinity", "1e999", "1_000", "٣", "²", "7.9", "0x10", " 7", "007", "", "\x00", "\ud800",
    "2026-W01-1", "10000-01-01", 7.9, 10**30, -1, 0, 2**63, float("nan"), float("inf"), "9" * 5000, True,
    None, [], {}, [1], ["nan", "inf"], [None, None], ["2026-01-01", "9999-12-31"], {"a": [1]},
)  # fmt: skip
VALUES = {"my_text": "a", "my_number": 1e308, "my_date": "2026-01-01", "my_boolean": True}
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
JSON = st.sampled_from(HARD) | st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)
FIELDS = st.sampled_from([*COLUMNS, *(f"my_{kind}" for kind in FieldKind.values), "none_such"])
OPS = st.sampled_from(sorted({op for ops in OPERATORS.values() for op in ops}))
CONDITION = st.fixed_dictionaries({"field": FIELDS, "op": OPS, "value": JSON})
BROKEN = st.fixed_dictionaries({"field": FIELDS | JSON, "op": OPS | JSON}, optional={"value": JSON})
AUDIENCE = (
    st.fixed_dictionaries({"filters": st.lists(CONDITION, min_size=1, max_size=2)})
    | st.fixed_dictionaries(
        {"filters": JSON | st.lists(BROKEN | JSON, min_size=1, max_size=2)},
        optional={"match": st.sampled_from(["all", "any"]) | JSON},
    )
    | st.fixed_dictionaries({}, optional={"all": JSON, "list_id": JSON, "tag": JSON})
)


def _filter(field: str, op: str, value: object) -> dict[str, Any]:
    return {"filters": [{"field": field, "op": op, "value": value}]}


def _define_kinds(workspace: Workspace) -> None:
    for kind in FieldKind.values:
        name = f"my_{kind}"
        FieldDefinition.objects.get_or_create(
            workspace_id=workspace.id, name=name, defaults={"label": name, "kind": kind}
        )


def _refusal(workspace: Workspace, audience: dict[str, Any], contact_id: int) -> FieldError | None:
    try:
        is_in_audience(workspace.id, parse_audience(audience), contact_id)
    except FieldError as refused:
        return refused
    return None


@example(audience=_filter("list", "in", "nan"))
@example(audience=_filter("list", "not_in", "inf"))
@example(audience=_filter("list", "in", "1e30"))
@example(audience=_filter("first_name", "is", "a\x00"))
@example(audience=_filter("tags", "has", "\ud800"))
@example(audience={"list_id": "²"})
@example(audience={"tag": "\x00"})
@given(audience=AUDIENCE)
@settings(max_examples=examples(100), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_audience_chooses_people_or_names_what_to_mend(
    workspace: Workspace, audience: dict[str, Any]
) -> None:
    _define_kinds(workspace)
    person = find_contact(workspace.id, "+33612345678") or make_contact(
        workspace=workspace, msisdn="+33612345678", fields=VALUES
    )
    refused = _refusal(workspace, audience, person.id)

    if refused is not None:
        assert refused.field.split(".")[0] == "audience"
        assert refused.mend
        str(refused).encode()  # an answer can carry it


@pytest.mark.parametrize(
    ("field", "op", "value", "part"),
    [
        ("list", "in", "nan", "value"),
        ("list", "in", 7.9, "value"),
        ("list", "not_in", 2**40, "value"),
        ("list", "in", True, "value"),
        ("my_number", "gt", "nan", "value"),
        ("my_number", "is", "1_000", "value"),
        ("my_number", "between", [1, "inf"], "value"),
        ("my_date", "is", "17.5.1990", "value"),
        ("my_text", "contains", "", "value"),
        ("my_text", "is", ["a"], "value"),
        ("tags", "has", None, "value"),
        ("my_number", "contains", 1, "op"),
        ("none_such", "is", 1, "field"),
    ],
)
def test_a_wrong_part_is_named_with_its_place(
    workspace: Workspace, field: str, op: str, value: object, part: str
) -> None:
    _define_kinds(workspace)
    right = {"field": "country", "op": "is", "value": "FR"}
    wrong = {"field": field, "op": op, "value": value}

    with pytest.raises(FieldError, match=rf"Filter 2, {field}: ") as refused:
        count_audience(workspace.id, parse_audience({"filters": [right, wrong]}))

    assert refused.value.field == f"audience.filters.1.{part}"


def test_only_lists_of_the_workspace_can_be_chosen(workspace: Workspace) -> None:
    other = make_workspace(name="Other")
    mine = ContactList.objects.create(workspace_id=workspace.id, name="Regulars")
    theirs = ContactList.objects.create(workspace_id=other.id, name="Theirs")

    for value in (mine.id, str(mine.id), float(mine.id)):
        assert count_audience(workspace.id, parse_audience(_filter("list", "in", value))) == 0
    with pytest.raises(FieldError, match="none of your lists"):
        count_audience(workspace.id, parse_audience(_filter("list", "in", theirs.id)))
