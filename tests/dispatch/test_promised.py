"""A public promise at the hand-off: nobody gets more, by whichever way the texts come."""

import pytest

from dispatch.conftest import Stage, in_thread
from dispatch.test_singles import make_people, send_all
from textwell.messaging.models import Message
from textwell.messaging.promises import publish_promise

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]


async def test_of_three_texts_to_each_those_go_that_were_promised(stage: Stage) -> None:
    await in_thread(publish_promise, workspace=stage.workspace, most=2, actor="test")
    people = await in_thread(make_people, stage, 5)
    for _text in range(3):
        await in_thread(send_all, stage, people, purposes=("marketing",))
    others = await in_thread(send_all, stage, people)
    await stage.connect()

    done = Message.objects.filter(state__in=["submitted", "skipped"])
    await stage.until(lambda: done.count() == 20)

    def told() -> list[tuple[str, str, int]]:
        marketing = Message.objects.exclude(id__in=others).values_list("state", "reason")
        return sorted({(*each, list(marketing).count(each)) for each in marketing})

    assert await in_thread(told) == [("skipped", "frequency_cap", 5), ("submitted", "", 10)]
