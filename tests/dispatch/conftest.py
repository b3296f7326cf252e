"""A connector in this process against the real simulator over real sockets and the real stores."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction

from builders import make_campaign, make_crowd, make_gateway, make_workspace
from textwell.accounts.models import Workspace
from textwell.campaigns.models import Campaign
from textwell.core.bus import Bus
from textwell.core.clock import now
from textwell.core.settings import load_settings
from textwell.gateways.models import Gateway
from textwell.gateways.providers.simulator.log import Summary, summarise
from textwell.gateways.providers.simulator.process import Options, Simulator, running
from textwell.gateways.providers.simulator.script import Script, load_script
from textwell.gateways.registry import find_provider
from textwell.gateways.selectors import load_gateway_spec
from textwell.gateways.settings import seal_settings
from textwell.messaging.fold import fold_once
from textwell.messaging.models import Batch, Message, Outcome
from textwell.messaging.plan import Plan, plan_chunk, reserve_block
from textwell.runtime.connector.runner import GatewayRunner
from textwell.runtime.context import RoleContext
from textwell.runtime.roles.connector import GatewayServer
from textwell.runtime.scheduler.sending import publish_due_batches, wake_held_messages
from textwell.runtime.stores.nats import free_port

T = Any


async def in_thread(work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Django work away from the loop, on the test's own connection."""
    return await sync_to_async(work, thread_sensitive=True)(*args, **kwargs)


@dataclass
class Stage:
    """A workspace, a gateway to a running simulator, and campaigns that are really sent."""

    bus: Bus
    simulator: Simulator
    workspace: Workspace
    gateway: Gateway
    log: Path
    runners: list[tuple[GatewayRunner, asyncio.Task[None]]] = field(default_factory=list)

    async def connect(
        self, name: str = "one", *, kind: type[GatewayRunner] = GatewayRunner
    ) -> GatewayRunner:
        spec = await in_thread(load_gateway_spec, self.gateway.id)
        runner = kind(spec=spec, bus=self.bus, connector=name)
        self.runners.append((runner, asyncio.create_task(runner.run())))
        return runner

    async def disconnect(self) -> None:
        for runner, task in self.runners:
            runner.stop()
            await asyncio.wait_for(task, 25)
        self.runners.clear()

    def use_door(self, kind: str, *, callback_url: str = "") -> None:
        """Make the gateway one of this kind. Without an address nobody listens for its webhooks."""
        given: dict[str, Any] = {"port": self.simulator.port, "password": "right"}
        if kind == "simulator_http":
            given = {
                "url": f"http://127.0.0.1:{self.simulator.http_port}",
                "api_key": "right",
                "callback_url": callback_url or f"http://127.0.0.1:{free_port()}",
                "webhook_secret": "hook",
            }
        provider = find_provider(kind)
        assert provider is not None
        settings = seal_settings(provider, given | {"response_timeout_s": 2})
        Gateway.objects.filter(id=self.gateway.id).update(provider=kind, settings=settings)

    async def plan(self, people: int, **campaign: Any) -> Campaign:
        return await in_thread(self._plan, people, **campaign)

    def _plan(self, people: int, **values: Any) -> Campaign:
        campaign = make_campaign(
            workspace=self.workspace, gateway=self.gateway, state="sending", **values
        )
        make_crowd(workspace=self.workspace, count=people, first_name="Ada")
        first, last = reserve_block(people + 1)
        plan = Plan(
            workspace_id=self.workspace.id, campaign_id=campaign.id, gateway_id=self.gateway.id,
            sender="BAKERY", sender_countries=("",), lane="bulk", purpose="marketing",
            needs_consent=True, cap_count=0, cap_hours=0, due_at=now(), expires_at=None,
            audience_where="true", audience_params={}, first_message_id=first, last_message_id=last,
        )  # fmt: skip
        with transaction.atomic():
            chunk = plan_chunk(
                plan, first_id=first, after_contact_id=0, until_contact_id=2**60, limit=people
            )
        Campaign.objects.filter(id=campaign.id).update(
            first_message_id=first, last_message_id=last, audience_count=chunk.people_count
        )
        return campaign

    async def schedule(self) -> None:
        await in_thread(wake_held_messages)
        await in_thread(publish_due_batches)

    async def until(self, is_so: Callable[[], bool], *, seconds: float = 20) -> None:
        """Run the scheduler's tasks and the fold until something is so."""
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            await self.schedule()
            await in_thread(self.fold)
            if await in_thread(is_so):
                return
            assert asyncio.get_running_loop().time() < deadline, "it never came to that"
            await asyncio.sleep(0.05)

    def fold(self) -> None:
        connection.ensure_connection()
        fold_once(connection.connection)

    def states(self, campaign: Campaign) -> dict[str, int]:
        """Messages of the campaign by state."""
        counts: dict[str, int] = {}
        for state in Message.objects.filter(campaign_id=campaign.id).values_list(
            "state", flat=True
        ):
            counts[state] = counts.get(state, 0) + 1
        return counts

    def has_outcomes(self, campaign: Campaign, count: int) -> Callable[[], bool]:
        ids = Message.objects.filter(campaign_id=campaign.id).values("id")
        return lambda: Outcome.objects.filter(message_id__in=ids).count() >= count

    def is_done(self, campaign: Campaign) -> Callable[[], bool]:
        open_ones = Batch.objects.filter(campaign_id=campaign.id).exclude(state="done")
        waiting = Message.objects.filter(
            campaign_id=campaign.id, state__in=["planned", "queued", "held"]
        )
        return lambda: not open_ones.exists() and not waiting.exists()

    async def stands_still(self, *, seconds: float = 1.0) -> int:
        """How many the carrier has, once none has come for so long."""
        before = -1
        while True:
            count = (await self.handed()).accepted_count
            if count == before:
                return count
            before = count
            await asyncio.sleep(seconds)

    async def until_handed(self, count: int) -> None:
        """Wait until the carrier has so many: our own count lags behind what has left."""
        while (await self.handed()).accepted_count < count:
            await self.schedule()
            await asyncio.sleep(0.02)

    async def handed(self) -> Summary:
        """What the carrier's own log says."""
        self.simulator.log.flush()
        return await asyncio.to_thread(summarise, self.log)


@asynccontextmanager
async def serving(stage: Stage) -> AsyncIterator[GatewayServer]:
    """The connector role, as `textwell run` starts it."""
    context = RoleContext(settings=load_settings(), role="connector", name="connector@test")
    server = GatewayServer(context=context, bus=stage.bus)
    task = asyncio.create_task(server.run())
    try:
        yield server
    finally:
        context.stop.set()
        await asyncio.wait_for(task, 30)


Setting = Callable[..., Awaitable[Stage]]


@asynccontextmanager
async def opened_stage(
    bus: Bus, folder: Path, script: Script, *, rate: float = 5_000
) -> AsyncIterator[Stage]:
    """A carrier that plays the script twenty times as fast, and a gateway to it."""
    log = folder / "carrier.log"
    options = Options(script=script, port=0, http_port=0, seed=3, speed=20, log=log)
    async with running(options) as simulator:
        workspace = await in_thread(make_workspace)
        gateway = await in_thread(
            make_gateway,
            workspace=workspace,
            settings={"port": simulator.port, "response_timeout_s": 2},
            segments_per_second=rate,
            window=50,
        )
        stage = Stage(bus, simulator, workspace, gateway, log)
        try:
            yield stage
        finally:
            await stage.disconnect()


@pytest.fixture
async def stage(
    transactional_db: None, bus: Bus, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Stage]:
    """The simulator plays the script `bench` (all delivered) at the contract's rate of 1,000/s."""
    rate = getattr(request, "param", 5_000)
    async with opened_stage(bus, tmp_path, load_script("bench"), rate=rate) as stage:
        yield stage
