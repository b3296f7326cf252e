"""A campaign over the wire: each message once, every fault a state, nothing lost."""

import asyncio

import pytest

from dispatch.conftest import Stage, in_thread
from textwell.accounts.models import Workspace
from textwell.campaigns.stopping import lift_stop, stop_all
from textwell.consent.models import ConsentState
from textwell.contacts.models import Contact
from textwell.gateways.models import Sender
from textwell.messaging.actions import cancel_messages, pause_messages, resume_messages
from textwell.messaging.models import Batch, Message, Outcome, Window
from textwell.runtime.connector.runner import GatewayRunner


class DyingRunner(GatewayRunner):
    """Ends as kill -9 would: nothing is finished, recorded or given back."""

    async def _drain(
        self, feeder: "asyncio.Task[None]", services: "list[asyncio.Task[None]]"
    ) -> None:
        for task in (feeder, *services):
            task.cancel()
        await asyncio.gather(feeder, *services, return_exceptions=True)
        await self._ledger.close()


pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]


async def test_everybody_is_handed_off_once_and_the_text_is_the_persons(stage: Stage) -> None:
    campaign = await stage.plan(
        120, body="Hi {{ first_name }}: {{ link }}", fallbacks={"first_name": "you"},
        links=[{"url": "https://shop.test"}],
    )  # fmt: skip
    await stage.connect()

    await stage.until(stage.is_done(campaign))

    log = await stage.handed()
    assert (log.accepted_count, log.doubles) == (120, {})
    assert await in_thread(stage.states, campaign) == {"submitted": 120}
    texts = await in_thread(lambda: set(Outcome.objects.values_list("text", flat=True)))
    assert len(texts) == 120
    assert all(text.startswith("Hi Ada: http") for text in texts)


async def test_receipts_reach_the_stream_with_their_message(stage: Stage) -> None:
    campaign = await stage.plan(10)
    await stage.connect()
    await stage.until(stage.is_done(campaign))

    for _ in range(100):
        if await stage.bus.pending_count("DLR", "ingest"):
            break
        await asyncio.sleep(0.05)

    (message,) = await stage.bus.pull("DLR", "ingest", ["dlr.>"], batch=1, timeout=5)
    assert b'"state":"delivered"' in message.data
    assert b'"message_id":null' not in message.data


async def test_lost_answers_become_unknown_and_are_not_sent_again(stage: Stage) -> None:
    campaign = await stage.plan(30)
    stage.simulator.control.begin("lose_answers", 60)
    await stage.connect()

    await stage.until(stage.is_done(campaign))

    log = await stage.handed()
    assert await in_thread(stage.states, campaign) == {"unknown": 30}
    assert log.doubles == {}


async def test_throttled_messages_go_again_and_arrive_once(stage: Stage) -> None:
    campaign = await stage.plan(40)
    stage.simulator.control.begin("throttle", 0.5)
    await stage.connect()

    await stage.until(stage.is_done(campaign))

    log = await stage.handed()
    assert await in_thread(stage.states, campaign) == {"submitted": 40}
    assert (log.accepted_count, log.doubles) == (40, {})


@pytest.mark.parametrize("stage", [400], indirect=True)
async def test_a_dropped_connection_doubles_nothing(stage: Stage) -> None:
    campaign = await stage.plan(400)
    await stage.connect()
    await stage.until(stage.has_outcomes(campaign, 50))

    stage.simulator.control.begin("drop_connections", 0.2)
    await stage.until(stage.is_done(campaign))

    log = await stage.handed()
    states = await in_thread(stage.states, campaign)
    assert log.doubles == {}
    assert sum(states.values()) == 400
    assert set(states) <= {"submitted", "unknown"}
    assert log.accepted_count >= states["submitted"]


@pytest.mark.parametrize("stage", [300], indirect=True)
async def test_a_pause_stops_within_a_window_and_a_resume_finishes(stage: Stage) -> None:
    campaign = await stage.plan(700)
    await stage.connect()
    await stage.until(stage.has_outcomes(campaign, 20))
    await in_thread(pause_messages, campaign_id=campaign.id)

    assert await stage.stands_still() < 700
    await in_thread(resume_messages, campaign_id=campaign.id)
    await stage.until(stage.is_done(campaign))

    log = await stage.handed()
    assert (log.accepted_count, log.doubles) == (700, {})


@pytest.mark.parametrize("stage", [300], indirect=True)
async def test_a_cancel_withdraws_the_rest(stage: Stage) -> None:
    campaign = await stage.plan(900)
    await stage.connect()
    await stage.until(stage.has_outcomes(campaign, 20))

    canceled = await in_thread(cancel_messages, campaign_id=campaign.id)
    await stage.until(stage.is_done(campaign))

    log = await stage.handed()
    states = await in_thread(stage.states, campaign)
    assert canceled > 0
    assert states == {"submitted": log.accepted_count, "canceled": canceled}
    assert sum(states.values()) == 900


@pytest.mark.parametrize("stage", [300], indirect=True)
async def test_the_stop_button_holds_and_its_lifting_sends_the_rest_once(stage: Stage) -> None:
    campaign = await stage.plan(500)
    runner = await stage.connect()
    await stage.until(stage.has_outcomes(campaign, 20))
    workspace = await in_thread(Workspace.objects.get, id=stage.workspace.id)
    await in_thread(stop_all, workspace=workspace, actor="user:1")
    runner.stop_workspace()

    assert await stage.stands_still() < 500
    await in_thread(lift_stop, workspace=workspace, actor="user:1")
    await stage.until(stage.is_done(campaign))

    log = await stage.handed()
    assert (log.accepted_count, log.doubles) == (500, {})


@pytest.mark.parametrize("stage", [100], indirect=True)
async def test_who_opts_out_meanwhile_gets_nothing(stage: Stage) -> None:
    campaign = await stage.plan(300)
    await stage.connect()
    await stage.until(stage.has_outcomes(campaign, 1))
    late = await in_thread(
        lambda: list(
            Message.objects.filter(campaign_id=campaign.id)
            .order_by("-id")
            .values_list("contact_id", flat=True)[:10]
        )
    )
    await in_thread(
        lambda: ConsentState.objects.filter(contact_id__in=late).update(is_granted=False)
    )

    await stage.until(stage.is_done(campaign))

    log = await stage.handed()
    numbers = await in_thread(
        lambda: set(Contact.objects.filter(id__in=late).values_list("msisdn", flat=True))
    )
    assert await in_thread(stage.states, campaign) == {"submitted": 290, "skipped": 10}
    assert not numbers & {msisdn for msisdn, _hash in log.handed}


@pytest.mark.parametrize("stage", [200], indirect=True)
async def test_nothing_goes_to_who_said_stop_before_it_is_recorded(stage: Stage) -> None:
    """Nobody takes replies off the stream here, as while that role is down."""
    campaign = await stage.plan(300)
    await stage.connect()
    await stage.until(stage.has_outcomes(campaign, 1))
    rows = Message.objects.filter(campaign_id=campaign.id).order_by("-id")
    late = await in_thread(lambda: set(rows.values_list("msisdn", flat=True)[:10]))
    account = stage.simulator.smpp.first_account
    assert account is not None
    for msisdn in late:
        account.reply(msisdn.lstrip("+"), "BAKERY", "STOP")

    await stage.until(lambda: stage.states(campaign).get("submitted") == 290)

    log = await stage.handed()
    assert not late & {msisdn for msisdn, _hash in log.handed}
    assert log.accepted_count == 290


@pytest.mark.parametrize("stage", [200], indirect=True)
async def test_a_killed_connectors_marks_become_unknown_and_the_rest_is_sent(stage: Stage) -> None:
    campaign = await stage.plan(600)
    await stage.connect("one", kind=DyingRunner)
    await stage.until(stage.has_outcomes(campaign, 20))
    (runner, task) = stage.runners.pop()
    runner.stop()
    await asyncio.wait_for(task, 10)
    await in_thread(
        lambda: Batch.objects.filter(state="leased").update(lease_until="2020-01-01T00:00Z")
    )

    await stage.connect("two")
    await stage.until(stage.is_done(campaign), seconds=40)

    log = await stage.handed()
    states = await in_thread(stage.states, campaign)
    assert log.doubles == {}
    assert set(states) == {"submitted", "unknown"}
    assert sum(states.values()) == 600


@pytest.mark.parametrize("stage", [200], indirect=True)
async def test_a_leaving_connector_finishes_its_window_and_returns_the_rest(stage: Stage) -> None:
    campaign = await stage.plan(700)
    await stage.connect("one")
    await stage.until(stage.has_outcomes(campaign, 20))
    await stage.disconnect()
    left = await in_thread(stage.states, campaign)

    await stage.connect("two")
    await stage.until(stage.is_done(campaign))

    log = await stage.handed()
    assert left.get("unknown", 0) == 0
    assert await in_thread(stage.states, campaign) == {"submitted": 700}
    assert (log.accepted_count, log.doubles) == (700, {})


async def test_a_window_lasts_half_a_second_at_the_rate_of_a_slow_sender(stage: Stage) -> None:
    """The gateway's rate would allow 1,000: a minute in which nothing else is sent."""
    sender = Sender.objects.filter(gateway_id=stage.gateway.id)
    await in_thread(lambda: sender.update(segments_per_second=60.0))
    campaign = await stage.plan(70)
    await stage.connect()
    await stage.until(stage.is_done(campaign))

    sizes = await in_thread(
        lambda: [
            last - first + 1
            for first, last in Window.objects.order_by("id").values_list(
                "first_message_id", "last_message_id"
            )
        ]
    )
    assert sizes == [30, 30, 10]
