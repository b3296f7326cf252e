"""What a person settles by hand: messages whose answer was lost, and sending again what never left."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connection, transaction

from textwell.core.clock import now
from textwell.messaging import sql
from textwell.messaging.states import State

LONGEST_BATCH = 20_000  # message ids, as sql.SKIP_WAITING counts on


class Fate(StrEnum):
    """What somebody found out about a message whose answer was lost."""

    SENT = "sent"
    NOT_SENT = "not_sent"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Messages of one campaign by its block of ids: those named, or all; and who says why."""

    workspace_id: int
    campaign_id: int
    first_id: int
    last_id: int
    message_ids: Sequence[int] | None
    actor: str
    reason: str


_STATES = {Fate.SENT: State.SUBMITTED, Fate.NOT_SENT: State.NOT_SENT}


def settle_unknown(chosen: Chosen, *, fate: Fate) -> int:
    """Write down what became of unknown messages; answers how many.

    What is not unknown (any more) stays as it is, so calling twice is safe. The log of outcomes
    keeps who said so and why; nothing of it is ever changed.
    """
    return _run(sql.SETTLE_UNKNOWN, chosen, state=_STATES[fate])


def send_again(chosen: Chosen) -> int:
    """Let messages that were found not sent wait for their hand-off again; answers how many.

    Calling twice is safe: what waits is not `not_sent` any more. The gate judges each at hand-off.
    """
    total = 0
    with transaction.atomic():
        while True:
            moved = _run(sql.SEND_AGAIN, chosen, state=State.PLANNED, limit=LONGEST_BATCH)
            total += moved
            if moved < LONGEST_BATCH:
                return total


def _run(statement: str, chosen: Chosen, *, state: State, **more: Any) -> int:
    params: dict[str, Any] = {
        "workspace_id": chosen.workspace_id,
        "campaign_id": chosen.campaign_id,
        "first_id": chosen.first_id,
        "last_id": chosen.last_id,
        "message_ids": None if chosen.message_ids is None else list(chosen.message_ids),
        "state": state.value,
        "facts": json.dumps({"by": chosen.actor, "why": chosen.reason}),
        "now": now(),
        **more,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [sql.FOLD_LOCK])
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [sql.LOG_LOCK])
        cursor.execute(statement, params)
        return int(cursor.fetchone()[0])
