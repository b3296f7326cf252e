"""A lost answer at a carrier that knows our ids again: said once more, until everybody has it once."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from builders import make_contact
from dispatch.conftest import Stage, in_thread, opened_stage
from dispatch.scripted import MortalRunner
from textwell.campaigns.models import Campaign
from textwell.consent.actions import record_opt_out
from textwell.contacts.models import Contact
from textwell.core.bus import Bus
from textwell.core.clock import now
from textwell.gateways.providers.simulator.log import hash_text
from textwell.gateways.providers.simulator.script import Operator, Range, Script
from textwell.gateways.providers.simulator_http import SimulatorHttpProvider
from textwell.messaging.actions import SingleMessage, send_single
from textwell.messaging.models import Batch, Message, Outcome
from textwell.runtime.connector import doubts
from textwell.runtime.ports import free_ports

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]

PEOPLE = 400
# Twenty times as fast: 0.2 to 0.3 s, in which a window of answers is on its way.
SLOW = Script(name="slow", operators=(Operator("network", latency=Range(4.0, 6.0)),))


@pytest.fixture
async def stage(transactional_db: None, bus: Bus, tmp_path: Path) -> AsyncIterator[Stage]:
    async with opened_stage(bus, tmp_path, SLOW, rate=200) as stage:
        await in_thread(stage.use_door, "simulator_http")
        yield stage


@pytest.fixture(autouse=True)
def _looking_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doubts, "LOOK_S", 0.2)
    monkeypatch.setattr(doubts, "MAX_LOOK_S", 0.2)


@contextmanager
def connector_process() -> Iterator["subprocess.Popen[bytes]"]:
    """The role as an operator runs it; killed at the end as by kill -9."""
    process = subprocess.Popen(
        [sys.executable, "-m", "textwell.cli.main", "run", "--role", "connector"],
        env=os.environ | free_ports(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def let_leases_run_out() -> None:
    Batch.objects.filter(state="leased").update(lease_until="2020-01-01T00:00Z")


def is_sent(stage: Stage, campaign: Campaign) -> Any:
    return lambda: stage.states(campaign) == {"submitted": PEOPLE}


async def test_after_kill_9_in_mid_window_everybody_has_it_once_and_nothing_is_unknown(
    stage: Stage,
) -> None:
    campaign = await stage.plan(PEOPLE)
    with connector_process():
        await stage.until_handed(PEOPLE // 4)
    taken = (await stage.handed()).accepted_count
    await in_thread(stage.fold)
    known = (await in_thread(stage.states, campaign)).get("submitted", 0)
    await in_thread(let_leases_run_out)
    with connector_process():
        await stage.until(is_sent(stage, campaign), seconds=60)

    assert known < taken < PEOPLE  # it was killed while answers were on their way
    log = await stage.handed()
    assert (log.accepted_count, log.doubles) == (PEOPLE, {})


async def test_where_the_carrier_does_not_know_our_ids_it_stays_unknown_and_is_not_said_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SimulatorHttpProvider, "is_idempotent", False)
    campaign = await stage.plan(PEOPLE)
    runner = await stage.connect("one", kind=MortalRunner)
    assert isinstance(runner, MortalRunner)
    await stage.until_handed(PEOPLE // 4)
    _runner, task = stage.runners.pop()
    runner.stop()
    await asyncio.wait_for(task, 10)
    await runner.hang_up()
    await in_thread(let_leases_run_out)

    await stage.connect("two")
    await stage.until(stage.is_done(campaign), seconds=40)

    states = await in_thread(stage.states, campaign)
    assert set(states) == {"submitted", "unknown"}
    assert sum(states.values()) == PEOPLE
    assert (await stage.handed()).doubles == {}


async def test_lost_answers_are_asked_for_again_until_they_come(stage: Stage) -> None:
    stage.simulator.control.begin("lose_answers", 60)
    campaign = await stage.plan(60)
    await stage.connect()
    await stage.until(lambda: stage.states(campaign) == {"unknown": 60})

    stage.simulator.carrier.faults.clear()
    await stage.until(lambda: stage.states(campaign) == {"submitted": 60})

    log = await stage.handed()
    assert (log.accepted_count, log.doubles) == (60, {})


async def test_who_opted_out_since_is_left_as_unknown(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doubts, "LOOK_S", 3600)
    stage.simulator.control.begin("lose_answers", 60)
    campaign = await stage.plan(20)
    await stage.connect()
    await stage.until(lambda: stage.states(campaign) == {"unknown": 20})
    await stage.disconnect()
    person = await in_thread(Contact.objects.earliest, "id")
    await in_thread(
        record_opt_out, workspace_id=stage.workspace.id, contact_id=person.id,
        msisdn=person.msisdn, source="reply", wording="STOP", given_at=now(), actor="system",
    )  # fmt: skip

    stage.simulator.carrier.faults.clear()
    monkeypatch.setattr(doubts, "LOOK_S", 0.2)
    await stage.connect()
    await stage.until(lambda: stage.states(campaign) == {"submitted": 19, "unknown": 1})


async def test_a_single_message_is_said_again_with_its_own_text(stage: Stage) -> None:
    stage.simulator.control.begin("lose_answers", 60)
    contact = await in_thread(make_contact, workspace=stage.workspace)
    message = SingleMessage(
        workspace_id=stage.workspace.id, contact_id=contact.id, msisdn=contact.msisdn,
        country=contact.country, body="Your code is 4711", purpose="transactional", lane="urgent",
        gateway_id=stage.gateway.id, sender="BAKERY",
    )  # fmt: skip
    message_id = await in_thread(send_single, message, actor="user:1")
    rows = Message.objects.filter(id=message_id)
    await stage.connect()
    await stage.until(rows.filter(state="unknown").exists)

    stage.simulator.carrier.faults.clear()
    await stage.until(rows.filter(state="submitted").exists)

    log = await stage.handed()
    assert dict(log.handed) == {(contact.msisdn, hash_text("Your code is 4711")): 1}
    texts = Outcome.objects.filter(message_id=message_id, outcome="submitted")
    assert await in_thread(lambda: texts.get().text) == "Your code is 4711"
