"""Templates through the API."""

import pytest

from api.conftest import Program
from builders import make_workspace
from textwell.messaging.models import SavedText
from textwell.messaging.templates import create_template

pytestmark = pytest.mark.django_db
VERSION = {"language": "vi", "body": "Bánh mì", "fallbacks": {}}


def test_a_template_is_made_changed_found_and_deleted(program: Program) -> None:
    made = program.post("/templates", {"name": "Spring", "body": "Bread", "versions": [VERSION]})
    path = f"/templates/{made.json()['id']}"

    changed = program.send("patch", path, {"name": "Summer"}).json()
    found = program.get("/templates?search=summ").json()
    gone = program.send("delete", path, {})

    assert (made.status_code, made["Location"]) == (201, f"/api/v1{path}")
    assert (changed["name"], changed["body"], changed["versions"]) == ("Summer", "Bread", [VERSION])
    assert [each["id"] for each in found["items"]] == [changed["id"]]
    assert gone.status_code == 204
    assert program.get(path).status_code == 404


def test_a_template_of_another_workspace_is_not_there(program: Program) -> None:
    other = make_workspace(name="Other")
    made = create_template(workspace_id=other.id, actor="user:1", name="Spring", body="Bread")

    for answer in (
        program.get(f"/templates/{made.id}"),
        program.send("patch", f"/templates/{made.id}", {"name": "Mine"}),
        program.send("delete", f"/templates/{made.id}", {}),
    ):
        assert answer.status_code == 404
    assert SavedText.objects.get().name == "Spring"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"body": "Bread for {{ first_name"}, "body"),
        ({"body": "{% for i in (1..100000000) %}x{% endfor %}"}, "body"),
        ({"versions": [VERSION | {"body": "{% if first_name %}Bánh"}]}, "versions.0.body"),
    ],
)
def test_a_text_that_can_never_be_made_is_refused(
    program: Program, change: dict[str, object], field: str
) -> None:
    answer = program.post("/templates", {"name": "Spring", "body": "Bread"} | change)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_field_without_a_fallback_may_wait_for_its_campaign(program: Program) -> None:
    answer = program.post("/templates", {"name": "Spring", "body": "Bread for {{ first_name }}"})

    assert answer.status_code == 201
