"""What the ledger said of a person at a moment in the past, by what was on record then."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from textwell.consent.chain import sql
from textwell.consent.models import ConsentEvent, ConsentKind
from textwell.consent.types import ConsentScope
from textwell.core.db import cursor


@dataclass(frozen=True, slots=True)
class PastState:
    """The answer for one scope, and the event that gave it. `chain.roots.prove_state` proves it."""

    scope: ConsentScope
    event: ConsentEvent

    @property
    def channel(self) -> str:
        return self.event.channel

    @property
    def purpose(self) -> str:
        return self.event.purpose

    @property
    def is_granted(self) -> bool:
        return self.event.kind == ConsentKind.OPT_IN


def states_at(workspace_id: int, contact_id: int, at: datetime) -> list[PastState]:
    """One for each scope of which something was given and recorded by then, in a fixed order."""
    params: dict[str, Any] = {"workspace_id": workspace_id, "contact_id": contact_id, "at": at}
    with cursor() as raw:
        raw.execute(sql.STATES_AT, params)
        rows = raw.fetchall()
    events = ConsentEvent.objects.in_bulk([row[-1] for row in rows])
    return [
        PastState(ConsentScope(topic, brand, sender), events[event_id])
        for topic, brand, sender, event_id in rows
    ]
