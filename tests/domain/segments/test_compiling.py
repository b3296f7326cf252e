"""Filters over people: who is in, by exact names, and what is refused."""

from typing import Any

import pytest

from builders import make_contact
from textwell.accounts.models import Workspace
from textwell.contacts.models import Contact, FieldDefinition
from textwell.core.errors import FieldError
from textwell.segments.selectors import compile_audience, count_audience
from textwell.segments.types import parse_audience

pytestmark = pytest.mark.django_db


def make_people(workspace: Workspace) -> None:
    for name, kind in (("points", "number"), ("born", "date"), ("is_member", "boolean")):
        FieldDefinition.objects.create(workspace_id=workspace.id, name=name, label=name, kind=kind)
    ada = {"points": 12, "born": "1990-05-17", "is_member": True}
    make_contact(workspace=workspace, first_name="Ada", fields=ada, tags=["vip"])
    make_contact(workspace=workspace, first_name="B_b%", fields={"points": 3}, country="DE")
    make_contact(workspace=workspace, first_name="")


def names(workspace: Workspace, *filters: dict[str, Any], match: str = "all") -> list[str]:
    audience = parse_audience({"filters": list(filters), "match": match})
    compiled = compile_audience(workspace.id, audience)
    statement = f"SELECT * FROM contacts_contact c WHERE {compiled.where} ORDER BY id"
    found = [person.first_name for person in Contact.objects.raw(statement, compiled.params)]
    assert count_audience(workspace.id, audience) == len(found)
    return found


@pytest.mark.parametrize(
    ("field", "op", "value", "expected"),
    [
        ("first_name", "is", "ADA", ["Ada"]),
        ("first_name", "is_not", "ada", ["B_b%", ""]),
        ("first_name", "contains", "_", ["B_b%"]),
        ("first_name", "contains", "%", ["B_b%"]),
        ("first_name", "starts_with", "b", ["B_b%"]),
        ("first_name", "is_empty", None, [""]),
        ("first_name", "is_known", None, ["Ada", "B_b%"]),
        ("first_name", "is", "' OR true --", []),
        ("country", "is", "DE", ["B_b%"]),
        ("points", "gt", 3, ["Ada"]),
        ("points", "gte", "3", ["Ada", "B_b%"]),
        ("points", "between", [1, 5], ["B_b%"]),
        ("points", "is_empty", None, [""]),
        ("born", "lt", "1990-05-18", ["Ada"]),
        ("is_member", "is", True, ["Ada"]),
        ("is_member", "is_not", True, ["B_b%", ""]),
        ("tags", "has", "vip", ["Ada"]),
        ("tags", "has_not", "vip", ["B_b%", ""]),
    ],
)
def test_a_filter_finds_exactly_its_people(
    workspace: Workspace, field: str, op: str, value: object, expected: list[str]
) -> None:
    make_people(workspace)

    assert names(workspace, {"field": field, "op": op, "value": value}) == expected


def test_filters_are_joined_by_all_or_any(workspace: Workspace) -> None:
    make_people(workspace)
    filters = (
        {"field": "points", "op": "gte", "value": 3},
        {"field": "country", "op": "is", "value": "FR"},
    )

    assert names(workspace, *filters) == ["Ada"]
    assert names(workspace, *filters, match="any") == ["Ada", "B_b%", ""]


@pytest.mark.parametrize(
    ("field", "op", "value"),
    [
        ("c.id; DROP", "is", 1),
        ("first_name", "gt", "A"),
        ("points", "is", "many"),
        ("points", "between", [1]),
        ("born", "is", "17.5.1990"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_mend(
    workspace: Workspace, field: str, op: str, value: object
) -> None:
    make_people(workspace)

    with pytest.raises(FieldError) as refused:
        names(workspace, {"field": field, "op": op, "value": value})

    assert refused.value.field.startswith("audience.filters.0.")
    assert refused.value.mend
