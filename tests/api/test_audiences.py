"""Whom a campaign is meant for: four forms in the document, and errors that name the field."""

from typing import Any, get_args

import pytest

from api.conftest import Program
from textwell.api.app import api
from textwell.api.schemas.audiences import Operator
from textwell.segments.compiling import OPERATORS

pytestmark = pytest.mark.django_db
CITY = {"field": "city", "op": "is", "value": "Hanoi"}


@pytest.mark.parametrize(
    "audience",
    [{"all": True}, {"tag": "vip"}, {"filters": [CITY], "match": "any"}, {"filters": [CITY]}, {},
     {"filters": [{"field": "age", "op": "between", "value": [18, 30]}]},
     {"filters": [{"field": "is_member", "op": "is", "value": True}]}],
)  # fmt: skip
def test_each_form_is_kept_as_it_was_given(program: Program, audience: dict[str, Any]) -> None:
    answer = program.post("/campaigns", {"name": "Spring", "audience": audience})

    assert (answer.status_code, answer.json()["audience"]) == (201, audience)


@pytest.mark.parametrize(
    ("audience", "field"),
    [({"filters": [CITY, CITY | {"op": "near"}]}, "audience.filters.1.op"),
     ({"filters": [{"op": "is", "value": 1}]}, "audience.filters.0.field"),
     ({"filters": []}, "audience.filters"), ({"filters": [CITY], "match": "some"}, "audience.match"),
     ({"list_id": "three"}, "audience.list_id"), ({"all": True, "tag": "vip"}, "audience.tag"),
     ({"city": "Hanoi"}, "audience.city")],
)  # fmt: skip
def test_an_error_names_the_field(program: Program, audience: dict[str, Any], field: str) -> None:
    answer = program.post("/campaigns", {"name": "Spring", "audience": audience})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_the_document_has_one_of_the_forms_with_every_comparison() -> None:
    schemas = api.get_openapi_schema(path_prefix="/api/v1/")["components"]["schemas"]
    given = schemas["NewCampaign"]["properties"]["audience"]

    forms = {ref["$ref"].rsplit("/", 1)[1] for ref in given["anyOf"][0]["oneOf"]}
    assert forms == {"Everybody", "OfList", "OfTag", "Filtered", "Nobody"}
    assert set(get_args(Operator)) == {op for ops in OPERATORS.values() for op in ops}
    assert set(schemas["FilterIn"]["properties"]["op"]["enum"]) == set(get_args(Operator))


@pytest.mark.parametrize(
    ("wrong", "part"),
    [({"field": "list", "op": "in", "value": "nan"}, "value"),
     ({"field": "list", "op": "in", "value": 7.9}, "value"),
     ({"field": "shoe_size", "op": "gt", "value": 40}, "field"),
     ({"field": "created_at", "op": "contains", "value": "1"}, "op")],
)  # fmt: skip
def test_a_filter_that_cannot_be_read_is_named_by_every_question(
    program: Program, wrong: dict[str, Any], part: str
) -> None:
    filters = [{"field": "country", "op": "is", "value": "FR"}, wrong]
    given = {"name": "Spring", "body": "Bread", "audience": {"filters": filters}}
    path = f"/campaigns/{program.post('/campaigns', given).json()['id']}"

    problems = program.get(f"{path}/check").json()["problems"]
    refusals = [program.get(f"{path}/count"), program.get(f"{path}/forecast")]

    place = f"audience.filters.1.{part}"
    assert place in [problem["field"] for problem in problems]
    assert [answer.status_code for answer in refusals] == [422, 422]
    assert [answer.json()["errors"][0]["field"] for answer in refusals] == [place, place]


@pytest.mark.parametrize("value", ["a\x00b", "\ud800", float("nan"), float("inf"), 10**400])
def test_a_value_that_no_answer_can_carry_is_no_fault_of_ours(
    program: Program, value: object
) -> None:
    audience = {"filters": [{"field": "country", "op": "is", "value": value}]}

    answer = program.post("/campaigns", {"name": "Spring", "body": "Bread", "audience": audience})

    assert answer.status_code in {201, 400, 422}
    if answer.status_code == 201:
        assert program.get(f"/campaigns/{answer.json()['id']}/check").status_code == 200
