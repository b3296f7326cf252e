"""What messaging does when others report that something happened."""

from textwell.consent.events import OptedOut
from textwell.core.events import subscribe
from textwell.messaging.actions import skip_waiting


def _on_opted_out(event: OptedOut) -> None:
    skip_waiting(workspace_id=event.workspace_id, contact_ids=event.contact_ids)


def subscribe_all() -> None:
    """Called once when Django is ready."""
    subscribe(OptedOut, _on_opted_out)
