"""The frequency cap of a workspace on its settings page."""

import pytest
from django.test import Client

from textwell.accounts.models import AuditEntry, Workspace

pytestmark = pytest.mark.django_db
FORM = {"part": "cap", "cap_count": "4", "cap_hours": "168"}


def test_an_owner_sets_the_cap_and_the_audit_keeps_it(
    owner_client: Client, workspace: Workspace
) -> None:
    owner_client.post("/settings/", FORM)

    workspace.refresh_from_db()
    assert (workspace.cap_count, workspace.cap_hours) == (4, 168)
    entry = AuditEntry.objects.get(action="workspace.cap_changed")
    assert entry.data == {
        "before": {"cap_count": 0, "cap_hours": 168},
        "after": {"cap_count": 4, "cap_hours": 168},
    }


def test_others_may_not_and_nothing_changes(reader_client: Client, workspace: Workspace) -> None:
    assert reader_client.post("/settings/", FORM).status_code == 403

    workspace.refresh_from_db()
    assert workspace.cap_count == 0


def test_a_period_of_no_hours_is_refused_in_place(
    owner_client: Client, workspace: Workspace
) -> None:
    answer = owner_client.post("/settings/", FORM | {"cap_hours": "0"})

    workspace.refresh_from_db()
    assert (answer.status_code, workspace.cap_count) == (422, 0)
