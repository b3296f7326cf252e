"""A window that is marked and then cannot be read: nothing of it was handed off, so it waits again."""

import asyncio

import pytest
from psycopg import OperationalError

from builders import make_contact
from dispatch.conftest import Stage, in_thread
from dispatch.test_singles import send_all
from textwell.accounts.models import Workspace
from textwell.messaging import sql
from textwell.messaging.actions import claim_due_batches
from textwell.messaging.models import Batch, Message, Outcome, Window
from textwell.runtime.connector import ledger as ledger_module
from textwell.runtime.connector.ledger import Ledger, Settled
from textwell.runtime.connector.window import LeasedBatch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]

CUT_OFF = "SELECT pg_terminate_backend(pg_backend_pid())"
BROKEN = "SELECT 1/0"


@pytest.fixture
async def capped(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Three texts a person: a mark is committed before its window is read. Nothing is held for long."""
    await in_thread(Workspace.objects.filter(id=stage.workspace.id).update, cap_count=3)
    monkeypatch.setattr(ledger_module, "UNREAD_HOLD_S", 0)
    return stage


@pytest.mark.parametrize("broken", [CUT_OFF, BROKEN], ids=["connection lost", "statement refused"])
async def test_a_campaign_whose_window_could_not_be_read_is_sent_once_and_nobody_is_unknown(
    capped: Stage, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    campaign = await capped.plan(30)
    whole = sql.READ_WINDOW
    monkeypatch.setattr(sql, "READ_WINDOW", broken)
    await capped.connect()
    held = Outcome.objects.filter(outcome="held", reason="not_read")
    await capped.until(lambda: held.count() == 30)
    monkeypatch.setattr(sql, "READ_WINDOW", whole)
    if (
        broken is BROKEN
    ):  # no passing fault: the connector ended, as it does in a role, which starts anew
        await capped.disconnect()
        await capped.connect("two")

    await capped.until(lambda: capped.states(campaign) == {"submitted": 30})

    assert set((await capped.handed()).handed.values()) == {1}
    assert not await in_thread(Window.objects.filter(is_settled=False).exists)


async def test_single_texts_that_could_not_be_read_are_sent_once(
    capped: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await in_thread(lambda: [make_contact(workspace=capped.workspace) for _ in range(9)])
    whole = sql.READ_SINGLES, sql.READ_WINDOW
    monkeypatch.setattr(sql, "READ_SINGLES", CUT_OFF)
    monkeypatch.setattr(sql, "READ_WINDOW", CUT_OFF)
    ids = await in_thread(send_all, capped, people, purposes=("marketing",))
    await capped.connect()
    held = Outcome.objects.filter(outcome="held", reason="not_read")
    await capped.until(lambda: held.count() >= 9)
    monkeypatch.setattr(sql, "READ_SINGLES", whole[0])
    monkeypatch.setattr(sql, "READ_WINDOW", whole[1])

    sent = Message.objects.filter(id__in=ids, state="submitted")
    await capped.until(lambda: sent.count() == 9)

    assert set((await capped.handed()).handed.values()) == {1}


async def _marked_unread(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> tuple[Ledger, LeasedBatch, list[int]]:
    """Ten messages marked by "one", which could not read them."""
    await stage.plan(10)
    await in_thread(claim_due_batches)
    batch_id = await in_thread(lambda: Batch.objects.get().id)
    ledger = Ledger(gateway_id=stage.gateway.id, connector="one")
    (batch,) = await ledger.lease([batch_id], own_window_ids=[])
    with monkeypatch.context() as patch:
        patch.setattr(sql, "READ_WINDOW", CUT_OFF)
        with pytest.raises(OperationalError):
            await ledger.mark(batch, size=10, now=0)
    return ledger, batch, [window.id for window in ledger.take_unread()]


async def test_what_another_connector_has_parked_meanwhile_stays_unknown(
    capped: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, batch, unread = await _marked_unread(capped, monkeypatch)
    await in_thread(Batch.objects.update, lease_until="2000-01-01T00:00Z")
    other = Ledger(gateway_id=capped.gateway.id, connector="two")
    await other.lease([batch.id], own_window_ids=[])

    await ledger.append(Settled([], unread, [], [], unread))

    await asyncio.gather(ledger.close(), other.close())
    assert len(unread) == 1
    assert await in_thread(outcomes) == ["unknown"] * 10


async def test_what_is_given_back_is_not_parked_and_twice_is_as_once(
    capped: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, batch, unread = await _marked_unread(capped, monkeypatch)
    await ledger.append(Settled([], unread, [], [], unread))
    await ledger.append(Settled([], unread, [], [], unread), is_again=True)
    await in_thread(Batch.objects.update, lease_until="2000-01-01T00:00Z")

    await ledger.lease([batch.id], own_window_ids=[])

    await ledger.close()
    assert await in_thread(outcomes) == ["held"] * 10
    assert ledger.take_unread() == []


async def test_one_that_was_canceled_meanwhile_is_not_given_back(
    capped: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, _batch, unread = await _marked_unread(capped, monkeypatch)
    first = await in_thread(lambda: Message.objects.order_by("id")[0].id)
    await in_thread(Message.objects.filter(id=first).update, state="canceled")

    await ledger.append(Settled([], unread, [], [], unread))

    await ledger.close()
    assert await in_thread(outcomes) == ["held"] * 9


def outcomes() -> list[str]:
    return list(Outcome.objects.order_by("id").values_list("outcome", flat=True))
