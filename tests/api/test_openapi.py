"""The OpenAPI document: its paths are committed, its examples can be sent."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from ninja.openapi.schema import OpenAPISchema

from textwell.accounts.types import Scope
from textwell.api.app import api
from textwell.cli.openapi import command

SNAPSHOT = Path(__file__).parent / "openapi_paths.txt"


@pytest.fixture(scope="module")
def document() -> OpenAPISchema:
    return api.get_openapi_schema(path_prefix="/api/v1/")


def operations(document: OpenAPISchema) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path, details)
        for path, methods in document["paths"].items()
        for method, details in methods.items()
    ]


def test_the_paths_are_those_that_were_promised(document: OpenAPISchema) -> None:
    lines = sorted(
        f"{method} {path} {details['operationId']} {details['security'][0]['ApiKey'][0]}"
        for method, path, details in operations(document)
    )

    assert lines == SNAPSHOT.read_text().splitlines(), (
        "The API has changed. If that is meant, write the new lines into tests/api/openapi_paths.txt"
    )


def test_it_is_openapi_3_1_with_keys_and_scopes(document: OpenAPISchema) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["components"]["securitySchemes"]["ApiKey"]["scheme"] == "bearer"
    known = {scope.value for scope in Scope}
    for _method, _path, details in operations(document):
        assert set(details["security"][0]["ApiKey"]) <= known


def test_every_operation_has_its_own_name_and_problems(document: OpenAPISchema) -> None:
    found = operations(document)

    assert len({details["operationId"] for _m, _p, details in found}) == len(found)
    for _method, _path, details in found:
        assert {"401", "403", "422"} <= {str(status) for status in details["responses"]}


def test_every_post_takes_an_idempotency_key(document: OpenAPISchema) -> None:
    for method, path, details in operations(document):
        names = {parameter["name"] for parameter in details["parameters"]}
        assert ("Idempotency-Key" in names) == (method == "POST"), path


def test_every_reference_leads_somewhere(document: OpenAPISchema) -> None:
    text = orjson.dumps(document, option=orjson.OPT_NON_STR_KEYS, default=str).decode()

    for part in text.split('"#/components/schemas/')[1:]:
        assert part.split('"')[0] in document["components"]["schemas"]


def test_the_command_prints_the_document() -> None:
    printed = CliRunner().invoke(command)

    assert printed.exit_code == 0
    assert orjson.loads(printed.output)["info"]["title"] == "Textwell API"


def test_nobody_is_said_to_have_opened_or_read_a_text(document: OpenAPISchema) -> None:
    text = orjson.dumps(document, option=orjson.OPT_NON_STR_KEYS, default=str).decode().lower()

    assert "open rate" not in text.replace("_", " ")
    assert "read rate" not in text.replace("_", " ")
