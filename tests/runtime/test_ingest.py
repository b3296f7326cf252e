"""The ingest role with the real stores: what is on a stream becomes rows, and leaves the stream."""

import asyncio
from collections.abc import Callable

import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from builders import make_contact
from textwell.accounts.models import Workspace
from textwell.contacts.models import Event
from textwell.core.bus import Bus
from textwell.core.settings import load_settings
from textwell.core.wire import EventItem, encode
from textwell.runtime.context import RoleContext
from textwell.runtime.roles import ingest

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_S = 20


async def in_thread(read: Callable[[], object]) -> object:
    def and_close() -> object:
        try:
            return read()
        finally:
            connection.close()

    return await sync_to_async(and_close, thread_sensitive=False)()


async def test_an_event_on_the_stream_becomes_a_row_of_its_person(
    bus: Bus, workspace: Workspace
) -> None:
    contact = await in_thread(lambda: make_contact(workspace=workspace).id)
    item = EventItem(
        workspace_id=workspace.id,
        name="order_paid",
        at=1_790_000_000.0,
        source_key="o-1",
        contact_id=int(str(contact)),
    )
    await bus.publish(f"event.{workspace.id}", encode([item]))
    await bus.publish(f"event.{workspace.id}", encode([item]))
    context = RoleContext(settings=load_settings(), role="ingest", name="ingest@test")
    role = asyncio.create_task(ingest.run(context))

    async with asyncio.timeout(PATIENCE_S):
        while await bus.pending_count("EVENT", "ingest") or not await in_thread(  # noqa: ASYNC110 - rows tell nobody
            Event.objects.count
        ):
            await asyncio.sleep(0.05)
    context.stop.set()
    await role

    rows = await in_thread(lambda: list(Event.objects.values_list("name", "contact_id")))
    assert rows == [("order_paid", contact)]
