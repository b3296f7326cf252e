"""Receipts into their log: whatever a carrier wrote, one of them never keeps the others out."""

import time

import pytest
from django.db import connection

from textwell.core.wire import DlrItem
from textwell.messaging.models import DeliveryReport
from textwell.runtime.ingest.receipts import append_receipts
from textwell.smpp.receipts import parse_receipt

pytestmark = pytest.mark.django_db

TO_UTC_S = 7 * 3600  # a carrier whose clock is seven hours ahead
DONE = "2026-01-02T03:04:05+00:00"


def item(date: str, number: int) -> DlrItem:
    """A receipt with a carrier's own date, as its connector puts it on the stream."""
    found = parse_receipt(f"id:{number} submit date:{date} done date:{date} stat:DELIVRD err:000")
    told = None if found.done_date is None else found.done_date.timestamp() - TO_UTC_S
    return DlrItem(
        gateway_id=1,
        provider_message_id=str(number),
        provider_key=number,
        state="delivered",
        reason="",
        code="",
        done_at=told,
        received_at=time.time(),
        submitted_at=told,
    )


@pytest.mark.parametrize(
    "date",
    ["0001-01-01 00:00:00", "00010101000000", "00130520000000", "19000101000000", "99991231235959"],
)
def test_a_date_that_nobody_can_mean_is_none_and_keeps_nobody_out(date: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # the test's transaction begins, to be rolled back

    append_receipts(connection.connection, [item("260102100405", 1), item(date, 2)])

    rows = DeliveryReport.objects.order_by("provider_key").values_list(
        "provider_key", "done_at", "submitted_at"
    )
    good, odd = [(key, *(at and at.isoformat() for at in times)) for key, *times in rows]
    assert good == (1, DONE, DONE)
    assert odd == (2, None, None)
