"""The raw address of a click goes when its days are over, where the click was set aside too."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from textwell.core.models import QuarantinedItem
from textwell.runtime.quarantine import forget_click_addresses

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 1, tzinfo=UTC)
CLICK = b'[{"token":"abcdefgh","link_number":70000,"ip":"203.0.113.9"}]'


def set_aside(payload: bytes, *, stream: str = "CLICK", at: datetime = AT) -> QuarantinedItem:
    return QuarantinedItem.objects.create(
        stream=stream,
        subject="click",
        sequence=QuarantinedItem.objects.count(),
        place=0,
        payload=payload,
        error="DataError: not taken: 203.0.113.9",
        stored_at=at,
        set_aside_at=at,
    )


def test_the_address_goes_and_the_click_stays() -> None:
    item = set_aside(CLICK)

    counts = [forget_click_addresses(older_than=AT + timedelta(days=1)) for _ in range(2)]

    item.refresh_from_db()
    assert counts == [1, 0]
    assert msgspec.json.decode(bytes(item.payload)) == [
        {"token": "abcdefgh", "link_number": 70000, "ip": ""}
    ]
    assert "203.0.113.9" not in item.error


def test_a_click_that_cannot_be_read_goes_whole() -> None:
    set_aside(b'[{"token":"\xff","ip":"203.0.113.9"}]')

    assert forget_click_addresses(older_than=AT + timedelta(days=1)) == 1
    assert not QuarantinedItem.objects.exists()


def test_younger_clicks_and_other_items_stay_as_they_are() -> None:
    young = set_aside(CLICK, at=AT + timedelta(days=2))
    event = set_aside(CLICK, stream="EVENT")

    assert forget_click_addresses(older_than=AT + timedelta(days=1)) == 0
    for item in (young, event):
        item.refresh_from_db()
        assert bytes(item.payload) == CLICK
