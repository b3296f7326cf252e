"""What the audit keeps of the red button."""

import pytest

from domain.messaging.ledger import plan_campaign
from textwell.accounts.models import AuditEntry, Workspace
from textwell.campaigns.actions import stop_all

pytestmark = pytest.mark.django_db


def test_the_audit_tells_who_stopped_how_many(workspace: Workspace) -> None:
    plan_campaign(workspace, people=3)

    stop_all(workspace=workspace, actor="user:7", reason="wrong price")

    entry = AuditEntry.objects.get(action="workspace.stopped")
    assert (entry.actor, entry.reason) == ("user:7", "wrong price")
    assert entry.data == {"after": {"campaigns": 1, "messages": 3}}
