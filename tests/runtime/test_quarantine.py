"""Poisonous items among good ones: the good ones become rows once, the others are set aside whole."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

import pytest
from asgiref.sync import sync_to_async
from click.testing import CliRunner
from django.db import connection, models

from builders import make_gateway
from textwell.accounts.models import Workspace
from textwell.cli import quarantine
from textwell.contacts.models import Event
from textwell.core.bus import Bus
from textwell.core.models import QuarantinedItem
from textwell.core.settings import load_settings
from textwell.core.wire import ClickItem, DlrItem, EventItem, MoItem, encode
from textwell.inbox.models import Reply
from textwell.links.models import Click
from textwell.messaging.models import DeliveryReport
from textwell.runtime.context import RoleContext
from textwell.runtime.doctor import examine
from textwell.runtime.roles import ingest
from textwell.runtime.stores import Stores
from textwell.runtime.stores.postgres import Postgres

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_S = 30
AT = 1_790_000_000.0
GOOD = 1_000
IN_ONE_MESSAGE = 10
T = TypeVar("T")


async def in_thread(read: Callable[[], T]) -> T:
    def and_close() -> T:
        try:
            return read()
        finally:
            connection.close()

    return await sync_to_async(and_close, thread_sensitive=False)()


@asynccontextmanager
async def serving() -> AsyncIterator[RoleContext]:
    context = RoleContext(settings=load_settings(), role="ingest", name="ingest@test")
    role = asyncio.create_task(ingest.run(context))
    yield context
    context.stop.set()
    await role


async def drained(bus: Bus, *streams: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        for stream in streams:
            while (await bus.js.stream_info(stream)).state.messages:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.05)


def an_event(number: int, **values: object) -> EventItem:
    fields = {"workspace_id": 1, "name": "paid", "at": AT, "source_key": f"quarantine-{number}"}
    return EventItem(**(fields | values))  # type: ignore[arg-type] # of several types


def a_click(number: int, **values: object) -> ClickItem:
    fields: dict[str, object] = {
        "token": "abcdefgh", "workspace_id": 1, "message_id": number, "link_number": 1,
        "campaign_id": None, "at": AT, "method": "GET", "user_agent": "Plain", "ip": "",
        "headers": {},
    }  # fmt: skip
    return ClickItem(**(fields | values))  # type: ignore[arg-type] # of several types


def a_receipt(number: int, **values: object) -> DlrItem:
    fields: dict[str, object] = {
        "gateway_id": 1, "provider_message_id": str(number), "provider_key": number,
        "state": "delivered", "reason": "", "code": "", "done_at": None, "received_at": time.time(),
    }  # fmt: skip
    return DlrItem(**(fields | values))  # type: ignore[arg-type] # of several types


def a_text(number: int, gateway_id: int, **values: object) -> MoItem:
    fields: dict[str, object] = {
        "gateway_id": gateway_id, "source_key": f"m-{number}", "msisdn": "+84901234567",
        "recipient": "8088", "text": "Plain", "received_at": AT,
    }  # fmt: skip
    return MoItem(**(fields | values))  # type: ignore[arg-type] # of several types


@dataclass
class Case:
    """A stream, its good items and three that cannot be rows, each with the begin of its reason."""

    stream: str
    subject: str
    model: type[models.Model]
    key: str
    good: list[bytes]
    poison: dict[bytes, str]


def cases(gateway_id: int) -> list[Case]:
    shapeless = b'{"workspace_id": "one", "gateway_id": []}'
    plain = b"Plain"
    return [
        Case(
            "EVENT", "event.1", Event, "source_key", [encode(an_event(n)) for n in range(GOOD)],
            {
                encode(an_event(-1, at=-1e15)): "ValueError: year",
                encode(an_event(-2, contact_id=2**63)): "DataError: value",
                shapeless: "ValidationError: Expected `int`, got `str`",
            },
        ),
        Case(
            "CLICK", "click", Click, "message_id", [encode(a_click(n)) for n in range(GOOD)],
            {
                encode(a_click(1, link_number=70_000)): "DataError: smallint out of range",
                encode(a_click(2)).replace(plain, b"\xff\xfe"): "UnicodeDecodeError: 'utf-8'",
                shapeless: "ValidationError: Expected `int`, got `str`",
            },
        ),
        Case(
            "DLR", "dlr.1", DeliveryReport, "provider_key",
            [encode(a_receipt(n)) for n in range(GOOD)],
            {
                encode(a_receipt(1, gateway_id=2**63 - 1, provider_key=2**63)): "NumericValueOut",
                encode(a_receipt(2, received_at=1e300)): "OverflowError: ",
                encode(a_receipt(3, received_at=1.0)): "CheckViolation: no partition",
            },
        ),
        Case(
            "MO", "mo.1", Reply, "source_key",
            [encode(a_text(n, gateway_id)) for n in range(GOOD)],
            {
                encode(a_text(-1, gateway_id, received_at=-1e15)): "ValueError: year",
                encode(a_text(-2, gateway_id)).replace(plain, b"\xff\xfe"): "UnicodeDecodeError:",
                b'"half of a te': "DecodeError: ",
            },
        ),
    ]  # fmt: skip


async def publish(bus: Bus, case: Case, seed: int) -> None:
    """All items in a random order, some to a message; what is not even JSON is a message itself."""
    whole = [each for each in case.poison if each.startswith(b'"')]
    items = case.good + [each for each in case.poison if each not in whole]
    random.Random(seed).shuffle(items)
    groups = [items[n : n + IN_ONE_MESSAGE] for n in range(0, len(items), IN_ONE_MESSAGE)]
    payloads = [b"[" + b",".join(group) + b"]" for group in groups]
    payloads[7:7] = whole
    await asyncio.gather(*(bus.publish(case.subject, payload) for payload in payloads))


async def test_a_thousand_good_items_become_rows_once_and_three_poisonous_ones_are_set_aside(
    bus: Bus, workspace: Workspace
) -> None:
    gateway_id = await in_thread(lambda: make_gateway(workspace=workspace).id)
    found = cases(gateway_id)
    for seed, case in enumerate(found):
        await publish(bus, case, seed)

    async with serving() as context:
        await drained(bus, *(case.stream for case in found))
        note = await in_thread(lambda: context.notes()["quarantine"])

    def look(case: Case) -> tuple[list[int], dict[bytes, str]]:
        keys = case.model._default_manager.values_list(case.key, flat=True)
        aside = QuarantinedItem.objects.filter(stream=case.stream)
        return list(Counter(keys).values()), {bytes(each.payload): each.error for each in aside}

    for case in found:
        counts, aside = await in_thread(lambda case=case: look(case))  # type: ignore[misc]
        assert counts == [1] * GOOD
        wanted = {p if p.startswith(b'"') else b"[" + p + b"]": e for p, e in case.poison.items()}
        assert aside.keys() == wanted.keys()
        assert [aside[p][: len(e)] for p, e in wanted.items()] == list(wanted.values())
    assert note == "12 items are set aside (CLICK 3, DLR 3, EVENT 3, MO 3)"


async def test_what_was_set_aside_is_let_in_once_the_reason_is_mended(
    bus: Bus, workspace: Workspace
) -> None:
    def run(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    def told(*arguments: str) -> str:
        return CliRunner().invoke(quarantine.command, arguments).output

    await in_thread(
        lambda: run("ALTER TABLE links_click ADD CONSTRAINT odd CHECK (message_id <> 2)")
    )
    try:
        await bus.publish("click", encode([a_click(1), a_click(2), a_click(3)]))
        await bus.publish("click", encode([a_click(4, at=-1e15)]))
        async with serving():
            await drained(bus, "CLICK")
    finally:
        await in_thread(lambda: run("ALTER TABLE links_click DROP CONSTRAINT odd"))
    listed = await in_thread(lambda: told("list"))
    first, second = (line.split("  ")[0] for line in listed.splitlines())
    shown = await in_thread(lambda: told("show", first))
    [look] = await in_thread(
        lambda: [each for each in examine(load_settings()) if each.subject == "quarantine"]
    )
    retried = await in_thread(lambda: told("retry", "--all"))
    async with serving():
        await drained(bus, "CLICK")

    ids = await in_thread(lambda: sorted(Click.objects.values_list("message_id", flat=True)))
    left = await in_thread(lambda: list(QuarantinedItem.objects.values_list("id", "error")))
    assert (look.level, look.text) == ("warn", "2 items are set aside (CLICK 2)")
    assert 'violates check constraint "odd"' in shown
    assert '"message_id":2' in shown
    assert retried.startswith("2 let in again.")
    assert ids == [1, 2, 3]
    [(number, error)] = left
    assert (number > int(second), error[:16]) == (True, "ValueError: year")
    assert (await in_thread(lambda: told("drop", "--all", "--yes"))).endswith("1 deleted.\n")


async def test_a_database_that_is_away_in_the_middle_sets_nothing_aside(
    bus: Bus, stores: Stores
) -> None:
    [postgres] = [store for store in stores.members if isinstance(store, Postgres)]
    events = [encode(an_event(n, source_key=f"away-{n}")) for n in range(GOOD)]
    half = GOOD // 2

    async def publish_some(some: list[bytes]) -> None:
        await asyncio.gather(*(bus.publish("event.1", b"[" + one + b"]") for one in some))

    async with serving():
        await publish_some(events[:half])
        await in_thread(postgres.stop)
        await publish_some(events[half:])
        postgres.start()  # in this thread: the server ends with the one that started it
        await drained(bus, "EVENT")

    connection.close()  # the old one ended with its server
    assert await in_thread(Event.objects.count) == GOOD
    assert await in_thread(QuarantinedItem.objects.count) == 0
