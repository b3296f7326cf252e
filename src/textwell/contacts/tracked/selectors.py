"""Reads of events."""

from textwell.contacts.models import Event
from textwell.contacts.tracked import sql
from textwell.core.db import cursor


def list_events(workspace_id: int, contact_id: int, *, limit: int = 100) -> list[Event]:
    """What a person did, the latest first."""
    found = Event.objects.filter(workspace_id=workspace_id, contact_id=contact_id)
    return list(found.order_by("-at")[:limit])


def list_recent_names(workspace_id: int) -> list[str]:
    """Names of events that came in to a workspace within ninety days, at most 500.

    Those that came on the most days are first.
    """
    with cursor() as opened:
        opened.execute(sql.RECENT_NAMES, {"workspace_id": workspace_id})
        return [row[0] for row in opened.fetchall()]
