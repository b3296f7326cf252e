"""Law at the hand-off: what may not go at this hour waits, and goes once when it may."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from dispatch.conftest import Stage, in_thread
from textwell.gateways.models import Sender
from textwell.messaging import law
from textwell.messaging.law import ALLOWED, Law, Place
from textwell.messaging.models import Message, Outcome
from textwell.messaging.proof.form import Proof
from textwell.messaging.proving import proofs_between
from textwell.runtime.connector import feeder, handoff, way

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]


class Night:
    """It is night for so many seconds after it was first asked for."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.ends_at: datetime | None = None
        self.asked: set[tuple[str, str]] = set()

    def __call__(self, place: Place, at: datetime, layer: str) -> Law:
        self.asked.add((place.country, layer))
        if self.ends_at is None:
            self.ends_at = datetime.now(UTC) + timedelta(seconds=self._seconds)
        return Law("quiet_hours", self.ends_at) if at < self.ends_at else ALLOWED


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch) -> Night:
    """As if the carrier in the box reached phones."""
    monkeypatch.setattr(way, "is_simulated_kind", lambda _kind: False)
    found = Night(seconds=1.0)
    for module in (law, handoff):
        monkeypatch.setattr(module, "judge_hours", found)
    return found


async def test_a_campaign_waits_for_the_morning_and_goes_once(stage: Stage, night: Night) -> None:
    campaign = await stage.plan(30)
    await stage.connect()
    await stage.until(stage.has_outcomes(campaign, 30))
    held = Message.objects.filter(campaign_id=campaign.id, state="held", reason="quiet_hours")
    await stage.until(lambda: held.count() == 30)
    assert (await stage.handed()).accepted_count == 0

    await stage.until(stage.is_done(campaign), seconds=20)

    log = await stage.handed()
    assert (log.accepted_count, log.doubles) == (30, {})
    assert night.asked == {("FR", "recommended")}


async def test_the_proof_of_a_hold_is_kept(stage: Stage, night: Night) -> None:
    campaign = await stage.plan(1)
    await stage.connect()
    await stage.until(stage.has_outcomes(campaign, 1))

    outcome = await in_thread(Outcome.objects.get, outcome="held")
    assert night.ends_at is not None
    assert outcome.reason == "quiet_hours"
    assert outcome.facts["until"] == night.ends_at.isoformat()
    assert outcome.facts["rules"][-1]["rule"] == "hours"
    (line,) = await in_thread(proofs_of, outcome.message_id)
    proof = msgspec.json.decode(line, type=Proof)
    assert (proof.judged.verdict, proof.judged.reason) == ("hold", "quiet_hours")
    assert (proof.leaf.text, proof.judged.packs) == ("", ["FR@2026-11-01"])
    assert proof.leaf.consent_hash


def proofs_of(message_id: int) -> list[bytes]:
    return list(
        proofs_between(Message.objects.get(id=message_id).workspace_id, message_id, message_id)
    )


class Evening:
    """Open until told that it is night."""

    def __init__(self) -> None:
        self.is_over = False

    def __call__(self, _place: Place, at: datetime, _layer: str) -> Law:
        return Law("quiet_hours", at + timedelta(hours=10)) if self.is_over else ALLOWED


async def test_what_was_marked_before_the_end_and_waits_for_its_rate_is_held(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = Evening()
    monkeypatch.setattr(way, "is_simulated_kind", lambda _kind: False)
    monkeypatch.setattr(feeder, "WINDOW_S", 6.0)
    for module in (law, handoff):
        monkeypatch.setattr(module, "judge_hours", evening)
    sender = Sender.objects.filter(gateway_id=stage.gateway.id)
    await in_thread(lambda: sender.update(segments_per_second=10.0))
    campaign = await stage.plan(60)
    await stage.connect()
    await stage.until_handed(1)

    evening.is_over = True
    await stage.until(lambda: set(stage.states(campaign)) == {"submitted", "held"}, seconds=15)

    reached = (await stage.handed()).accepted_count
    assert reached < 60
    assert await in_thread(stage.states, campaign) == {"submitted": reached, "held": 60 - reached}
    held = await in_thread(Outcome.objects.filter(outcome="held").first)
    allowed, withdrawn = await in_thread(proofs_of, held.message_id)
    judged = msgspec.json.decode(withdrawn, type=Proof).judged
    assert msgspec.json.decode(allowed, type=Proof).judged.verdict == "allow"
    assert (judged.verdict, judged.reason, judged.rules) == ("hold", "quiet_hours", "last_look")
