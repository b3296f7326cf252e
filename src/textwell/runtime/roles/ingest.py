"""The ingest role: receipts, replies, clicks and events from the streams to rows, and the fold."""

import asyncio
from collections.abc import Sequence

import psycopg
from django.db import close_old_connections

from textwell.contacts.tracked.actions import record_events
from textwell.core.blame import is_fault_of_data
from textwell.core.db import connect_sync
from textwell.core.metrics import counter
from textwell.core.settings import load_settings
from textwell.core.wire import ClickItem, DlrItem, EventItem, MoItem, OptOutItem, Part, items_of
from textwell.inbox.actions import record_replies
from textwell.links.actions import record_click_parts
from textwell.messaging.selectors import handed_times, number_countries
from textwell.messaging.way_out import record_way_outs
from textwell.runtime.context import RoleContext
from textwell.runtime.ingest.folding import FoldLoop
from textwell.runtime.ingest.pump import Pump
from textwell.runtime.ingest.receipts import append_receipts
from textwell.runtime.quarantine import remember_quarantined

INGESTED = counter("ingested", "Items of the streams that are rows now.", ["stream"])


class _ReceiptSink:
    """Keeps one connection for the COPYs of receipts; opens it again when it broke."""

    def __init__(self) -> None:
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None

    def __call__(self, parts: Sequence[Part[DlrItem]]) -> None:
        if self._connection is None or self._connection.closed:
            self._connection = connect_sync()
        try:
            append_receipts(self._connection, items_of(parts))
        except psycopg.Error as error:
            if not is_fault_of_data(error):
                self._connection.close()
            raise

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()


def _write_replies(parts: Sequence[Part[MoItem]]) -> None:
    close_old_connections()
    record_replies(items_of(parts))


def _write_clicks(parts: Sequence[Part[ClickItem]]) -> None:
    close_old_connections()
    message_ids = {item.message_id for item in items_of(parts)}
    countries = number_countries(message_ids) if load_settings().raw_ip_never_in else {}
    record_click_parts(parts, handed_at=handed_times(message_ids), countries=countries)


def _write_way_outs(parts: Sequence[Part[OptOutItem]]) -> None:
    close_old_connections()
    record_way_outs(items_of(parts))


def _write_events(parts: Sequence[Part[EventItem]]) -> None:
    close_old_connections()
    record_events(items_of(parts))


async def run(context: RoleContext) -> None:
    """Serve until the context stops; what is pulled is stored, then the fold runs a last time."""
    bus = await context.connect_bus()
    fold = FoldLoop()
    fold.start()
    context.ready(lambda: bus.is_connected)
    context.note("quarantine", remember_quarantined(context.settings).get)

    receipts = _ReceiptSink()
    pumps: list[
        Pump[DlrItem] | Pump[MoItem] | Pump[ClickItem] | Pump[OptOutItem] | Pump[EventItem]
    ] = [
        Pump(
            bus=bus,
            stream="DLR",
            subject="dlr.>",
            kind=DlrItem,
            write=receipts,
            count=INGESTED.labels("dlr").inc,
        ),
        Pump(
            bus=bus,
            stream="MO",
            subject="mo.>",
            kind=MoItem,
            write=_write_replies,
            count=INGESTED.labels("mo").inc,
        ),
        Pump(
            bus=bus,
            stream="CLICK",
            subject="click",
            kind=ClickItem,
            write=_write_clicks,
            count=INGESTED.labels("click").inc,
        ),
        Pump(
            bus=bus,
            stream="OPTOUT",
            subject="optout",
            kind=OptOutItem,
            write=_write_way_outs,
            count=INGESTED.labels("optout").inc,
        ),
        Pump(
            bus=bus,
            stream="EVENT",
            subject="event.>",
            kind=EventItem,
            write=_write_events,
            count=INGESTED.labels("event").inc,
        ),
    ]
    await asyncio.gather(*(pump.run(context.stop) for pump in pumps))
    receipts.close()
    fold.stop()
    await asyncio.to_thread(fold.join, 20)
    await bus.close()
