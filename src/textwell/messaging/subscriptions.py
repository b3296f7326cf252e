"""What messaging does when others report that something happened."""

from textwell.consent.events import NumbersSuppressed, OptedOut
from textwell.core.events import subscribe
from textwell.messaging.actions import skip_waiting
from textwell.messaging.gate import Reason


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


def subscribe_all() -> None:
    """Called once when Django is ready."""
    subscribe(OptedOut, _on_opted_out)
    subscribe(NumbersSuppressed, _on_suppressed)
