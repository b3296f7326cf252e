"""What the inbox does when others report that something happened."""

from textwell.accounts.events import MemberChanged
from textwell.core.events import subscribe
from textwell.inbox.threads import give_up_threads, may_answer


def _on_member_changed(event: MemberChanged) -> None:
    if not may_answer(event.workspace_id, event.user_id):
        give_up_threads(workspace_id=event.workspace_id, assignee_id=event.user_id)


def subscribe_all() -> None:
    """Called once when Django is ready."""
    subscribe(MemberChanged, _on_member_changed)
