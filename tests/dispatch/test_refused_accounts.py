"""A carrier that stops taking anything of our account in mid-campaign: nobody's text is rejected or lost."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dispatch.conftest import Stage, in_thread, opened_stage, serving
from textwell.accounts.models import AuditEntry
from textwell.core.bus import Bus
from textwell.gateways.actions import update_gateway
from textwell.gateways.models import Gateway, GatewayHealth
from textwell.gateways.providers.simulator.script import Script
from textwell.runtime.connector import link

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(90)]

PEOPLE = 300
SUSPENDED = "it is suspended"
NO_CREDIT = "has no credit"


@pytest.fixture
async def stage(transactional_db: None, bus: Bus, tmp_path: Path) -> AsyncIterator[Stage]:
    """A carrier that knows one account, and a gateway slow enough to be met in the middle."""
    script = Script(name="strict", accounts={"textwell": "right"})
    async with opened_stage(bus, tmp_path, script, rate=200) as stage:
        await in_thread(stage.use_door, "simulator_http")
        yield stage


async def broken_for(stage: Stage, words: str) -> None:
    """Wait until the gateway is marked as broken and its page says why."""
    broken = Gateway.objects.filter(id=stage.gateway.id, state="broken")
    told = GatewayHealth.objects.filter(gateway_id=stage.gateway.id, last_error__contains=words)
    await stage.until(lambda: broken.exists() and told.exists())


async def everybody_has_it_once(stage: Stage, campaign: object) -> None:
    log = await stage.handed()
    assert (log.accepted_count, log.doubles) == (PEOPLE, {})
    assert await in_thread(stage.states, campaign) == {"submitted": PEOPLE}


async def test_a_key_that_becomes_wrong_in_mid_campaign_waits_for_its_mending(
    stage: Stage,
) -> None:
    campaign = await stage.plan(PEOPLE)
    async with serving(stage):
        await stage.until_handed(50)
        stage.simulator.carrier.script.accounts["textwell"] = "new"  # from now on: HTTP 401

        await broken_for(stage, SUSPENDED)
        taken = (await stage.handed()).accepted_count
        await stage.until(lambda: stage.states(campaign).get("submitted") == taken)
        await stage.until(
            lambda: stage.states(campaign).keys() <= {"submitted", "planned", "queued"}
        )
        audit = await in_thread(AuditEntry.objects.get, action="gateway.broken")
        assert "credentials are wrong" in audit.reason

        await in_thread(
            update_gateway,
            workspace_id=stage.workspace.id,
            gateway_id=stage.gateway.id,
            settings={"api_key": "new"},
            actor="user:1",
        )
        await stage.until(stage.is_done(campaign), seconds=30)
    await everybody_has_it_once(stage, campaign)


@pytest.mark.parametrize(
    ("kind", "fault", "words"),
    [
        ("simulator_http", "refuse_account", SUSPENDED),
        ("simulator_http", "no_credit", NO_CREDIT),
        ("simulator", "no_credit", NO_CREDIT),
    ],
)
async def test_what_the_carrier_mends_goes_on_by_itself(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, kind: str, fault: str, words: str
) -> None:
    monkeypatch.setattr(link, "REFUSED_DELAY_S", 1.5)
    await in_thread(stage.use_door, kind)
    campaign = await stage.plan(PEOPLE)
    async with serving(stage):
        await stage.until_handed(50)
        stage.simulator.control.begin(fault, 60)
        await broken_for(stage, words)
        assert await in_thread(lambda: "rejected" not in stage.states(campaign))

        stage.simulator.carrier.faults.clear()
        await stage.until(stage.is_done(campaign), seconds=40)
        active = Gateway.objects.filter(id=stage.gateway.id, state="active")
        await stage.until(active.exists)
    await everybody_has_it_once(stage, campaign)
