"""Rules that change while a connector has the texts: it marks no more of them by those of before."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from builders import make_contact, make_gateway, make_workspace
from domain.messaging.ledger import append_outcome
from domain.messaging.test_caps import due_batches, in_thread, plan_for
from textwell.compliance import library
from textwell.compliance.schema import CapRule, Pack
from textwell.core.clock import now
from textwell.gateways.models import Gateway
from textwell.messaging.law_choices import (
    ask_exception_day,
    choose_reading,
    decide_exception_day,
    end_reading,
    withdraw_exception_day,
)
from textwell.messaging.models import Batch, Message, Outcome, Promise
from textwell.runtime.connector.ledger import Ledger
from textwell.runtime.connector.window import LeasedBatch

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gateway() -> Gateway:
    """With a campaign to two people, due now."""
    workspace = make_workspace()
    for _ in range(2):
        make_contact(workspace=workspace, country="FR")
    gateway = make_gateway(workspace=workspace)
    plan_for(workspace, gateway)
    return gateway


@pytest.fixture
def own_packs() -> Iterator[None]:
    yield
    library.use_own_packs([])


async def lease(ledger: Ledger, gateway: Gateway) -> LeasedBatch:
    (batch,) = await ledger.lease(await in_thread(due_batches, gateway), own_window_ids=[])
    return batch


def approve_day(workspace_id: int, day: date) -> int:
    made = ask_exception_day(
        workspace_id=workspace_id, actor="user:1", country="CN", day=day, name="Sale", reason="Late"
    )
    decide_exception_day(
        workspace_id=workspace_id, exception_id=made.id, actor="user:2", is_approved=True
    )
    return made.id


async def test_what_is_chosen_of_the_rules_holds_for_batches_that_were_leased(
    gateway: Gateway,
) -> None:
    home, ledger = gateway.workspace_id, Ledger(gateway_id=gateway.id, connector="one")
    day = (now() + timedelta(days=1)).date()
    words = []

    async def take() -> None:
        batch = await lease(ledger, gateway)
        words.append(batch.content.law_layer)

    await take()
    day_id = await in_thread(approve_day, home, day)
    await take()
    await in_thread(withdraw_exception_day, workspace_id=home, exception_id=day_id, actor="user:1")
    await take()
    await in_thread(
        choose_reading,
        workspace_id=home, actor="user:1", rule="CN:hours", signed_by="Mai", reason="Told so",
    )  # fmt: skip
    await take()
    await in_thread(end_reading, workspace_id=home, actor="user:1", rule="CN:hours")
    batch = await in_thread(Batch.objects.get)
    await ledger.close()

    first = words[0]
    *others, signed = words
    assert others == [first, f"{first}+CN:{day}", first]
    assert signed.startswith(f"{first}~CN:hours=")
    assert batch.state == "planned"  # whoever had it marks no more of it


async def test_who_was_about_to_lease_a_batch_waits_for_what_is_chosen(gateway: Gateway) -> None:
    await in_thread(due_batches, gateway)

    await in_thread(approve_day, gateway.workspace_id, now().date())

    assert (await in_thread(Batch.objects.get)).state == "planned"


async def test_what_is_said_once_more_keeps_the_promise_and_the_choices_of_now(
    gateway: Gateway,
) -> None:
    await in_thread(lose_answers, gateway)
    ledger = Ledger(gateway_id=gateway.id, connector="one")
    ((before, _ids),) = await ledger.find_doubts(after_id=0, limit=9)

    await in_thread(approve_day, gateway.workspace_id, now().date())
    await in_thread(promise, gateway.workspace_id)
    ((batch, ids),) = await ledger.find_doubts(after_id=0, limit=9)
    await ledger.close()

    assert (before.caps.promise, [step.most for step in batch.caps.promise]) == ((), [4, 4])
    assert batch.content.law_layer == f"{before.content.law_layer}+CN:{now().date()}"
    assert len(ids) == 2


def lose_answers(gateway: Gateway) -> None:
    Message.objects.update(state="unknown")
    for message in Message.objects.all():
        append_outcome(message.id, "unknown")
    Outcome.objects.update(gateway_id=gateway.id)


def promise(workspace_id: int) -> None:
    Promise.objects.create(
        workspace_id=workspace_id, version=1, code="c", most=4, document="{}",
        published_at=now(), actor="user:1",
    )  # fmt: skip


async def test_a_cap_that_law_has_since_holds_for_the_next_window(
    gateway: Gateway, own_packs: None
) -> None:
    ledger = Ledger(gateway_id=gateway.id, connector="one")
    batch = await lease(ledger, gateway)
    assert batch.caps.legal == ()

    await in_thread(library.use_own_packs, [capped_france()])
    marked = await ledger.mark(batch, size=1, now=0)
    await ledger.close()

    assert marked is not None
    assert "FR" in batch.caps.legal


def capped_france() -> Pack:
    """As ours of today, with the cap of Colombia."""
    ours = library.shipped_library()
    france, colombia = (ours.find(name, now().date()) for name in ("FR", "CO"))
    assert france is not None
    assert colombia is not None
    caps = [rule for rule in colombia.rule if isinstance(rule, CapRule)]
    return replace(france, effective_from=now().date(), rule=[*france.rule, *caps])
