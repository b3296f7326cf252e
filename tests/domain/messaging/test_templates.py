"""Texts that a workspace keeps."""

import pytest

from builders import make_workspace
from textwell.accounts.models import AuditEntry, Workspace
from textwell.core.errors import FieldError, NotFound
from textwell.messaging.models import SavedText
from textwell.messaging.templates import (
    access_template,
    create_template,
    delete_template,
    list_templates,
    update_template,
)

pytestmark = pytest.mark.django_db


def make_template(workspace: Workspace, name: str = "Spring", body: str = "Bread") -> SavedText:
    return create_template(workspace_id=workspace.id, actor="user:1", name=name, body=body)


def test_a_template_is_made_changed_and_deleted_with_an_entry_for_each(
    workspace: Workspace,
) -> None:
    made = make_template(workspace)

    update_template(template=made, actor="user:1", body="Cake")
    delete_template(template=made, actor="user:1")
    delete_template(template=made, actor="user:1")

    entries = AuditEntry.objects.filter(subject=f"template:{made.id}").order_by("id")
    assert [entry.action for entry in entries] == [
        "templates.created",
        "templates.updated",
        "templates.deleted",
    ]
    assert not SavedText.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "Autumn"}, "name"),
        ({"body": " "}, "body"),
        ({"purpose": "otp"}, "purpose"),
        ({"versions": [{"language": "?"}]}, "versions.0.language"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_its_field(
    workspace: Workspace, values: dict[str, object], field: str
) -> None:
    make_template(workspace, "Autumn")
    spring = make_template(workspace)

    with pytest.raises(FieldError) as refused:
        update_template(template=spring, actor="user:1", **values)

    assert refused.value.field == field
    spring.refresh_from_db()
    assert (spring.name, spring.body, spring.purpose) == ("Spring", "Bread", "marketing")


def test_a_template_may_still_lack_the_fallback_that_its_filter_needs(workspace: Workspace) -> None:
    values = {"workspace_id": workspace.id, "actor": "user:1", "name": "Points"}
    body = "{{ 100 | divided_by: visits }} points a visit"

    made = create_template(body=body, **values)

    assert SavedText.objects.get().body == made.body == body
    with pytest.raises(FieldError, match="divide by 0"):
        update_template(template=made, actor="user:1", body=body, fallbacks={"visits": "0"})


def test_search_looks_into_names_and_texts_of_one_workspace(workspace: Workspace) -> None:
    other = make_template(make_workspace(name="Other"))
    bread, cake = make_template(workspace), make_template(workspace, "Autumn", "Cake for spring")
    make_template(workspace, "Winter", "Pie")

    assert list_templates(workspace.id, search="SPRING") == [cake, bread]
    assert list_templates(workspace.id, before_id=cake.id) == [bread]
    with pytest.raises(NotFound):
        access_template(workspace.id, other.id)
