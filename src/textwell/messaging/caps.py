"""Frequency caps: how many marketing texts a person may get, by campaign and by workspace."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from textwell.accounts.models import Workspace
from textwell.messaging import sql
from textwell.messaging.purposes import is_marketing


@dataclass(frozen=True, slots=True)
class Caps:
    """The caps that hold for a message; a count of 0 is no cap.

    Both are judged, so the stricter wins whatever their periods: a campaign can ask for less than
    its workspace allows, never for more.
    """

    count: int = 0  # the campaign's own: so many texts a person …
    hours: int = 24  # … in so many hours before the hand-off
    workspace_count: int = 0  # the workspace's: holds for marketing only
    workspace_hours: int = 168
    # Where law has a cap, of `law.capped_places`; none, where none of those who are to get it live there.
    legal: tuple[str, ...] = ()

    @property
    def is_any(self) -> bool:
        return self.count > 0 or self.workspace_count > 0 or bool(self.legal)

    def params(self) -> dict[str, Any]:
        """As the statements of messaging.sql bind them."""
        return {
            "cap_count": self.count,
            "cap_hours": self.hours,
            "workspace_cap_count": self.workspace_count,
            "workspace_cap_hours": self.workspace_hours,
            "capped": list(self.legal),
        }


NO_CAPS = Caps()


def load_caps(workspace_id: int, *, purpose: str, count: int = 0, hours: int = 24) -> Caps:
    """The caps for texts of this purpose; `count` and `hours` are the campaign's own."""
    if not is_marketing(purpose):
        return Caps(count, hours)
    found = Workspace.objects.values_list("cap_count", "cap_hours").get(id=workspace_id)
    return Caps(count, hours, *found)


def count_recent(contact_id: int, *, caps: Caps, at: datetime, but_id: int = 0) -> tuple[int, int]:
    """What a person had, or is to have, before `at`, in the period of each cap.

    `but_id`: a message that does not count.
    Where no cap holds nothing is read.
    """
    if not caps.is_any:
        return 0, 0
    with connection.cursor() as cursor:
        params: dict[str, Any] = {
            **caps.params(),
            "contact_id": contact_id,
            "cap_at": at,
            "but_id": but_id,
        }
        cursor.execute(sql.COUNT_RECENT, params)
        recent, workspace_recent = cursor.fetchone()
    return int(recent), int(workspace_recent)


def list_recent(contact_id: int, *, at: datetime, but_id: int = 0) -> list[datetime]:
    """When a person had marketing texts, or is to have them, before `at`: as far back as caps of law look."""
    with connection.cursor() as cursor:
        params: dict[str, Any] = {"contact_id": contact_id, "at": at, "but_id": but_id}
        cursor.execute(sql.LIST_RECENT, params)
        return list(cursor.fetchone()[0] or ())
