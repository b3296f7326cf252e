"""What a large campaign's messages came to by country, state, segments, reason and code, kept.

They are used only while nothing has moved since they were counted: then they are exact. Every move of a
message adds to the kept progress of its campaign, every plan to the tallies.
"""

from collections.abc import Sequence

import msgspec
from django.db import transaction

from textwell.campaigns.models import Campaign
from textwell.core.db import cursor
from textwell.reports.breakdowns import read_facts
from textwell.reports.figures import FAILED_TERMS, Figure, Term
from textwell.reports.scope import Row, read_one_snapshot, scope_of
from textwell.reports.sums import sql
from textwell.reports.types import Sums

_NAMES = frozenset({"term", "state", "reason", "code", "country", "segments"})
_EXPLAINED = frozenset({*FAILED_TERMS, "unknown"})  # states whose reasons and codes are told apart


def keep_facts(campaign: Campaign) -> None:
    """Count them and keep them in place of older ones. Calling twice is safe."""
    scope = scope_of(campaign)
    with transaction.atomic():
        read_one_snapshot()
        moves = _read_moves(campaign.id)
        rows = read_facts(scope)
    body = msgspec.json.encode(rows)
    with cursor() as opened:
        opened.execute(sql.KEEP_FACTS, {"id": campaign.id, "moves": moves, "body": body})


def _read_moves(campaign_id: int) -> str:
    """Another text after each move of a message, plan or change of its cost."""
    with cursor() as opened:
        opened.execute(sql.MOVES, {"campaign_id": campaign_id})
        return " ".join(str(each) for each in opened.fetchone())


def sum_facts(campaign: Campaign, figure: Figure) -> Sums | None:
    """The sums of a figure, exact; None: it asks for more than is kept, or what is kept is no longer so."""
    if not _is_kept(figure):
        return None
    with cursor() as opened:
        opened.execute(sql.FIND_FACTS, {"campaign_id": campaign.id})
        found = opened.fetchone()
    if found is None or found[0] != _read_moves(campaign.id):
        return None
    return _add_up(msgspec.json.decode(bytes(found[1])), figure)


def _is_kept(figure: Figure) -> bool:
    if not figure.values().keys() <= _NAMES:
        return False
    is_explained = _EXPLAINED.issuperset(figure.states() or ["any"])
    return is_explained or (figure.reason is None and figure.code is None)


def _add_up(rows: Sequence[Row], figure: Figure) -> Sums:
    """Rows as `read_facts` gives them."""
    states = figure.states()
    is_handed = {Term.HANDED.value: True, Term.REFUSED.value: False}.get(figure.term or "")
    people = segment_sum = cost_sum = 0
    for country, state, segments, reason, code, count, cost, handed in rows:
        is_meant = (
            (states is None or state in states)
            and (is_handed is None or is_handed == bool(handed))
            and figure.country in (None, country)
            and figure.segments in (None, segments)
            and figure.reason in (None, reason)
            and figure.code in (None, code)
        )
        if is_meant:
            people += count
            segment_sum += segments * count
            cost_sum += cost
    return Sums(people, segment_sum, cost_sum)
