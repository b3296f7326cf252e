"""A message outside campaigns whose answer was lost: what a person says became of it."""

import pytest

from builders import make_workspace
from domain.messaging.ledger import lose_answers, lose_single
from textwell.accounts.models import AuditEntry, Workspace
from textwell.core.errors import Conflict, FieldError, NotFound
from textwell.messaging.models import Message, Outcome
from textwell.messaging.selectors import message_timeline
from textwell.messaging.settling import Fate, settle_single

pytestmark = pytest.mark.django_db
WHY = "The carrier's portal lists it"


def settle(workspace: Workspace, message_id: int, fate: Fate, reason: str = WHY) -> None:
    settle_single(
        workspace_id=workspace.id, message_id=message_id, actor="user:7", fate=fate, reason=reason
    )


@pytest.mark.parametrize(
    ("fate", "state", "is_handed"),
    [(Fate.SENT, "submitted", True), (Fate.NOT_SENT, "not_sent", False)],
)
def test_its_fate_is_written_down_once(
    workspace: Workspace, fate: Fate, state: str, is_handed: bool
) -> None:
    message_id, other_id = lose_single(workspace), lose_single(workspace)

    settle(workspace, message_id, fate)
    settle(workspace, message_id, fate)

    message = Message.objects.get(id=message_id)
    assert (message.state, message.handed_at is not None) == (state, is_handed)
    assert Message.objects.get(id=other_id).state == "unknown"
    assert Outcome.objects.filter(message_id=message_id, reason="by_hand").count() == 1
    assert (message_timeline(workspace.id, message_id)[-1].data or {})["why"] == WHY
    entry = AuditEntry.objects.get(action="messages.settled")
    assert (entry.subject, entry.actor, entry.reason) == (f"message:{message_id}", "user:7", WHY)


def test_a_second_opinion_is_refused(workspace: Workspace) -> None:
    message_id = lose_single(workspace)
    settle(workspace, message_id, Fate.SENT)

    with pytest.raises(Conflict):
        settle(workspace, message_id, Fate.NOT_SENT)

    assert Message.objects.get(id=message_id).state == "submitted"


def test_a_campaigns_message_is_settled_there(workspace: Workspace) -> None:
    _planned, ids = lose_answers(workspace)

    with pytest.raises(Conflict, match="belongs to a campaign"):
        settle(workspace, ids[0], Fate.SENT)

    assert Message.objects.get(id=ids[0]).state == "unknown"


def test_nothing_without_a_reason_or_in_another_workspace(workspace: Workspace) -> None:
    message_id = lose_single(workspace)

    with pytest.raises(FieldError, match="reason"):
        settle(workspace, message_id, Fate.SENT, reason=" ")
    with pytest.raises(NotFound):
        settle(make_workspace(), message_id, Fate.SENT)

    assert Message.objects.get(id=message_id).state == "unknown"
    assert not AuditEntry.objects.filter(action="messages.settled").exists()
