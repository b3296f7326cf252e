"""Answers that did not reach the person: who got none waits again."""

from datetime import timedelta

from django.db import transaction

from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.inbox import sql
from textwell.messaging.states import State

# Not `unknown`: it may have arrived, and a late receipt may still say so.
CERTAINLY_FAILED = (
    State.UNDELIVERED, State.REJECTED, State.EXPIRED, State.SKIPPED, State.NOT_SENT, State.CANCELED,
)  # fmt: skip

LONGEST = timedelta(days=7)  # no carrier tries for longer; many never tell what became of a text


def let_failed_wait() -> int:
    """Let people wait again whose last answer failed; answers how many. Twice is once.

    It reads the ledger rather than hears of receipts, so that the fold of a campaign's receipts
    does no work for the inbox.
    """
    with transaction.atomic(), cursor() as raw:
        since = now() - LONGEST
        raw.execute(sql.FORGET_ARRIVED, {"since": since, "states": [State.DELIVERED.value]})
        states = [state.value for state in CERTAINLY_FAILED]
        raw.execute(sql.WAIT_AGAIN, {"since": since, "states": states})
        count: int = raw.rowcount
    return count
