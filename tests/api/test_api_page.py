"""docs/developer/api.md against the API itself: its examples are sent, its tables are whole."""

import json
import re
from pathlib import Path

import pytest

from api.conftest import Program
from builders import grant_consent, make_contact, make_gateway
from textwell.accounts.types import Scope

pytestmark = pytest.mark.django_db
PAGE = (Path(__file__).parents[2] / "docs" / "developer" / "api.md").read_text()


def block(start: str) -> dict[str, object]:
    """The JSON example of the page that begins so."""
    found = re.search(r"```json\n(" + re.escape(start) + r".*?)```", PAGE, re.DOTALL)
    assert found, start
    return dict(json.loads(found[1]))


def test_the_table_of_scopes_is_whole() -> None:
    rows = re.search(r"\| scope \| lets \|\n(.*?)\n\n", PAGE, re.DOTALL)
    assert rows

    assert set(re.findall(r"`([a-z]+:[a-z_]+)`", rows[1])) == {scope.value for scope in Scope}


def test_the_first_call_of_the_page_is_taken(program: Program) -> None:
    make_gateway(workspace=program.workspace)
    body = re.search(r"-d '(.*?)'", PAGE)
    assert body
    contact = make_contact(workspace=program.workspace, msisdn="+84901234567", has_consent=False)
    grant_consent(contact=contact)

    assert program.post("/messages", body[1]).status_code == 202


def test_the_example_of_an_error_is_what_comes(program: Program) -> None:
    make_gateway(workspace=program.workspace)

    answer = program.post("/messages", {"to": "12", "body": "Hello"}).json()

    assert {name: answer[name] for name in ("type", "title", "status")} == {
        name: block('{"type": "urn:textwell:problem:invalid"')[name]
        for name in ("type", "title", "status")
    }
    assert answer == block('{"type": "urn:textwell:problem:invalid"')


def test_every_path_of_the_page_is_one_of_the_api() -> None:
    known = (Path(__file__).parent / "openapi_paths.txt").read_text()
    shapes = {re.sub(r"\{\w+\}", "{id}", path) for path in re.findall(r" /api/v1(\S+)", known)}

    named = set(re.findall(r"`(?:GET|POST|PATCH|PUT|DELETE) (/[a-z{}/.-]+)`", PAGE))

    assert named
    assert named - shapes == set()


@pytest.mark.parametrize(
    "audience", [json.loads(found) for found in re.findall(r"^- `(\{.*\})`", PAGE, re.MULTILINE)]
)
def test_an_audience_of_the_page_is_taken(program: Program, audience: dict[str, object]) -> None:
    if "list_id" in audience:
        audience = {"list_id": program.post("/lists", {"name": "VIP"}).json()["id"]}

    answer = program.post("/campaigns", {"name": "Spring", "audience": audience})

    assert (answer.status_code, answer.json()["audience"]) == (201, audience)
