"""What messaging does when others report that something happened."""

from textwell.consent.events import NumbersSuppressed, OptedOut, ScopeEnded
from textwell.core.events import subscribe
from textwell.messaging.actions import skip_waiting
from textwell.messaging.gate import Reason
from textwell.messaging.scope_ends import skip_scope


def _on_opted_out(event: OptedOut) -> None:
    skip_waiting(
        workspace_id=event.workspace_id,
        contact_ids=event.contact_ids,
        reason=Reason.OPTED_OUT.value,
    )


def _on_suppressed(event: NumbersSuppressed) -> None:
    skip_waiting(
        workspace_id=event.workspace_id,
        contact_ids=event.contact_ids,
        reason=Reason.SUPPRESSED.value,
    )


def _on_scope_ended(event: ScopeEnded) -> None:
    skip_scope(
        workspace_id=event.workspace_id,
        contact_id=event.contact_id,
        purpose=event.purpose,
        scope=event.scope,
    )


def subscribe_all() -> None:
    """Called once when Django is ready."""
    subscribe(OptedOut, _on_opted_out)
    subscribe(ScopeEnded, _on_scope_ended)
    subscribe(NumbersSuppressed, _on_suppressed)
