"""Caps at hand-off: whoever is handed off first wins, whatever its id and its planned time."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection as django_connection

from builders import make_campaign, make_contact, make_crowd, make_gateway, make_workspace
from domain.messaging.ledger import (
    Planned,
    append_outcome,
    build_plan,
    fold,
    plan_campaign,
    run_plan,
)
from textwell.accounts.models import Workspace
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.db import connect_async
from textwell.gateways.models import Gateway
from textwell.gateways.selectors import load_gateway_spec
from textwell.messaging import actions, law, sql
from textwell.messaging.actions import SingleMessage, claim_due_batches, send_single, wake_held
from textwell.messaging.caps import Caps
from textwell.messaging.law import ALLOWED
from textwell.messaging.models import Batch, Message, Window
from textwell.runtime.connector import way
from textwell.runtime.connector.content import GENERAL
from textwell.runtime.connector.ledger import Ledger
from textwell.runtime.connector.preparing import prepare
from textwell.runtime.connector.window import LeasedBatch, Prepared
from wide import WIDE

pytestmark = pytest.mark.django_db(transaction=True)


async def in_thread(work: Any, *args: Any, **kwargs: Any) -> Any:  # Any: whatever the work is
    return await sync_to_async(work, thread_sensitive=True)(*args, **kwargs)


def plan_for(workspace: Workspace, gateway: Gateway, **values: Any) -> Planned:
    """A campaign to everybody there is, planned without a look at caps."""
    campaign = make_campaign(workspace=workspace, gateway=gateway, state="sending", **values)
    plan = build_plan(workspace, campaign)
    run_plan(plan)
    return Planned(campaign, plan, [])


def due_batches(gateway: Gateway) -> list[int]:
    claim_due_batches()
    found = Batch.objects.filter(gateway_id=gateway.id, state="queued").order_by("id")
    return list(found.values_list("id", flat=True))


async def hand_off(gateway: Gateway, *, size: int = 1_000) -> Prepared:
    """Lease and mark all that is due, as a connector does; what the gate said of it."""
    ledger = Ledger(gateway_id=gateway.id, connector=f"of-{gateway.id}")
    spec = await in_thread(load_gateway_spec, gateway.id)
    result = Prepared()
    for batch_id in await in_thread(due_batches, gateway):
        (batch,) = await ledger.lease([batch_id], own_window_ids=[])
        while batch is not None and not batch.is_marked_through:
            marked = await ledger.mark(batch, size=size, now=0)
            assert marked is not None
            one, rows = marked
            prepare(rows, window=one, spec=spec, at=datetime.now(UTC), into=result)
    await ledger.close()
    return result


def people_of(prepared: Prepared) -> list[int]:
    return [pending.contact_id for pending in prepared.pending]


async def test_concurrent_campaigns_and_single_texts_never_pass_a_cap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of many gateways; single texts are a program's, or of whatever else takes one text to a person."""
    monkeypatch.setattr(actions, "publish_after_commit", lambda *_nudge: None)
    workspace = await in_thread(make_workspace, cap_count=2, cap_hours=24)
    people = await in_thread(make_crowd, workspace=workspace, count=1_000 if WIDE else 120)
    gateways = [
        await in_thread(make_gateway, workspace=workspace) for _ in range(50 if WIDE else 6)
    ]
    for gateway in gateways:
        await in_thread(plan_for, workspace, gateway)
        for person in people[:2]:
            await in_thread(send_marketing, gateway, person)

    handed = await asyncio.gather(*(hand_off(gateway, size=20) for gateway in gateways))

    texts = Counter(person for prepared in handed for person in people_of(prepared))
    assert texts == {person.id: 2 for person in people}
    reasons = Counter(left.reason for prepared in handed for left in prepared.left_out)
    assert reasons == {"frequency_cap": (len(gateways) - 2) * len(people) + 2 * len(gateways)}


def send_marketing(gateway: Gateway, person: Contact) -> None:
    message = SingleMessage(
        workspace_id=person.workspace_id, contact_id=person.id, msisdn=person.msisdn,
        country=person.country, body="Bread.", purpose="marketing", lane="bulk",
        gateway_id=gateway.id, sender="BAKERY",
    )  # fmt: skip
    send_single(message, actor="test")


async def test_a_mark_waits_for_one_that_is_not_committed_yet_and_then_sees_it() -> None:
    workspace = await in_thread(make_workspace, cap_count=1)
    contact = await in_thread(make_contact, workspace=workspace)
    one, two = [await in_thread(make_gateway, workspace=workspace) for _ in range(2)]
    for gateway in (one, two):
        await in_thread(plan_for, workspace, gateway)
    batch_id = (await in_thread(due_batches, one))[0]
    earlier = Ledger(gateway_id=one.id, connector="one")
    (batch,) = await earlier.lease([batch_id], own_window_ids=[])
    assert batch is not None
    connection = await connect_async()
    async with connection.transaction():
        await connection.execute(
            "SELECT pg_advisory_xact_lock(%s, %s)", [sql.CAP_LOCK, workspace.id]
        )
        await connection.execute(sql.MARK_WINDOW.encode(), mark_of(batch))
        later = asyncio.create_task(hand_off(two))
        while not later.done() and not await in_thread(is_anybody_waiting):
            pass  # each look takes its time in another thread

    assert [left.contact_id for left in (await later).left_out] == [contact.id]
    await connection.close()
    await earlier.close()


def mark_of(batch: LeasedBatch) -> dict[str, object]:
    return {
        "batch_id": batch.id, "first_id": batch.next_id, "last_id": batch.last_message_id,
        "connector": "one", "lease_s": 30,
    }  # fmt: skip


def is_anybody_waiting() -> bool:
    with django_connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return bool(cursor.fetchone()[0])


async def test_what_was_handed_off_counts_though_its_id_is_higher_and_it_was_due_long_ago() -> None:
    workspace = await in_thread(make_workspace)
    contact = await in_thread(make_contact, workspace=workspace)
    gateway = await in_thread(make_gateway, workspace=workspace)
    await in_thread(plan_for, workspace, gateway, cap_count=1, cap_hours=24)
    later = await in_thread(plan_for, workspace, gateway)
    await in_thread(say_handed, later, due_at=now() - timedelta(days=9), handed_at=now())

    prepared = await hand_off(gateway)

    assert [(left.contact_id, left.reason) for left in prepared.left_out] == [
        (contact.id, "frequency_cap")
    ]


def say_handed(planned: Planned, **times: datetime) -> None:
    Message.objects.filter(campaign_id=planned.campaign.id).update(state="submitted", **times)
    Batch.objects.filter(campaign_id=planned.campaign.id).update(state="done")


@pytest.mark.parametrize(
    ("hours_ago", "count"), [(23, 0), (25, 1)], ids=["within the period", "before it"]
)
async def test_the_period_of_a_cap_goes_back_from_the_hand_off(hours_ago: int, count: int) -> None:
    workspace = await in_thread(make_workspace, cap_count=1, cap_hours=24)
    await in_thread(make_contact, workspace=workspace)
    gateway = await in_thread(make_gateway, workspace=workspace)
    earlier = await in_thread(plan_for, workspace, gateway)
    await in_thread(say_handed, earlier, handed_at=now() - timedelta(hours=hours_ago))
    await in_thread(plan_for, workspace, gateway)

    assert len((await hand_off(gateway)).pending) == count


async def test_two_texts_that_only_wait_do_not_stand_in_each_others_way() -> None:
    workspace = await in_thread(make_workspace, cap_count=1)
    contact = await in_thread(make_contact, workspace=workspace)
    one, two = [await in_thread(make_gateway, workspace=workspace) for _ in range(2)]
    await in_thread(plan_for, workspace, one)
    await in_thread(plan_for, workspace, two)

    assert people_of(await hand_off(two)) == [contact.id]
    assert people_of(await hand_off(one)) == []


async def test_texts_held_by_a_stop_do_not_stand_in_each_others_way_afterwards() -> None:
    workspace = await in_thread(make_workspace, cap_count=1)
    contact = await in_thread(make_contact, workspace=workspace)
    one, two = [await in_thread(make_gateway, workspace=workspace) for _ in range(2)]
    campaigns = [await in_thread(plan_for, workspace, gateway) for gateway in (one, two)]
    for gateway in (one, two):
        await hand_off(gateway)
    await in_thread(hold_and_wake, campaigns)

    assert people_of(await hand_off(two)) == [contact.id]
    assert people_of(await hand_off(one)) == []


def hold_and_wake(campaigns: list[Planned]) -> None:
    """What the stop button does to marked messages, and its lifting."""
    for planned in campaigns:
        append_outcome(planned.message_ids[0], "held")
    Window.objects.update(is_settled=True)
    Batch.objects.update(state="done")
    fold()
    wake_held(campaign_ids=[planned.campaign.id for planned in campaigns])


async def test_a_person_may_get_what_the_stricter_cap_allows_and_no_more() -> None:
    workspace = await in_thread(make_workspace, cap_count=3)
    contact = await in_thread(make_contact, workspace=workspace)
    gateway = await in_thread(make_gateway, workspace=workspace)

    got = [await text_once(workspace, gateway, contact, cap_count=9) for _ in range(4)]
    stricter = await text_once(workspace, gateway, contact, cap_count=1)

    assert (got, stricter) == ([True, True, True, False], False)


async def text_once(
    workspace: Workspace, gateway: Gateway, contact: Contact, *, cap_count: int
) -> bool:
    planned = await in_thread(plan_for, workspace, gateway, cap_count=cap_count)
    handed = people_of(await hand_off(gateway)) == [contact.id]
    if handed:
        await in_thread(say_handed, planned, handed_at=now())
    await in_thread(Batch.objects.update, state="done")
    return handed


async def test_care_is_not_held_back_by_the_workspaces_cap_and_does_not_count() -> None:
    workspace = await in_thread(make_workspace, cap_count=1)
    contact = await in_thread(make_contact, workspace=workspace)
    gateway = await in_thread(make_gateway, workspace=workspace)
    first = await in_thread(plan_for, workspace, gateway)
    await in_thread(say_handed, first, handed_at=now())
    await in_thread(plan_for, workspace, gateway, purpose="care")

    assert people_of(await hand_off(gateway)) == [contact.id]


def test_where_no_cap_holds_a_window_reads_no_other_message(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=3)
    ids = planned.message_ids
    ends = {"first_id": ids[0], "last_id": ids[-1], "purpose": "marketing", "window_id": 1}
    ends |= GENERAL._asdict() | {
        "register_terms": "[]",
        "consent_terms": "{}",
        "invitation_terms": "{}",
    }
    with django_connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE) " + sql.READ_WINDOW, ends | Caps().params())
        plan = [line for (line,) in cursor.fetchall()]

    assert [line for line in plan if " y " in line and "never executed" not in line] == []


@pytest.fixture
def saigon(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the carrier in the box reached phones, at an hour that is open in Vietnam."""
    monkeypatch.setattr(way, "is_simulated_kind", lambda _kind: False)
    monkeypatch.setattr(way, "judge_kind", lambda *_args, **_kwargs: "")
    monkeypatch.setattr(way, "needs_template", lambda *_args, **_kwargs: False)
    monkeypatch.setattr(law, "judge_hours", lambda *_args: ALLOWED)


async def hand_off_singly(gateway: Gateway) -> Prepared:
    return await hand_off(gateway, size=5)


@pytest.mark.usefixtures("saigon")
async def test_concurrent_campaigns_break_no_cap_of_law() -> None:
    """Three texts in 24 hours in Vietnam, and as many as one likes in France."""
    workspace = await in_thread(make_workspace)
    people = [await in_thread(make_vietnamese, workspace, n) for n in range(200 if WIDE else 10)]
    french = await in_thread(make_contact, workspace=workspace)
    gateways = [
        await in_thread(make_gateway, workspace=workspace) for _ in range(50 if WIDE else 8)
    ]
    for gateway in gateways:
        await in_thread(plan_for, workspace, gateway)

    handed = await asyncio.gather(*(hand_off_singly(gateway) for gateway in gateways))

    texts = Counter(person for prepared in handed for person in people_of(prepared))
    assert texts.pop(french.id) == len(gateways)
    assert texts == {person.id: 3 for person in people}
    kept = [left for prepared in handed for left in prepared.left_out]
    assert Counter((left.outcome, left.reason) for left in kept) == {
        ("held", "legal_cap"): (len(gateways) - 3) * len(people)
    }


def make_vietnamese(workspace: Workspace, number: int) -> Contact:
    return make_contact(workspace=workspace, country="VN", msisdn=f"+8490123{number:04}")


@pytest.mark.usefixtures("saigon")
@pytest.mark.parametrize(("hours_ago", "count"), [(23, 0), (25, 1)])
async def test_a_cap_of_law_looks_back_over_its_own_period(hours_ago: int, count: int) -> None:
    workspace = await in_thread(make_workspace)
    await in_thread(make_vietnamese, workspace, 1)
    gateway = await in_thread(make_gateway, workspace=workspace)
    for _ in range(3):
        earlier = await in_thread(plan_for, workspace, gateway)
        await in_thread(say_handed, earlier, handed_at=now() - timedelta(hours=hours_ago))
    await in_thread(plan_for, workspace, gateway)

    prepared = await hand_off(gateway)

    assert len(prepared.pending) == count
    assert [left.reason for left in prepared.left_out] == ["legal_cap"] * (1 - count)
