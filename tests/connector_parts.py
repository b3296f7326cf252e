"""Windows without a ledger, and a hand-off over a link that is none."""

import asyncio
from collections.abc import Iterable
from unittest.mock import Mock

from textwell.gateways.providers.base import Handoff
from textwell.runtime.connector.again import Again
from textwell.runtime.connector.content import content_of_single
from textwell.runtime.connector.handoff import HandOff
from textwell.runtime.connector.window import LeasedBatch, Pending, Window


def window_of(*ids: int, marked_at: float = float("inf"), lane: str = "bulk") -> list[Pending]:
    content = content_of_single(body="Hi", extra={})
    batch = LeasedBatch(ids[0], 1, 7, lane, max(ids), max(ids) + 1, content)
    window = Window(1, batch, len(ids), marked_at)
    handoffs = [Handoff(number, "+84901234567", "BAKERY", "Hi", 60) for number in ids]
    return [Pending(window, handoff, 1, 1, "gsm7", 0, None) for handoff in handoffs]


def handoff_to(
    sent: list[Pending], *, ledger: Mock | None = None, settler: Mock | None = None
) -> tuple[HandOff, Again]:
    """One over a link with room for two, and what waits to be sent again."""
    again, link = Again(), Mock(is_up=asyncio.Event())
    link.is_up.set()
    handoff = HandOff(
        spec=Mock(segments_per_second=1e6, senders=()),
        connection=Mock(room=Mock(return_value=2)),
        link=link,
        ledger=ledger or Mock(),
        settler=settler or Mock(),
        again=again,
        submit=sent.extend,
        stopping=asyncio.Event(),
    )
    return handoff, again


def ids_of(messages: Iterable[Pending]) -> list[int]:
    return [one.handoff.message_id for one in messages]
