"""What stands in people's fields comes from anybody's files: no value of one person stops the others."""

import pytest

from builders import make_contact
from dispatch.conftest import Stage, in_thread
from textwell.messaging.models import Message

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]


async def test_a_value_that_breaks_a_filter_leaves_out_its_person_alone(stage: Stage) -> None:
    odd = await in_thread(make_contact, workspace=stage.workspace, fields={"points": "NaN"})
    campaign = await stage.plan(
        20, body="You have {{ points | round }} points", fallbacks={"points": "12.4"}
    )
    await stage.connect()

    await stage.until(stage.is_done(campaign))

    assert (await stage.handed()).accepted_count == 19
    left_out = Message.objects.filter(campaign_id=campaign.id).exclude(state="submitted")
    found = await in_thread(lambda: list(left_out.values_list("contact_id", "state", "reason")))
    assert found == [(odd.id, "skipped", "text_failed")]
