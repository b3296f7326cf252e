"""What a person or program changes of people stands in the audit log, once and without numbers."""

import pytest

from builders import make_contact
from textwell.accounts.models import AuditEntry, Workspace
from textwell.contacts.actions import (
    create_list,
    define_field,
    upsert_contact,
)
from textwell.contacts.choosing import Chosen
from textwell.contacts.groups.actions import put_on_list, tag_people, take_off_list

pytestmark = pytest.mark.django_db


def entries() -> list[tuple[str, str, dict[str, object]]]:
    found = AuditEntry.objects.order_by("id")
    return [(entry.actor, entry.action, entry.data.get("after", {})) for entry in found]


def test_a_changed_person_is_written_down_with_what_changed(workspace: Workspace) -> None:
    upsert_contact(
        workspace_id=workspace.id, msisdn="+33612345678", first_name="Ana", actor="user:1"
    )
    upsert_contact(
        workspace_id=workspace.id, msisdn="+33612345678", first_name="Ana", actor="user:1"
    )

    assert entries() == [("user:1", "contacts.changed", {"first_name": "Ana"})]
    assert "612345678" not in str(list(AuditEntry.objects.values()))


def test_tags_lists_and_fields_are_written_down_once(workspace: Workspace) -> None:
    ids = [make_contact(workspace=workspace).id for _n in range(2)]
    whom = Chosen(ids=ids)
    made = create_list(workspace_id=workspace.id, name="Spring", actor="key:1")
    for _twice in range(2):
        put_on_list(workspace_id=workspace.id, list_id=made.id, whom=Chosen(ids=ids), actor="key:1")
        tag_people(workspace_id=workspace.id, whom=whom, add=["vip"], actor="key:1")
        define_field(workspace_id=workspace.id, name="points", kind="number", actor="key:1")
    take_off_list(workspace_id=workspace.id, list_id=made.id, whom=whom, actor="key:1")

    assert entries() == [
        ("key:1", "lists.created", {"name": "Spring"}),
        ("key:1", "lists.changed", {"added": 2}),
        ("key:1", "contacts.tagged", {"add": ["vip"], "remove": [], "people": 2}),
        ("key:1", "fields.defined", {"name": "points", "kind": "number"}),
        ("key:1", "lists.changed", {"removed": 2}),
    ]
