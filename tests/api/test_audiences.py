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
