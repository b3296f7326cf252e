"""What operators see of the quarantine, and how an item leaves it."""

from datetime import datetime

import msgspec
import psycopg
import structlog
from django.db import connection, transaction

from textwell.core.bus import publish_sync
from textwell.core.models import QuarantinedItem
from textwell.core.quarantine import COUNT_BY_STREAM, describe_counts
from textwell.core.settings import Settings
from textwell.core.wire import encode
from textwell.messaging.unfolded import OUTCOMES, append_outcome_again
from textwell.runtime.remembered import Remembered

log = structlog.get_logger()

ASK_S = 2
CLICKS = "CLICK"
REMEMBER_S = 5.0
MEND = "textwell quarantine list says what and why; retry them when it is mended."


def remember_quarantined(settings: Settings) -> Remembered[str]:
    """How many items are set aside, asked every few seconds. Empty: none, or nobody knows now."""
    return Remembered(lambda: _tell_quarantined(settings), seconds=REMEMBER_S)


def _tell_quarantined(settings: Settings) -> str:
    try:
        with psycopg.connect(settings.dsn(), connect_timeout=ASK_S) as opened:
            return describe_counts(dict(opened.execute(COUNT_BY_STREAM).fetchall()))
    except psycopg.Error:
        return ""  # that PostgreSQL is away is told as a problem


def count_quarantined() -> dict[str, int]:
    """Items set aside by stream."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_BY_STREAM)
        return dict(cursor.fetchall())


def retry_item(item: QuarantinedItem) -> None:
    """Let it in again. What still cannot be stored is set aside anew, under another number.

    A crash in between lets it in twice, which is recognised: items are recorded once.

    Raises:
        BusUnavailable: NATS did not take it; it is still set aside.
    """
    payload = bytes(item.payload)
    if item.stream == OUTCOMES:
        with transaction.atomic(), connection.cursor() as cursor:
            append_outcome_again(cursor, payload)
            item.delete()
        return
    publish_sync(item.subject, payload, msg_id=f"quarantine-{item.id}")
    item.delete()


def drop_item(item: QuarantinedItem) -> None:
    """Delete it for good; the log keeps that there was one."""
    log.warning(
        "item dropped by hand", stream=item.stream, sequence=item.sequence, place=item.place
    )
    item.delete()


def forget_click_addresses(*, older_than: datetime) -> int:
    """Take the raw address out of clicks that were set aside; answers how many had one.

    One of which no address can be told apart is deleted: the date holds for it too. Twice is safe.
    """
    count = 0
    for item in QuarantinedItem.objects.filter(stream=CLICKS, stored_at__lt=older_than):
        clicks = _read_clicks(bytes(item.payload))
        if clicks is None:
            log.warning("unreadable click deleted for its address", sequence=item.sequence)
            item.delete()
            count += 1
        elif addresses := [str(click["ip"]) for click in clicks if click.get("ip")]:
            item.payload = encode([click | {"ip": ""} for click in clicks])
            for address in addresses:  # an error may tell the value that was not taken
                item.error = item.error.replace(address, "…")
            item.save(update_fields=["payload", "error"])
            count += 1
    return count


def _read_clicks(payload: bytes) -> list[dict[str, object]] | None:
    """Clicks by the names of their parts, whatever these hold; None if it is no such list."""
    try:
        return msgspec.json.decode(payload, type=list[dict[str, object]])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
