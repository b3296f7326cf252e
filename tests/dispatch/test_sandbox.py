"""A sandbox in the connector role: rows that no action made reach nobody, and nobody's text is lost."""

import asyncio
from typing import Any

import pytest
from django.db import connection

from builders import make_gateway, make_workspace
from dispatch.conftest import Stage, in_thread, serving
from dispatch.test_dead_gateways import Peer, problem, say_nothing, waiting
from textwell.accounts.models import Workspace
from textwell.core.settings import Settings
from textwell.gateways import wall
from textwell.gateways.models import Gateway, GatewayHealth
from textwell.gateways.providers import simulator as simulator_module
from textwell.gateways.registry import find_provider, list_providers
from textwell.gateways.settings import seal_settings
from textwell.messaging.models import Batch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]

TOLD = "This workspace is a sandbox"


@pytest.fixture
async def sandbox(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The stage's workspace is a sandbox; its carrier is the one in the box."""
    conf = Settings.model_validate({"simulator_port": stage.simulator.port})
    for module in (wall, simulator_module):
        monkeypatch.setattr(module, "load_settings", lambda: conf)
    await in_thread(Workspace.objects.filter(id=stage.workspace.id).update, is_sandbox=True)
    return stage


def write_row(stage: Stage, kind: str, host: str, port: int) -> None:
    """The gateway's row by SQL alone, as somebody would who goes round the application."""
    given: dict[str, Any] = {"host": host, "port": port, "system_id": "us", "password": "pw"}
    if kind == "simulator_http":
        given = {"url": f"http://{host}:{port}", "api_key": "key", "webhook_secret": "hook"}
    provider = find_provider(kind)
    assert provider is not None
    settings = seal_settings(provider, given | {"response_timeout_s": 2})
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE gateways_gateway SET provider = %s, settings = %s::jsonb WHERE id = %s",
            [kind, connection.ops.adapt_json_value(settings, None), stage.gateway.id],
        )


@pytest.mark.parametrize("kind", [one.kind for one in list_providers()])
async def test_a_row_written_behind_our_back_meets_nobody_and_its_texts_wait(
    sandbox: Stage, kind: str
) -> None:
    async with Peer(say_nothing).listening() as peer:
        await in_thread(write_row, sandbox, kind, "localhost", peer.port)
        campaign = await sandbox.plan(20)
        async with serving(sandbox):
            await problem(sandbox, TOLD)
            assert await waiting(sandbox, campaign) == 20

            await in_thread(write_row, sandbox, "simulator", "127.0.0.1", 0)
            await sandbox.until(sandbox.is_done(campaign), seconds=40)

        log = await sandbox.handed()
        assert (log.accepted_count, log.doubles, peer.visits) == (20, {}, 0)


async def test_a_live_gateway_that_is_moved_into_a_sandbox_meets_nobody(sandbox: Stage) -> None:
    theirs = await in_thread(make_workspace, name="Live")
    async with Peer(say_nothing).listening() as peer:
        live = await in_thread(
            make_gateway,
            workspace=theirs,
            provider="smpp",
            settings={"host": "127.0.0.1", "port": peer.port, "system_id": "us"},
        )
        await in_thread(
            Gateway.objects.filter(id=live.id).update, workspace_id=sandbox.workspace.id
        )
        sandbox.gateway = live
        async with serving(sandbox):
            await problem(sandbox, TOLD)

        assert peer.visits == 0


async def test_a_sandboxs_batch_goes_by_no_other_workspaces_gateway(sandbox: Stage) -> None:
    """The gateway of a live workspace is bound, and a batch of the sandbox names it."""
    theirs = await in_thread(make_workspace, name="Live")
    live = await in_thread(
        make_gateway, workspace=theirs, settings={"port": sandbox.simulator.port}
    )
    campaign = await sandbox.plan(20)
    batches = Batch.objects.filter(campaign_id=campaign.id)
    await in_thread(batches.update, gateway_id=live.id)
    own, sandbox.gateway = sandbox.gateway, live
    await in_thread(Gateway.objects.filter(id=own.id).update, state="paused")
    async with serving(sandbox):
        await sandbox.until(lambda: batches.filter(state="queued").exists())
        await asyncio.sleep(1)
        await sandbox.schedule()

        assert await waiting(sandbox, campaign) == 20
    assert (await sandbox.handed()).accepted_count == 0


async def test_receipts_of_a_sandbox_come_to_it_and_not_to_another_gateway_of_the_carrier(
    sandbox: Stage,
) -> None:
    """Both are bound to one simulated carrier, which tells an account and not a workspace."""
    theirs = await in_thread(make_workspace, name="Live")
    first = Gateway.objects.filter(id=sandbox.gateway.id)  # who binds first would be told
    await in_thread(first.update, workspace_id=theirs.id, settings={"port": 0})
    sandbox.gateway = await in_thread(
        make_gateway, workspace=sandbox.workspace, settings={"port": 0}
    )
    async with serving(sandbox):
        bound = GatewayHealth.objects.filter(is_bound=True)
        await sandbox.until(lambda: bound.count() == 2)
        campaign = await sandbox.plan(20)
        await sandbox.until(lambda: sandbox.states(campaign) == {"submitted": 20}, seconds=30)
        await asyncio.sleep(1)  # receipts come a twentieth of a second later

    subjects = {each.subject for each in await sandbox.bus.pull("DLR", "ingest", ["dlr.*"])}
    assert subjects == {f"dlr.{sandbox.gateway.id}"}


@pytest.mark.parametrize("what", ["its workspace is a sandbox now", "it was moved into a sandbox"])
async def test_a_carrier_that_was_bound_before_gets_no_text_of_a_sandbox(
    stage: Stage, what: str
) -> None:
    """The rows are changed by hand, and nobody has told the connector yet."""
    async with serving(stage):
        first = await stage.plan(20)
        await stage.until(stage.is_done(first), seconds=30)
        if what == "it was moved into a sandbox":
            stage.workspace = await in_thread(make_workspace, name="Box")
            moved = Gateway.objects.filter(id=stage.gateway.id)
            await in_thread(moved.update, workspace_id=stage.workspace.id)
        await in_thread(Workspace.objects.filter(id=stage.workspace.id).update, is_sandbox=True)

        campaign = await stage.plan(20)

        with pytest.raises(AssertionError, match="never came to that"):
            await stage.until(stage.is_done(campaign), seconds=3)
        assert await waiting(stage, campaign) == 20
    assert (await stage.handed()).accepted_count == 20
