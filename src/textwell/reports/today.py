"""What a workspace's texts came to since a moment, over all campaigns and single messages.

Sums come from the kept progress, clicks and replies, without a scan of messages; each is a figure whose
list is found by the same times.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Min

from textwell.campaigns.models import Campaign
from textwell.core.db import cursor
from textwell.gateways.models import Gateway
from textwell.gateways.selectors import has_price
from textwell.reports import sql
from textwell.reports.figures import FAILED_TERMS, Figure, Reaction, Term
from textwell.reports.optouts import count_opt_outs
from textwell.reports.scope import LAST_ID, WorkspaceScope


@dataclass(frozen=True, slots=True)
class Counted:
    """A number and the figure that opens its people."""

    count: int
    figure: Figure


@dataclass(frozen=True, slots=True)
class Spent:
    """What was handed off through the gateways of one currency cost, and the figure of its people."""

    micros: int
    currency: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Today:
    handed: Counted
    delivered: Counted
    failed: Counted
    clicked: Counted
    replied: Counted
    stopped_count: int  # people who opted out; see `optouts`
    spent: tuple[Spent, ...]  # by currency; those in which nothing was spent are not in it
    unpriced: tuple[str, ...]  # gateways without a price that something was handed off through
    machine_share: float | None  # of all requests of links; None: there was none


@dataclass(frozen=True, slots=True)
class _Moved:
    """Messages of one gateway that came into a state, those handed off and what they cost."""

    gateway_id: int | None
    state: str
    count: int
    handed: int
    cost_micros: int
    first_id: int | None  # of the messages of the campaigns they are of
    has_singles: bool  # messages of no campaign are among them


def _moved(workspace_id: int, since: datetime) -> list[_Moved]:
    with cursor() as raw:
        raw.execute(sql.MOVED_SINCE, {"workspace_id": workspace_id, "since": since})
        return [_Moved(*row) for row in raw.fetchall()]


def _spend(
    workspace_id: int, moved: list[_Moved], at: str
) -> tuple[tuple[Spent, ...], tuple[str, ...]]:
    """By currency, and the names of gateways whose texts are not in it since they have no price."""
    handed, costs = Counter[int](), Counter[int]()
    for row in moved:
        handed[row.gateway_id or 0] += row.handed
        costs[row.gateway_id or 0] += row.cost_micros
    by_currency, unpriced = Counter[str](), []
    for gateway in Gateway.objects.filter(workspace_id=workspace_id).order_by("name"):
        by_currency[gateway.currency] += costs[gateway.id]
        if handed[gateway.id] and not has_price(gateway):
            unpriced.append(gateway.name)
    spent = tuple(
        Spent(micros, currency, Figure(term=Term.HANDED, currency=currency, since=at))
        for currency, micros in by_currency.most_common()
        if micros
    )
    return spent, tuple(unpriced)


def workspace_scope(workspace_id: int, figure: Figure) -> WorkspaceScope:
    """Where the people of a figure over all campaigns are looked for.

    What has moved since the figure's `since` is of few campaigns: older messages are not read, nor those
    of other workspaces before its first and after its last one.
    """
    if figure.is_of_reactions:  # their messages are found by their ids
        return WorkspaceScope(workspace_id, 0)
    ends = Campaign.objects.filter(workspace_id=workspace_id).aggregate(
        first=Min("first_message_id"), last=Max("last_message_id")
    )
    first_id, last_id = ends["first"] or LAST_ID, ends["last"] or 0
    if figure.since is None:
        return WorkspaceScope(workspace_id, first_id, last_id, has_singles=True)
    moved = _moved(workspace_id, datetime.fromisoformat(figure.since))
    return WorkspaceScope(
        workspace_id,
        min((row.first_id for row in moved if row.first_id), default=LAST_ID),
        last_id,
        has_singles=any(row.has_singles for row in moved),
    )


def _reacted(statement: str, workspace_id: int, since: datetime) -> list[int]:
    """Counts of people who clicked or replied, and the first of their messages; 0 where there is none."""
    with cursor() as raw:
        raw.execute(statement, {"workspace_id": workspace_id, "since": since})
        return [found or 0 for found in raw.fetchone()]


def build_today(workspace_id: int, since: datetime) -> Today:
    """Figures since a moment, which must be a whole five seconds (midnight is)."""
    moved = _moved(workspace_id, since)
    by_state = Counter[str]()
    for row in moved:
        by_state[row.state] += row.count
    at = since.isoformat()
    clicks, _first = _reacted(sql.CLICKED_SINCE, workspace_id, since)
    replies, _first = _reacted(sql.REPLIED_SINCE, workspace_id, since)
    requests, by_machines = _reacted(sql.ASKED_SINCE, workspace_id, since)
    spent, unpriced = _spend(workspace_id, moved, at)
    return Today(
        handed=Counted(sum(row.handed for row in moved), Figure(term=Term.HANDED, since=at)),
        delivered=Counted(by_state["delivered"], Figure(term="delivered", since=at)),
        failed=Counted(
            sum(by_state[state] for state in FAILED_TERMS), Figure(term=Term.FAILED, since=at)
        ),
        clicked=Counted(clicks, Figure(reaction=Reaction.CLICKED, since=at)),
        replied=Counted(replies, Figure(reaction=Reaction.REPLIED, since=at)),
        stopped_count=count_opt_outs(workspace_id, since),
        spent=spent,
        unpriced=unpriced,
        machine_share=by_machines / requests if requests else None,
    )


@dataclass(frozen=True, slots=True)
class GatewayCounts:
    """Messages of all campaigns and single ones that a gateway's carrier took, and refused at once."""

    handed: Counted
    refused: Counted
    unknown_count: int  # whose answer is lost
    unknown_singles: int  # of those, the ones of no campaign


def gateway_counts(workspace_id: int) -> dict[int, GatewayCounts]:
    """By gateway id, from the kept tallies; gateways that never had a message are not in it."""
    with cursor() as raw:
        raw.execute(sql.BY_GATEWAY, {"workspace_id": workspace_id})
        rows = raw.fetchall()
    return {
        gateway_id: GatewayCounts(
            Counted(handed, Figure(term=Term.HANDED, gateway=gateway_id)),
            Counted(refused, Figure(term=Term.REFUSED, gateway=gateway_id)),
            unknown,
            singles,
        )
        for gateway_id, handed, refused, unknown, singles in rows
    }
