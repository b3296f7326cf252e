"""What a workspace's texts came to since a moment, over all campaigns and single messages.

Sums come from the kept progress, without a scan of messages; each is a figure whose list is found
by the same times.
"""

from dataclasses import dataclass
from datetime import datetime

from textwell.core.db import cursor
from textwell.reports import sql
from textwell.reports.figures import FAILED_TERMS, Figure, Reaction, Term
from textwell.reports.people import count_people
from textwell.reports.scope import WorkspaceScope


@dataclass(frozen=True, slots=True)
class Counted:
    """A number and the figure that opens its people."""

    count: int
    figure: Figure


@dataclass(frozen=True, slots=True)
class Today:
    handed: Counted
    delivered: Counted
    failed: Counted
    clicked: Counted
    replied: Counted
    opted_out: Counted  # by reply


def _moved(workspace_id: int, since: datetime) -> tuple[dict[str, int], int, int]:
    """Messages that came into each state, those handed off, and the first id of any of them."""
    with cursor() as raw:
        raw.execute(sql.MOVED_SINCE, {"workspace_id": workspace_id, "since": since})
        rows = raw.fetchall()
    first_ids = [first or 0 for *_sums, first in rows]
    handed = sum(handed for _state, _count, handed, _first in rows)
    return {state: count for state, count, *_rest in rows}, handed, min(first_ids, default=0)


def workspace_scope(workspace_id: int, figure: Figure) -> WorkspaceScope:
    """Where the people of a figure over all campaigns are looked for.

    What has moved since the figure's `since` lies in few campaigns: older messages are not read.
    """
    is_by_progress = not (figure.is_of_clicks or figure.is_of_replies)
    if figure.since is None or not is_by_progress:
        return WorkspaceScope(workspace_id, 0)
    return WorkspaceScope(
        workspace_id, _moved(workspace_id, datetime.fromisoformat(figure.since))[2]
    )


def build_today(workspace_id: int, since: datetime) -> Today:
    """Figures since a moment, which must be a whole five seconds (midnight is)."""
    by_state, handed, _first = _moved(workspace_id, since)
    at = since.isoformat()
    clicked = Figure(reaction=Reaction.CLICKED, since=at)
    replied = Figure(reaction=Reaction.REPLIED, since=at)
    opted_out = Figure(intent="opt_out", since=at)
    failed = sum(by_state.get(state, 0) for state in FAILED_TERMS)
    whole = WorkspaceScope(workspace_id, 0)
    return Today(
        Counted(handed, Figure(term=Term.HANDED, since=at)),
        Counted(by_state.get("delivered", 0), Figure(term="delivered", since=at)),
        Counted(failed, Figure(term=Term.FAILED, since=at)),
        *(Counted(count_people(whole, each), each) for each in (clicked, replied, opted_out)),
    )


@dataclass(frozen=True, slots=True)
class GatewayCounts:
    """Messages of all campaigns and single ones that a gateway's carrier took, and refused at once."""

    handed: Counted
    refused: Counted


def gateway_counts(workspace_id: int) -> dict[int, GatewayCounts]:
    """By gateway id, from the kept tallies; gateways that never had a message are not in it."""
    with cursor() as raw:
        raw.execute(sql.BY_GATEWAY, {"workspace_id": workspace_id})
        rows = raw.fetchall()
    return {
        gateway_id: GatewayCounts(
            Counted(handed, Figure(term=Term.HANDED, gateway=gateway_id)),
            Counted(refused, Figure(term=Term.REFUSED, gateway=gateway_id)),
        )
        for gateway_id, handed, refused in rows
    }
