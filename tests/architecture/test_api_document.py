"""The OpenAPI document is whole: each operation has examples that fit and names every refusal."""

from collections.abc import Iterator
from typing import Any, Final

import jsonschema_rs
import orjson
import pytest
from ninja import Schema

from textwell.api.app import api

Json = dict[str, Any]  # Any: JSON values

DOCUMENT: Final[Json] = orjson.loads(
    orjson.dumps(
        api.get_openapi_schema(path_prefix="/api/v1/"), default=str, option=orjson.OPT_NON_STR_KEYS
    )
)
OPERATIONS: Final = [
    pytest.param(method.upper(), path, operation, id=f"{method.upper()} {path}")
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


def _shown(operation: Json) -> Iterator[tuple[str, Json, Any]]:
    """(where, schema, example) of all that an operation takes and gives."""
    for parameter in operation["parameters"]:
        yield parameter["name"], parameter["schema"], parameter.get("example")
    contents = {"body": operation.get("requestBody", {}), **operation["responses"]}
    for where, given in contents.items():
        for media in given.get("content", {}).values():
            yield where, media["schema"], media.get("example")


def _refusals(method: str, path: str, operation: Json) -> set[str]:
    expected = {"401", "403", "422", "429", "503"}
    if "{" in path:
        expected |= {"404"}
    if "requestBody" in operation:
        expected |= {"400", "413"}
    if method in {"POST", "PATCH"}:
        expected |= {"409"}
    return expected


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_everything_has_an_example_that_fits(method: str, path: str, operation: Json) -> None:
    for where, schema, example in _shown(operation):
        assert example is not None, where
        whole = {**schema, "components": DOCUMENT["components"]}
        jsonschema_rs.validator_for(whole).validate(example)


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_every_refusal_is_named_as_a_problem(method: str, path: str, operation: Json) -> None:
    refusals = {status for status in operation["responses"] if status >= "400"}

    assert refusals >= _refusals(method, path, operation)
    for status in refusals:
        (media,) = operation["responses"][status]["content"].items()
        assert media[0] == "application/problem+json"
        assert media[1]["example"]["status"] == int(status)


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_an_answer_that_is_no_refusal_is_described(method: str, path: str, operation: Json) -> None:
    answers = {status: each for status, each in operation["responses"].items() if status < "400"}

    assert answers
    assert operation["description"]
    assert all(each.get("content") for status, each in answers.items() if status != "204")


def test_every_schema_has_a_name_of_its_own() -> None:
    """Of two schemas with one name the document shows the last, for both."""

    def below(kind: type[Schema]) -> Iterator[type[Schema]]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    ours = {each for each in below(Schema) if each.__module__.startswith("textwell.api.")}
    places: dict[str, set[str]] = {}
    for each in ours:
        places.setdefault(each.__name__, set()).add(each.__module__)

    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_every_property_is_described() -> None:
    bare = [
        f"{name}.{field}"
        for name, schema in DOCUMENT["components"]["schemas"].items()
        for field, details in schema.get("properties", {}).items()
        if not details.get("description")
    ]

    assert bare == [], "describe it in its schema, or by its name in api/descriptions.py"
