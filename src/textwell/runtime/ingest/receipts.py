"""Receipts: COPY to the append-only log; the fold does the rest."""

import re
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache

import psycopg
from psycopg.errors import CheckViolation

from textwell.core.wire import DlrItem
from textwell.messaging import sql

_is_plain = re.compile(r"[ -\[\]-~]*").fullmatch
# A date that a carrier's programme never set (0001-01-01) or that no calendar has room for is none:
# one such row must not keep all others of its commit out of the log.
DAY_S = 86_400
LONGEST_WAY_S = 400 * DAY_S  # from the stream into a row
_PLAUSIBLE = range(4_102_444_800)  # epoch seconds, 1970 to 2099


@lru_cache(maxsize=4096)
def _stamp(second: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(second)) + "+00"


def _told(epoch: float | None) -> str:
    """A time that a carrier told, in COPY's text form."""
    if epoch is None or int(epoch) not in _PLAUSIBLE:
        return "\\N"
    return _stamp(int(epoch))


def _clean(text: str) -> str:
    """A carrier's word in COPY's text form: no control characters, no backslash."""
    if _is_plain(text):
        return text
    return "".join(c for c in text if c.isprintable() and c != "\\")


def receipt_row(item: DlrItem) -> str:
    """One row of the log in COPY's text form."""
    message = "\\N" if item.message_id is None else str(item.message_id)
    submitted, done = _told(item.submitted_at), _told(item.done_at)
    return (
        f"{item.gateway_id}\t{message}\t{_clean(item.provider_message_id)[:65]}\t{item.provider_key}\t"
        f"{_clean(item.state)[:12]}\t{_clean(item.reason)[:40]}\t{_clean(item.code)[:40]}\t"
        f"{done}\t{_stamp(int(item.received_at))}\t{_clean(item.msisdn)[:21]}\t{submitted}\n"
    )


def append_receipts(
    connection: psycopg.Connection[tuple[object, ...]], items: Sequence[DlrItem]
) -> None:
    """Append in one commit. Called again with the same receipts it appends them again: harmless."""
    rows = "".join(map(receipt_row, items))
    try:
        _copy(connection, rows)
    except CheckViolation:
        months = _likely_months(items)
        if not months:
            raise
        # The scheduler makes a month's partition ahead. Where it was away for long, or a stream is
        # older than its database, there is none yet, and that is no fault of the receipts.
        with connection.transaction():
            for month in months:
                connection.execute("SELECT messaging_make_dlr_leaf(%s)", [month])
        _copy(connection, rows)


def _copy(connection: psycopg.Connection[tuple[object, ...]], rows: str) -> None:
    columns = ", ".join(sql.DLR_COLUMNS)
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [sql.LOG_LOCK])
        with cursor.copy(f"COPY messaging_dlr ({columns}) FROM STDIN".encode()) as copy:
            copy.write(rows)


def _likely_months(items: Sequence[DlrItem]) -> list[date]:
    """Months in which receipts can have come: not years ago, nor after this month."""
    now = time.time()
    times = (item.received_at for item in items)
    likely = {at for at in times if now - LONGEST_WAY_S < at < now + DAY_S}
    return sorted({datetime.fromtimestamp(at, UTC).date().replace(day=1) for at in likely})
