"""What settles an unknown message late: a receipt under an id that we were never told."""

from datetime import datetime

from django.db import connection, transaction

from textwell.core.clock import now
from textwell.messaging import sql


def settle_by_number(*, at: datetime | None = None) -> int:
    """Record the carrier's id of unknown messages that exactly one receipt speaks of; answers how many.

    Where two messages or two ids come into question, nothing is done: both stay as they are.
    Calling it twice is safe: what is recorded is matched by its id from then on.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [sql.LOG_LOCK])
        cursor.execute(sql.SETTLE_BY_NUMBER, {"at": at or now()})
        return len(cursor.fetchall())
