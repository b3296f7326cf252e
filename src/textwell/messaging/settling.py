"""What a person settles by hand: messages whose answer was lost, and sending again what never left."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import record_audit
from textwell.core.clock import now
from textwell.core.errors import Conflict, FieldError
from textwell.messaging import sql
from textwell.messaging.selectors import access_message
from textwell.messaging.states import State

LONGEST_BATCH = 20_000  # message ids


class Fate(StrEnum):
    """What somebody found out about a message whose answer was lost."""

    SENT = "sent"
    NOT_SENT = "not_sent"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Messages by a block of ids: those named, or all; and who says why.

    They are of one campaign, or of none (`campaign_id` None).
    """

    workspace_id: int
    campaign_id: int | None
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


def settle_single(
    *, workspace_id: int, message_id: int, actor: str, fate: Fate, reason: str
) -> None:
    """Say what became of one message outside campaigns whose answer was lost. Twice is once.

    What was not sent is not sent again by anything: its text is sent as a new message.

    Raises:
        FieldError: there is no reason.
        NotFound: there is no such message, or it is another workspace's.
        Conflict: it belongs to a campaign, or its fate is known.
    """
    if not reason.strip():
        raise FieldError("reason", _("is missing"), _("Say how you know; the audit log keeps it."))
    message = access_message(workspace_id, message_id)
    if message.campaign_id is not None:
        raise Conflict(_("The message belongs to a campaign: settle it there."))
    chosen = Chosen(workspace_id, None, message_id, message_id, None, actor, reason.strip())
    with transaction.atomic():
        if settle_unknown(chosen, fate=fate):
            record_audit(
                workspace_id=workspace_id,
                actor=actor,
                action="messages.settled",
                subject=f"message:{message_id}",
                after={"fate": fate.value, "messages": 1},
                reason=chosen.reason,
            )
            return
    if access_message(workspace_id, message_id).state != _STATES[fate]:
        raise Conflict(_("What became of the message is known already."))


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
