"""Random faults at every step of a hand-off: nobody twice, nobody lost, what is ambiguous parked."""

import asyncio
import os
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from builders import make_campaign, make_crowd, make_gateway, make_workspace
from dispatch.conftest import in_thread
from dispatch.scripted import (
    ANSWERS,
    MARK_FAULTS,
    STEP_FAULTS,
    SUBMIT_FAULTS,
    Life,
    MortalRunner,
    ScriptedProvider,
    World,
    failing,
)
from textwell.campaigns.actions import (
    cancel_campaign,
    pause_campaign,
    resume_campaign,
)
from textwell.campaigns.models import Campaign
from textwell.campaigns.stopping import lift_stop, stop_all
from textwell.consent.actions import record_opt_out
from textwell.consent.models import ConsentState, Suppression
from textwell.core.bus import connect_bus, ensure_streams
from textwell.core.clock import now
from textwell.core.streams import STREAMS
from textwell.gateways.selectors import load_gateway_spec
from textwell.messaging import plan as plan_module
from textwell.messaging.fold import fold_once
from textwell.messaging.models import Batch, Message, Tally, Window
from textwell.messaging.plan import Plan, plan_chunk, reserve_block
from textwell.messaging.states import WAITING
from textwell.runtime.connector import again as again_module
from textwell.runtime.connector import doubts as doubts_module
from textwell.runtime.connector import feeder as feeder_module
from textwell.runtime.connector import handoff as handoff_module
from textwell.runtime.connector import ledger as ledger_module
from textwell.runtime.connector import link as link_module
from textwell.runtime.connector import runner as runner_module
from textwell.runtime.connector import settle as settle_module
from textwell.runtime.connector.ledger import Ledger
from textwell.runtime.scheduler.sending import publish_due_batches, wake_held_messages
from wide import examples

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(36_000),
    # What is killed ends in the middle of things, as it should.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

# A second or two each. Each run draws others; a night of them: TEXTWELL_SCHEDULES=20000
EXAMPLES = int(os.environ.get("TEXTWELL_SCHEDULES", examples(20)))
PEOPLE = 24
LIFE_S = 0.3  # a connector that got stuck behind a lease of its own lives no longer
LAST_LIFE_S = 5.0  # of those that come after the schedule and have to finish, on a busy machine too
FASTER: dict[object, dict[str, float]] = {
    feeder_module: {"WINDOW_S": 0.00007, "RETRY_S": 0.01},  # windows of seven
    handoff_module: {"STALE_S": 0.0},
    doubts_module: {"LOOK_S": 0.01, "MAX_LOOK_S": 0.02},
    ledger_module: {"UNREAD_HOLD_S": 0},
    settle_module: {"FLUSH_S": 0.002, "FIRST_DELAY_S": 0.01},
    again_module: {"LONGEST_LOOK_S": 0.02},
    link_module: {"FIRST_DELAY_S": 0.001, "REFUSED_DELAY_S": 0.001, "MAX_REFUSED_DELAY_S": 0.01},
    plan_module: {"BATCH_SIZE": 10},
}
DEEDS = ("nothing", "pause", "cancel", "opt out", "stop", "leave")

lives = st.builds(
    Life,
    answers=st.lists(st.sampled_from(ANSWERS), max_size=30).map(tuple),
    marks=st.lists(st.sampled_from(MARK_FAULTS), max_size=5).map(tuple),
    appends=st.lists(st.sampled_from(STEP_FAULTS), max_size=5).map(tuple),
    submits=st.lists(st.sampled_from(SUBMIT_FAULTS), max_size=6).map(tuple),
    deed=st.sampled_from(DEEDS),
    is_nudged=st.booleans(),
)


class Theatre:
    """One workspace and its people for all schedules; a campaign for each."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.workspace = make_workspace()
        self.gateway = make_gateway(workspace=self.workspace, segments_per_second=100_000)
        self.people = make_crowd(workspace=self.workspace, count=PEOPLE)
        self.campaign = Campaign()
        self.opted_out: dict[int, int] = {}  # contact id: handed over before they said stop

    def cap(self, count: int) -> None:
        self.workspace.cap_count = count
        self.workspace.save(update_fields=["cap_count"])

    def plan(self) -> None:
        self.campaign = make_campaign(
            workspace=self.workspace, gateway=self.gateway, state="sending"
        )
        first, last = reserve_block(PEOPLE)
        plan = Plan(
            workspace_id=self.workspace.id, campaign_id=self.campaign.id,
            gateway_id=self.gateway.id, sender="BAKERY", sender_countries=("",), lane="bulk",
            purpose="marketing", needs_consent=True, cap_count=0, cap_hours=0, due_at=now(),
            expires_at=None, audience_where="true", audience_params={}, first_message_id=first,
            last_message_id=last,
        )  # fmt: skip
        with transaction.atomic():
            plan_chunk(
                plan, first_id=first, after_contact_id=0, until_contact_id=2**60, limit=PEOPLE
            )

    async def live(self, number: int, life: Life, *, most_s: float) -> None:
        """One connector from its start to its death, or until nothing is open."""
        self.world.begin(life)
        async with asyncio.timeout(30):
            bus = await connect_bus(name="schedule", timeout_s=10)
            spec = await in_thread(load_gateway_spec, self.gateway.id)
            runner = MortalRunner(spec=spec, bus=bus, connector=f"{self.campaign.id}-{number}")
            task = asyncio.create_task(runner.run())
            deed = asyncio.create_task(self._deed(life, runner))
            loop = asyncio.get_running_loop()
            ends_at = loop.time() + most_s
            try:
                while not self.world.died.is_set() and loop.time() < ends_at:
                    await in_thread(self.schedule)
                    if await in_thread(self.is_done) or self._is_left(deed):
                        break
                    await asyncio.sleep(0.004)
            finally:
                runner.is_killed = self.world.died.is_set() or life.deed != "leave"
                runner.stop()
                deed.cancel()
                await self.world.end(task)
                await runner.close_ledger()
                await asyncio.wait([deed])
                await bus.close()
        await in_thread(self.let_time_pass)

    @staticmethod
    def _is_left(deed: "asyncio.Task[bool]") -> bool:
        return deed.done() and deed.result()

    async def _deed(self, life: Life, runner: MortalRunner) -> bool:
        """What a person does in the middle; True: this connector's life ends with it."""
        await self.world.first_submit.wait()
        match life.deed:
            case "pause":
                await in_thread(pause_campaign, campaign=self.campaign, actor="user:1")
                await asyncio.sleep(0.01)
                await in_thread(resume_campaign, campaign=self.campaign, actor="user:1")
            case "cancel":
                await in_thread(cancel_campaign, campaign=self.campaign, actor="user:1")
                if life.is_nudged:
                    runner.cancel_campaign(self.campaign.id)
            case "opt out":
                await in_thread(self._opt_out)
                if life.is_nudged:
                    runner.revoke(self.opted_out)
            case "stop":
                await in_thread(stop_all, workspace=self.workspace, actor="user:1")
                if life.is_nudged:
                    runner.stop_workspace()
                await asyncio.sleep(0.01)
                await in_thread(lift_stop, workspace=self.workspace, actor="user:1")
            case "leave":
                return True
        return False

    def _opt_out(self) -> None:
        for contact in self.people[-3:]:
            record_opt_out(
                workspace_id=self.workspace.id, contact_id=contact.id, msisdn=contact.msisdn,
                source="reply", wording="STOP", given_at=now(), actor="system",
            )  # fmt: skip
            self.opted_out[contact.id] = self.handed_to(contact.id)

    def handed_to(self, contact_id: int) -> int:
        ids = Message.objects.filter(campaign_id=self.campaign.id, contact_id=contact_id)
        return sum(self.world.handed[i] for i in ids.values_list("id", flat=True))

    def schedule(self) -> None:
        wake_held_messages()
        publish_due_batches()
        self.fold()

    def fold(self) -> None:
        connection.ensure_connection()
        fold_once(connection.connection)

    def let_time_pass(self) -> None:
        """The dead one's connections end, its leases run out, pointers are overdue."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'textwell' AND datname = current_database()"
            )
        past = now() - timedelta(hours=1)
        open_ones = Batch.objects.filter(state__in=["queued", "leased"])
        open_ones.update(queued_at=past)
        open_ones.filter(state="leased").update(lease_until=past)
        if self.workspace.is_stopped:  # died between the two
            lift_stop(workspace=self.workspace, actor="user:1")
        if Campaign.objects.get(id=self.campaign.id).state == "paused":
            resume_campaign(campaign=self.campaign, actor="user:1")

    def is_done(self) -> bool:
        mine = {"campaign_id": self.campaign.id}
        is_open = Batch.objects.filter(**mine).exclude(state__in=["done", "canceled"]).exists()
        return not is_open and not Message.objects.filter(**mine, state__in=WAITING).exists()

    def judge(self) -> None:
        """What must be true of every schedule."""
        world = self.world
        rows = list(
            Message.objects.filter(campaign_id=self.campaign.id).values_list(
                "id", "state", "contact_id"
            )
        )
        states = {key: state for key, state, _contact in rows}
        assert [key for key, times in world.handed.items() if times > 1] == []
        assert len(states) == PEOPLE
        assert self.is_done(), self.explain()
        assert set(states.values()) <= {"submitted", "rejected", "unknown", "skipped", "canceled"}
        for key, state in states.items():
            if state == "submitted":
                assert world.handed[key] == 1, "recorded as accepted, never handed over"
            elif state != "unknown":
                assert world.handed[key] == 0, f"handed over, and recorded as {state}"
            if state == "rejected":
                assert key in world.refused
        for contact_id, before in self.opted_out.items():
            assert self.handed_to(contact_id) == before, "handed over after STOP"
        tallied = Counter(
            dict(
                Tally.objects.filter(campaign_id=self.campaign.id)
                .values_list("state")
                .annotate(Sum("message_count"))
            )
        )
        assert +tallied == Counter(states.values())

    def explain(self) -> str:
        """What is still open, for the reader of a failure."""
        batches = Batch.objects.filter(campaign_id=self.campaign.id).order_by("id")
        facts: list[object] = list(
            batches.values_list(
                "id", "state", "first_message_id", "marked_id", "last_message_id", "attempt_count"
            )
        )
        windows = Window.objects.filter(batch_id__in=batches.values("id")).order_by("id")
        facts += windows.values_list(
            "batch_id", "first_message_id", "last_message_id", "is_settled"
        )
        waiting = Message.objects.filter(campaign_id=self.campaign.id, state__in=WAITING)
        facts += waiting.values_list("id", "state", "reason")
        return "\n".join(map(str, facts))

    def clear(self) -> None:
        """Nothing of this schedule is left for the next one."""
        Batch.objects.all().delete()
        Suppression.objects.all().delete()
        ConsentState.objects.update(is_granted=True)
        self.world.handed.clear()
        self.world.refused.clear()
        self.world.keys.clear()
        self.opted_out.clear()


@pytest.fixture
def theatre(transactional_db: None, stores: object, monkeypatch: pytest.MonkeyPatch) -> Theatre:
    """The real connector over a scripted carrier; small windows, short waits."""
    world = World()
    monkeypatch.setattr(runner_module, "find_provider", lambda _kind: ScriptedProvider(world))
    for module, values in FASTER.items():
        for name, value in values.items():
            monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(Ledger, "mark", failing(Ledger.mark, world, "marks"))
    monkeypatch.setattr(Ledger, "append", failing(Ledger.append, world, "appends"))
    asyncio.run(_clear_streams())
    return Theatre(world)


async def _clear_streams() -> None:
    bus = await connect_bus(name="schedule", timeout_s=10)
    await ensure_streams(bus)
    for spec in STREAMS:
        await bus.js.purge_stream(spec.name)
    await bus.close()


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a schedule is short; shrinking is not
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    schedule=st.lists(lives, min_size=1, max_size=2),
    knows_ids=st.booleans(),
    is_capped=st.booleans(),
)
def test_no_schedule_of_faults_doubles_or_loses_anybody(
    theatre: Theatre, schedule: list[Life], *, knows_ids: bool, is_capped: bool
) -> None:
    theatre.world.knows_ids = knows_ids
    theatre.cap(
        10_000 if is_capped else 0
    )  # none reaches it; but a mark is committed before its read
    theatre.plan()

    for number, life in enumerate([*schedule, *[Life(deed="leave")] * 8]):
        if number >= len(schedule) and theatre.is_done():
            break
        most_s = LIFE_S if number < len(schedule) else LAST_LIFE_S
        asyncio.run(theatre.live(number, life, most_s=most_s))

    theatre.judge()
    theatre.clear()
