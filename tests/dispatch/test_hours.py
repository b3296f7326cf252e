"""Law at the hand-off: what may not go at this hour waits, and goes once when it may."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatch.conftest import Stage, in_thread
from textwell.messaging.law import ALLOWED, Law, Place
from textwell.messaging.models import Message, Outcome
from textwell.runtime.connector import runner, window

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
    for module in (window, runner):
        monkeypatch.setattr(module, "is_simulated_kind", lambda _kind: False)
    found = Night(seconds=1.0)
    monkeypatch.setattr(window, "judge_hours", found)
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
