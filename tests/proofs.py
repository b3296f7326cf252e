"""Proofs for tests: noted as a connector does, and brought into the store."""

import random
from collections.abc import Iterable
from datetime import UTC, datetime

from textwell.core.db import copy_rows, cursor
from textwell.messaging.gate import Facts
from textwell.messaging.law import Place
from textwell.messaging.proof.collecting import COLUMNS, Collector, Seen
from textwell.messaging.proof.judged import Terms

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)  # a Thursday; 13:00 in Paris
PLACE = Place("FR", "", "")


def facts_of_gate(**values: object) -> Facts:
    """Of a text that may go."""
    facts: dict[str, object] = {
        "at": NOON,
        "is_known": True,
        "is_sample": False,
        "is_simulated": False,
        "suppression": "",
        "needs_consent": True,
        "is_granted": True,
        "has_consent_record": True,
        "is_sender_allowed": True,
        "recent_count": 0,
        "cap_count": 0,
        "workspace_recent_count": 1,
        "workspace_cap_count": 4,
        "expires_at": None,
        "law_reason": "",
        "lawful_at": None,
    }
    return Facts(**{**facts, **values})  # type: ignore[arg-type]  # as the gate's own tests do


def terms_of_gate(*, campaign_id: int | None = 5, layer: str = "recommended") -> Terms:
    return Terms(campaign_id, 3, "marketing", "w" * 43, "BAKERY", "FR", layer)


def note_many(
    count: int, *, workspace_id: int = 1, first_id: int = 1, event_id: int = 7
) -> Collector:
    """So many texts of one campaign, some with another recent count."""
    collector = Collector()
    chance = random.Random(4)
    seen = [Seen(terms_of_gate(), facts_of_gate(workspace_recent_count=many)) for many in range(3)]
    for number in range(count):
        collector.note(
            workspace_id,
            seen[chance.randrange(3)],
            message_id=first_id + number,
            msisdn=f"+336{number:08d}",
            text=f"Fresh bread, number {number}",
            consent_event_id=event_id,
            place=PLACE,
        )
    return collector


def store(collector: Collector) -> None:
    store_rows(block.row() for block in collector.take())


def store_rows(rows: Iterable[tuple[str, ...]]) -> None:
    with cursor() as opened:
        copy_rows(opened, "messaging_proof", COLUMNS, rows)
