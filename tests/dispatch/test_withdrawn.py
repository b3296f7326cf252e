"""What is marked may have to wait for a rate or a carrier: what a person decides meanwhile holds.

The connector hears of nothing here, as while the broker is away: it has to look for itself.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from dispatch.conftest import Stage, in_thread, serving
from textwell.accounts.models import Workspace
from textwell.campaigns.actions import cancel_campaign, pause_campaign, resume_campaign
from textwell.campaigns.models import Campaign
from textwell.campaigns.stopping import lift_stop, stop_all
from textwell.consent.actions import record_opt_in, record_opt_out
from textwell.consent.models import Suppression
from textwell.consent.pausing import pause_person
from textwell.consent.suppressing import suppress_number
from textwell.consent.topics import define_topic
from textwell.consent.types import ConsentScope, every_of
from textwell.core.bus import Msg
from textwell.core.clock import now
from textwell.core.wire import MoItem
from textwell.gateways.models import Sender
from textwell.inbox.actions import record_replies
from textwell.messaging.actions import SingleMessage, send_single
from textwell.messaging.models import Message
from textwell.runtime.connector import feeder, handoff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]

PEOPLE = 60  # all in one window
SENDER_RATE = 10.0  # but its sender is not: six seconds
STALE_S = 1.0  # what was looked at may go so long
IN_TIME = 3 * SENDER_RATE


@pytest.fixture(autouse=True)
def wide_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a carrier that was fast when all was marked had become slow."""
    monkeypatch.setattr(feeder, "WINDOW_S", PEOPLE / SENDER_RATE)


async def begin(stage: Stage) -> Campaign:
    """A campaign whose every message is marked and waits for its sender's rate."""
    sender = Sender.objects.filter(gateway_id=stage.gateway.id)
    await in_thread(lambda: sender.update(segments_per_second=SENDER_RATE))
    campaign = await stage.plan(PEOPLE)
    await stage.connect()
    await stage.until_handed(1)
    return campaign


async def rest(stage: Stage, campaign: Campaign, state: str) -> int:
    """Wait until the rest of the campaign is in a state; answers how many the carrier had by then."""
    await stage.until(
        lambda: set(stage.states(campaign)) == {"submitted", state}, seconds=PEOPLE / SENDER_RATE
    )
    reached = (await stage.handed()).accepted_count
    assert reached <= IN_TIME
    assert await in_thread(stage.states, campaign) == {
        "submitted": reached,
        state: PEOPLE - reached,
    }
    return reached


async def goes_on(stage: Stage, campaign: Campaign) -> None:
    await stage.until(stage.is_done(campaign), seconds=20)
    log = await stage.handed()
    assert (log.accepted_count, log.doubles) == (PEOPLE, {})


async def test_a_cancel_withdraws_what_is_marked_and_waits_for_its_senders_rate(
    stage: Stage,
) -> None:
    campaign = await begin(stage)
    await in_thread(cancel_campaign, campaign=campaign, actor="user:1")

    await rest(stage, campaign, "canceled")

    ended = Message.objects.filter(campaign_id=campaign.id, state="canceled")
    assert await in_thread(lambda: not ended.filter(done_at=None).exists())


async def test_a_pause_holds_what_is_marked_until_it_is_resumed(stage: Stage) -> None:
    campaign = await begin(stage)
    await in_thread(pause_campaign, campaign=campaign, actor="user:1")

    await rest(stage, campaign, "held")
    await in_thread(resume_campaign, campaign=campaign, actor="user:1")

    await goes_on(stage, campaign)


async def test_a_stop_that_nobody_heard_of_holds_what_is_marked(stage: Stage) -> None:
    campaign = await begin(stage)
    workspace = await in_thread(Workspace.objects.get, id=stage.workspace.id)
    await in_thread(stop_all, workspace=workspace, actor="user:1")

    await rest(stage, campaign, "held")
    await in_thread(lift_stop, workspace=workspace, actor="user:1")

    await goes_on(stage, campaign)


async def test_a_number_suppressed_meanwhile_is_left_out_with_that_reason(stage: Stage) -> None:
    sender = Sender.objects.filter(gateway_id=stage.gateway.id)
    await in_thread(lambda: sender.update(segments_per_second=SENDER_RATE))
    campaign = await stage.plan(20)
    last = await in_thread(Message.objects.filter(campaign_id=campaign.id).latest, "id")
    await stage.connect()
    await stage.until_handed(1)
    await in_thread(
        suppress_number, workspace_id=stage.workspace.id, msisdn=last.msisdn, reason="complaint",
        source="page", actor="user:1",
    )  # fmt: skip

    await stage.until(stage.is_done(campaign), seconds=20)

    await in_thread(last.refresh_from_db)
    assert (last.state, last.reason) == ("skipped", "suppressed")


async def test_a_pause_of_a_person_leaves_out_what_is_marked_and_waits(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handoff, "STALE_S", 600.0)  # only what the connector is told counts
    sender = Sender.objects.filter(gateway_id=stage.gateway.id)
    await in_thread(lambda: sender.update(segments_per_second=SENDER_RATE))
    campaign = await stage.plan(4)
    last = await in_thread(Message.objects.filter(campaign_id=campaign.id).latest, "id")
    async with serving(stage):
        await stage.until_handed(1)
        await in_thread(
            pause_person, workspace_id=stage.workspace.id, contact_id=last.contact_id,
            until=now() + timedelta(days=30), source="reply", actor="mo",
        )  # fmt: skip

        await stage.until(stage.is_done(campaign), seconds=20)

    await in_thread(last.refresh_from_db)
    assert (last.state, last.reason) == ("skipped", "person_paused")


@pytest.mark.parametrize(
    ("topic", "fate"), [("sales", ("skipped", "opted_out")), ("", ("submitted", ""))]
)
async def test_an_end_of_one_topic_leaves_out_what_of_it_is_marked_and_nothing_else(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, topic: str, fate: tuple[str, str]
) -> None:
    monkeypatch.setattr(handoff, "STALE_S", 600.0)  # only what the connector is told counts
    sender = Sender.objects.filter(gateway_id=stage.gateway.id)
    await in_thread(lambda: sender.update(segments_per_second=SENDER_RATE))
    campaign = await stage.plan(4)
    last = await in_thread(_put_into_topic, campaign, topic)
    async with serving(stage):
        await stage.until_handed(1)
        await in_thread(
            record_opt_out, workspace_id=stage.workspace.id, contact_id=last.contact_id,
            msisdn=last.msisdn, source="own_page", wording="Leave", given_at=now(), actor="person",
            scope=every_of(topic="sales"),
        )  # fmt: skip

        await stage.until(stage.is_done(campaign), seconds=20)

    await in_thread(last.refresh_from_db)
    assert (last.state, last.reason) == fate


def _put_into_topic(campaign: Campaign, topic: str) -> Message:
    """Everybody agreed to the topic as well; answers the last message."""
    define_topic(workspace_id=campaign.workspace_id, key="sales", name="Sales", actor="user:1")
    Campaign.objects.filter(id=campaign.id).update(topic=topic)
    messages = list(Message.objects.filter(campaign_id=campaign.id).order_by("id"))
    for message in messages:
        record_opt_in(
            workspace_id=campaign.workspace_id, contact_id=message.contact_id, source="form",
            wording="Yes", given_at=now(), actor="user:1", scope=ConsentScope(topic="sales"),
        )  # fmt: skip
    return messages[-1]


async def test_a_connector_forgets_a_number_that_is_free_again_and_no_stop(stage: Stage) -> None:
    campaign = await stage.plan(3)
    found = Message.objects.filter(campaign_id=campaign.id).order_by("id")
    people = await in_thread(lambda: list(found.values_list("contact_id", flat=True)))
    runner = await stage.connect()
    runner.revoke([people[0], people[2]], "suppressed")
    runner.revoke([people[1]])
    runner.unrevoke(people[1:], "suppressed")

    await stage.until(stage.is_done(campaign), seconds=20)

    assert await in_thread(lambda: list(found.values_list("state", "reason"))) == [
        ("skipped", "suppressed"), ("skipped", "opted_out"), ("submitted", ""),
    ]  # fmt: skip


async def test_a_lift_that_is_told_late_frees_no_number_suppressed_since(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handoff, "STALE_S", 600.0)
    sender = Sender.objects.filter(gateway_id=stage.gateway.id)
    await in_thread(lambda: sender.update(segments_per_second=SENDER_RATE))
    campaign = await stage.plan(20)
    last = await in_thread(Message.objects.filter(campaign_id=campaign.id).latest, "id")
    runner = await stage.connect()
    await stage.until_handed(1)
    await in_thread(
        Suppression.objects.create,
        workspace_id=stage.workspace.id,
        msisdn=last.msisdn,
        reason="manual",
    )
    runner.revoke([last.contact_id], "suppressed")
    runner.unrevoke([last.contact_id], "suppressed")

    await stage.until(stage.is_done(campaign), seconds=20)

    await in_thread(last.refresh_from_db)
    assert (last.state, last.reason) == ("skipped", "suppressed")


@pytest.mark.parametrize(
    ("decide", "state"), [(cancel_campaign, "canceled"), (pause_campaign, "held")]
)
async def test_what_the_carrier_throttled_is_not_given_again_after_a_decision(
    stage: Stage, decide: Callable[..., Campaign], state: str
) -> None:
    stage.simulator.control.begin("throttle", 3)
    campaign = await stage.plan(20)
    runner = await stage.connect()
    while not len(runner._again):  # nothing tells it from outside
        await stage.schedule()
        await asyncio.sleep(0.02)
    await in_thread(decide, campaign=campaign, actor="user:1")

    await stage.until(lambda: set(stage.states(campaign)) == {state}, seconds=20)

    assert (await stage.handed()).accepted_count == 0


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ("opt_out opt_in", ""),
        ("hear opt_out opt_in", ""),
        ("opt_out opt_in hear", "stop_heard"),
        ("opt_out hear opt_in", "stop_heard"),  # a consent told late ends no later STOP
        ("hear opt_out opt_in hear", "stop_heard"),
    ],
)
async def test_who_agrees_anew_a_moment_after_a_stop_is_texted(
    stage: Stage, steps: str, reason: str
) -> None:
    """The connector hears of both, as the ledger's gate does: the last word counts."""
    campaign = await stage.plan(1)
    message = await in_thread(Message.objects.get, campaign_id=campaign.id)
    async with serving(stage) as server:
        await stage.until_handed(1)
        for step in steps.split():
            if step == "hear":
                server._runners[stage.gateway.id][1]._handoff.hear_stop([message.msisdn])
            else:
                await _decide(stage, message, step)
        text = SingleMessage(
            workspace_id=stage.workspace.id, contact_id=message.contact_id, msisdn=message.msisdn,
            country="FR", body="Welcome back", purpose="marketing", gateway_id=stage.gateway.id,
            sender="BAKERY", lane="care",
        )  # fmt: skip
        welcome = Message.objects.filter(id=await in_thread(send_single, text, actor="test"))
        ended = ["submitted", "delivered", "skipped", "held"]
        await stage.until(welcome.filter(state__in=ended).exists)

        assert await in_thread(lambda: welcome.get().reason) == reason
        assert (await stage.handed()).accepted_count == (1 if reason else 2)


async def test_who_says_stop_gets_the_confirmation_and_nothing_else(stage: Stage) -> None:
    campaign = await begin(stage)
    message = await in_thread(Message.objects.filter(campaign_id=campaign.id).latest, "id")
    said = MoItem(stage.gateway.id, "1", message.msisdn, "BAKERY", "STOP", now().timestamp())
    await in_thread(record_replies, [said])

    texts = Message.objects.filter(contact_id=message.contact_id)
    confirmation = texts.filter(campaign_id=None)
    await stage.until(confirmation.filter(state__in=["submitted", "delivered", "skipped"]).exists)

    await stage.until(texts.filter(campaign_id=campaign.id, state="skipped").exists)

    assert await in_thread(lambda: confirmation.get().state) != "skipped"
    handed = [msisdn for msisdn, _hash in (await stage.handed()).handed]
    assert handed.count(message.msisdn) == 1


async def _decide(stage: Stage, message: Message, what: str) -> None:
    """As the message's person, and wait until connectors were told."""
    about = {
        "workspace_id": stage.workspace.id, "contact_id": message.contact_id, "actor": "key:1",
        "source": "Form", "given_at": now(),
    }  # fmt: skip
    told = asyncio.Event()
    if what == "opt_out":
        await stage.bus.subscribe_core("control.revoked.*", _set(told))
        await in_thread(record_opt_out, msisdn=message.msisdn, wording="Stop", **about)
    else:
        await stage.bus.subscribe_core("control.agreed.*", _set(told))
        await in_thread(record_opt_in, wording="Yes", **about)
    await asyncio.wait_for(told.wait(), 10)


def _set(event: asyncio.Event) -> Callable[[Msg], Awaitable[None]]:
    async def hear(_message: Msg) -> None:
        event.set()

    return hear
