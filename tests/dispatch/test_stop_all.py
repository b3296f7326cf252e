"""The red button at full speed: it stops at once, and who was reached is known person by person."""

import pytest
from django.db.models import QuerySet

from dispatch.conftest import Stage, in_thread, serving
from textwell.accounts.models import AuditEntry, Workspace
from textwell.campaigns.stopping import lift_stop, stop_all
from textwell.core.clock import now
from textwell.gateways.models import Gateway
from textwell.gateways.providers.simulator.log import Handed, read_log
from textwell.messaging.models import Message

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]

PEOPLE = 12_000  # more than two seconds of sending: the press comes before the end
STOPS_WITHIN_S = 2.0  # what the button promises
GOES_ON_WITHIN_S = 10.0  # after the lifting; a pointer that is spent would cost thirty seconds


@pytest.mark.parametrize("stage", [5_000], indirect=True)
async def test_a_stop_at_full_speed_holds_the_rest_and_knows_who_was_reached(stage: Stage) -> None:
    await in_thread(lambda: Gateway.objects.filter(id=stage.gateway.id).update(window=500))
    campaign = await stage.plan(PEOPLE)
    workspace = await in_thread(Workspace.objects.get, id=stage.workspace.id)
    async with serving(stage):
        await stage.schedule()
        await stage.until_handed(200)
        pressed_at = now().timestamp()
        await in_thread(stop_all, workspace=workspace, actor="user:1", reason="wrong price")
        reached = await stage.stands_still()
        await stage.until(lambda: handed(campaign.id).count() == reached)

        log = [one for one in read_log(stage.log) if isinstance(one, Handed)]
        assert 200 <= reached < PEOPLE
        assert max(one.at for one in log) - pressed_at < STOPS_WITHIN_S
        told = await in_thread(lambda: set(handed(campaign.id).values_list("msisdn", flat=True)))
        assert told == {one.msisdn for one in log}
        audit = await in_thread(AuditEntry.objects.get, action="workspace.stopped")
        assert (audit.actor, audit.reason) == ("user:1", "wrong price")
        assert audit.data["after"]["campaigns"] == 1

        await in_thread(lift_stop, workspace=workspace, actor="user:1")
        await stage.until(lambda: handed(campaign.id).count() == PEOPLE, seconds=GOES_ON_WITHIN_S)
    assert (await stage.handed()).doubles == {}


def handed(campaign_id: int) -> QuerySet[Message]:
    """The product's list of who was reached."""
    return Message.objects.filter(campaign_id=campaign_id, handed_at__isnull=False)
