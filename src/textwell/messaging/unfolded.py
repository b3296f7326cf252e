"""Rows of the two logs that no fold can take, set aside so that the fold goes on, and let in again."""

from typing import Any

from textwell.core.quarantine import Culprit, name_error, set_aside
from textwell.core.wire import DlrItem, encode
from textwell.messaging import sql

OUTCOMES = "OUTCOME"  # no stream: outcomes come from connectors straight to their log
RECEIPTS = "DLR"
FOLDED_PLACE = -1  # of receipts that were stored and not folded: `sequence` is their row's id


def set_outcome_aside(cursor: Any, row_id: int, error: Exception) -> None:
    """Keep it in the caller's transaction, which moves the fold's cursor past it."""
    cursor.execute(sql.READ_OUTCOME, [row_id])
    row = cursor.fetchone()
    if row is not None:  # ids of a log have gaps
        at, payload = row[0], row[1].encode()
        set_aside(
            cursor, Culprit(OUTCOMES, "", row_id, FOLDED_PLACE, payload, at, name_error(error))
        )


def set_receipt_aside(cursor: Any, row_id: int, error: Exception) -> None:
    """As `set_outcome_aside`, in the form in which it came on the stream."""
    cursor.execute(sql.READ_RECEIPT, [row_id])
    row = cursor.fetchone()
    if row is None:
        return
    values = dict(zip(sql.DLR_COLUMNS, row, strict=True))
    at = values["received_at"]
    for name in ("done_at", "received_at", "submitted_at"):
        values[name] = None if values[name] is None else values[name].timestamp()
    values["msisdn"] = values["msisdn"] or ""
    subject = f"dlr.{values['gateway_id']}"
    payload = encode([DlrItem(**values)])
    set_aside(
        cursor, Culprit(RECEIPTS, subject, row_id, FOLDED_PLACE, payload, at, name_error(error))
    )


def append_outcome_again(cursor: Any, payload: bytes) -> None:
    """Append it to the log in the caller's transaction: the next fold reads it as a new one."""
    cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [sql.LOG_LOCK])
    cursor.execute(sql.APPEND_OUTCOME, [payload.decode()])
