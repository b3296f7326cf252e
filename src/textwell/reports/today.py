"""What a workspace's texts came to since a moment, over all campaigns and single messages.

Sums come from the kept progress, clicks and replies, without a scan of messages; each is a figure whose
list is found by the same times.
"""

from dataclasses import dataclass
from datetime import datetime

from textwell.core.db import cursor
from textwell.reports import sql
from textwell.reports.figures import FAILED_TERMS, Figure, Reaction, Term
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
    machine_share: float | None  # of all requests of links; None: there was none


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

    What has moved or was answered since the figure's `since` is of few campaigns: older messages are not
    read.
    """
    if figure.since is None:
        return WorkspaceScope(workspace_id, 0)
    since = datetime.fromisoformat(figure.since)
    if figure.is_of_clicks:
        first_id = _reacted(sql.CLICKED_SINCE, workspace_id, since)[-1]
    elif figure.is_of_replies:
        first_id = _reacted(sql.REPLIED_SINCE, workspace_id, since)[-1]
    else:
        first_id = _moved(workspace_id, since)[2]
    return WorkspaceScope(workspace_id, first_id)


def _reacted(statement: str, workspace_id: int, since: datetime) -> list[int]:
    """Counts of people who clicked or replied, and the first of their messages; 0 where there is none."""
    with cursor() as raw:
        raw.execute(statement, {"workspace_id": workspace_id, "since": since})
        return [found or 0 for found in raw.fetchone()]


def build_today(workspace_id: int, since: datetime) -> Today:
    """Figures since a moment, which must be a whole five seconds (midnight is)."""
    by_state, handed, _first = _moved(workspace_id, since)
    at = since.isoformat()
    clicked = Figure(reaction=Reaction.CLICKED, since=at)
    replied = Figure(reaction=Reaction.REPLIED, since=at)
    opted_out = Figure(intent="opt_out", since=at)
    failed = sum(by_state.get(state, 0) for state in FAILED_TERMS)
    clicks, _first = _reacted(sql.CLICKED_SINCE, workspace_id, since)
    replies, opt_outs, _first = _reacted(sql.REPLIED_SINCE, workspace_id, since)
    requests, by_machines = _reacted(sql.ASKED_SINCE, workspace_id, since)
    return Today(
        Counted(handed, Figure(term=Term.HANDED, since=at)),
        Counted(by_state.get("delivered", 0), Figure(term="delivered", since=at)),
        Counted(failed, Figure(term=Term.FAILED, since=at)),
        Counted(clicks, clicked),
        Counted(replies, replied),
        Counted(opt_outs, opted_out),
        by_machines / requests if requests else None,
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
