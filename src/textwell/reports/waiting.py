"""Texts that are not handed off yet, by what they are of: from the kept tallies of what is under way."""

from dataclasses import dataclass

from textwell.core.db import cursor
from textwell.reports import sql

MOST_LISTED = 60  # rows of tallies: some campaigns, each with a few states and reasons


@dataclass(frozen=True, slots=True)
class WaitingTexts:
    """`campaign_id` None: single texts of the gateway, whose name stands in `name` then."""

    campaign_id: int | None
    name: str
    campaign_state: str
    gateway_id: int | None
    state: str
    reason: str
    count: int
    is_later: bool = False  # of a campaign no batch is due by now: law moved them to another hour


def list_waiting_texts(workspace_id: int) -> list[WaitingTexts]:
    """Of the newest campaigns first; at most `MOST_LISTED`."""
    with cursor() as raw:
        raw.execute(sql.WAITING_TEXTS, {"workspace_id": workspace_id, "most": MOST_LISTED})
        return [WaitingTexts(*row) for row in raw.fetchall()]
