"""What Prometheus is told of a gateway while a campaign goes over it."""

import pytest
from prometheus_client import REGISTRY, generate_latest

from dispatch.conftest import Stage
from textwell.runtime.connector.leases import Leases
from textwell.runtime.connector.ledger import Ledger
from textwell.runtime.connector.meters import Meters

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]


def sample(name: str, stage: Stage, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(
        f"textwell_connector_{name}", {"gateway": str(stage.gateway.id), **labels}
    )


async def test_hand_offs_outcomes_and_the_link_are_measured(stage: Stage) -> None:
    campaign = await stage.plan(40)
    stage.simulator.control.begin("throttle", 0.5)
    runner = await stage.connect()
    await stage.until(stage.is_done(campaign))

    assert sample("outcomes_total", stage, outcome="accepted", reason="") == 40.0
    throttled = sample("throttled_total", stage)
    assert throttled
    assert sample("handed_off_total", stage) == 40.0 + throttled
    assert sample("handed_off_segments_total", stage) == 40.0 + throttled
    assert sample("bind_tries_total", stage, outcome="bound") == 1.0
    assert (sample("bound", stage), sample("window", stage)) == (1.0, 50.0)
    assert (sample("in_flight", stage), sample("waiting_again", stage)) == (0.0, 0.0)
    assert sample("segments_per_second_limit", stage) == 5_000.0
    assert sample("leases", stage) == len(runner._leases)

    await stage.disconnect()

    assert (sample("bound", stage), sample("lease_age_seconds", stage)) == (None, None)
    assert sample("handed_off_total", stage) == 40.0 + throttled


async def test_a_lost_answer_is_counted_as_unknown(stage: Stage) -> None:
    campaign = await stage.plan(20)
    stage.simulator.control.begin("lose_answers", 60)
    await stage.connect()
    await stage.until(stage.is_done(campaign))

    assert sample("outcomes_total", stage, outcome="unknown", reason="answer_lost") == 20.0


def test_no_number_becomes_a_label() -> None:
    Meters(987_001).outcome("rejected", "no such number 84901234567")

    labels = {"gateway": "987001", "outcome": "rejected", "reason": "other"}
    assert REGISTRY.get_sample_value("textwell_connector_outcomes_total", labels) == 1.0
    assert b"84901234567" not in generate_latest(REGISTRY)


def test_without_a_lease_none_is_old() -> None:
    leases = Leases(ledger=Ledger(gateway_id=1, connector="one"), on_lost=lambda _batch: None)

    assert (len(leases), leases.age_s()) == (0, 0.0)


def test_the_rate_is_of_the_time_since_the_last_look() -> None:
    meters = Meters(987_002)
    meters.hand_off(messages=100, segments=150)
    meters.tick(0.5)

    labels = {"gateway": "987002"}
    name = "textwell_connector_segments_per_second"
    assert REGISTRY.get_sample_value(name, labels) == 300.0
    meters.tick(1.0)
    assert REGISTRY.get_sample_value(name, labels) == 0.0
