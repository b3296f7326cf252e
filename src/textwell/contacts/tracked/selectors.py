"""Reads of events."""

from textwell.contacts.models import Event


def list_events(workspace_id: int, contact_id: int, *, limit: int = 100) -> list[Event]:
    """What a person did, the latest first."""
    found = Event.objects.filter(workspace_id=workspace_id, contact_id=contact_id)
    return list(found.order_by("-at")[:limit])
