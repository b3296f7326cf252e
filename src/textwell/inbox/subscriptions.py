"""What the inbox does when others report that something happened."""

from textwell.accounts.events import MemberChanged
from textwell.consent.events import OptedOut, SampleRemoved
from textwell.core.events import subscribe
from textwell.inbox.threads import end_waiting, give_up_threads, may_answer, retire_threads


def _on_member_changed(event: MemberChanged) -> None:
    if not may_answer(event.workspace_id, event.user_id):
        give_up_threads(workspace_id=event.workspace_id, assignee_id=event.user_id)


def _on_opted_out(event: OptedOut) -> None:
    end_waiting(workspace_id=event.workspace_id, contact_ids=event.contact_ids)


def _on_sample_removed(event: SampleRemoved) -> None:
    retire_threads(workspace_id=event.workspace_id, contact_ids=event.contact_ids)


def subscribe_all() -> None:
    """Called once when Django is ready."""
    subscribe(MemberChanged, _on_member_changed)
    subscribe(OptedOut, _on_opted_out)
    subscribe(SampleRemoved, _on_sample_removed)
