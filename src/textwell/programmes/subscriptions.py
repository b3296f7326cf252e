"""What programmes do when others report that something happened."""

from textwell.consent.events import OptedOut
from textwell.core.events import subscribe
from textwell.inbox.events import TextsArrived
from textwell.programmes.arriving import take_texts
from textwell.programmes.asking import take_back


def _on_opted_out(event: OptedOut) -> None:
    take_back(workspace_id=event.workspace_id, contact_ids=event.contact_ids)


def subscribe_all() -> None:
    """Called once when Django is ready."""
    subscribe(TextsArrived, take_texts)
    subscribe(OptedOut, _on_opted_out)
