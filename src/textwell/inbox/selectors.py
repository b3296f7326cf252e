"""Reads of replies. The workspace comes first."""

from django.db.models import Count

from textwell.core.db import cursor
from textwell.inbox import sql
from textwell.inbox.models import Reply


def list_replies(
    workspace_id: int,
    *,
    campaign_id: int | None = None,
    contact_id: int | None = None,
    intent: str | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> list[Reply]:
    """Latest first; `before_id` is the last id of the page before."""
    wanted = {"campaign_id": campaign_id, "contact_id": contact_id, "intent": intent}
    wanted["id__lt"] = before_id
    given = {name: value for name, value in wanted.items() if value is not None}
    return list(Reply.objects.filter(workspace_id=workspace_id, **given).order_by("-id")[:limit])


def intents_in_use(workspace_id: int) -> list[str]:
    """Intents that some reply to the workspace was understood to have, by name."""
    with cursor() as raw:
        raw.execute(sql.INTENTS_IN_USE, {"workspace_id": workspace_id})
        return [row[0] for row in raw.fetchall()]


def count_by_intent(campaign_id: int) -> dict[str, int]:
    """How many replies to a campaign meant what; intents without a reply are absent."""
    found = Reply.objects.filter(campaign_id=campaign_id).values_list("intent")
    return dict(found.annotate(count=Count("id")).order_by("intent"))
