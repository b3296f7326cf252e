"""Sums of a figure without a look at the messages, of which there may be millions: from the kept tallies."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from textwell.campaigns.models import Campaign
from textwell.core.db import cursor
from textwell.reports.figures import FAILED_TERMS, Figure, Term
from textwell.reports.scope import Row, WorkspaceScope
from textwell.reports.sums import sql
from textwell.reports.sums.facts import sum_facts
from textwell.reports.types import Sums

_PARTS = (Term.HANDED, Term.REFUSED)
# States whose messages all have the time of their end, by which "since" asks.
_ENDED = frozenset({"delivered", *FAILED_TERMS})


def find_sums(whole: Campaign | WorkspaceScope, figure: Figure) -> Sums | None:
    """How many people, segments and micros; None: only the messages themselves tell."""
    if isinstance(whole, WorkspaceScope):
        return _find_of_workspace(whole, figure)
    found = None
    if figure.values().keys() <= {"term", "state", "reason"}:
        found = _add_up(_rows(sql.TALLIES, figure, key=whole.id), figure)
    return found or sum_facts(whole, figure)


def count_messages(whole: Campaign | WorkspaceScope) -> int:
    """How many messages the figures of a whole are of, as far as they are tallied."""
    if isinstance(whole, Campaign):
        return whole.planned_count
    with cursor() as opened:
        opened.execute(sql.COUNT_MESSAGES, {"workspace_id": whole.workspace_id})
        return int(opened.fetchone()[0])


def _find_of_workspace(scope: WorkspaceScope, figure: Figure) -> Sums | None:
    if scope.is_single:
        return None
    workspace_id = scope.workspace_id
    names = figure.values().keys()
    if names == {"term", "gateway"} and figure.term in _PARTS:
        rows = _rows(sql.TALLIES_OF_GATEWAY, figure, key=figure.gateway, workspace_id=workspace_id)
        return _add_up(rows, figure)
    if scope.has_singles and figure.since is not None:
        return None
    if {"term", "since"} <= names <= {"term", "since", "currency"} and (
        figure.term == Term.HANDED or _ENDED.issuperset(figure.states() or ["any"])
    ):
        return _find_since(scope, figure)
    return None


def _find_since(scope: WorkspaceScope, figure: Figure) -> Sums | None:
    """Of campaigns that were launched since then; None if anything else has moved since."""
    since = datetime.fromisoformat(figure.since or "")
    values: dict[str, Any] = {  # Any: parameters
        "workspace_id": scope.workspace_id,
        "since": since,
        "is_of_campaigns": scope.is_single is False,
    }
    with cursor() as opened:
        opened.execute(sql.MOVED_BEFORE_AND_SINCE, values)
        if opened.fetchone()[0]:
            return None
    return _add_up(_rows(sql.TALLIES_SINCE, figure, **values, currency=figure.currency), figure)


def _rows(statement: str, figure: Figure, **values: Any) -> Iterable[Row]:  # Any: parameters
    with cursor() as opened:
        asked = {"states": figure.states(), "reason": figure.reason}
        opened.execute(statement, {**values, **asked})
        rows: Iterable[Row] = opened.fetchall()
    return rows


def _add_up(rows: Iterable[Row], figure: Figure) -> Sums | None:
    """None: people of one reason were handed off and were not, and whose the cost is no tally says."""
    people = segments = cost = 0
    for row_people, row_segments, row_cost, handed, handed_segments in rows:
        if figure.term == Term.HANDED:
            part, part_segments = handed, handed_segments
        elif figure.term == Term.REFUSED:
            part, part_segments = row_people - handed, row_segments - handed_segments
        else:
            part, part_segments = row_people, row_segments
        if row_cost and part not in (0, row_people):
            return None
        people += part
        segments += part_segments
        cost += row_cost if part else 0
    return Sums(people, segments, cost)
