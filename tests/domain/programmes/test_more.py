"""A topic ticked later, where a second yes is needed: asked about once, and given by the answer alone."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from domain.programmes import ACTOR, hand_off, join_by, make_programme, make_sender, texts_to, write
from textwell.accounts.models import Workspace
from textwell.consent.models import ConsentEvent, ConsentState
from textwell.consent.topics import define_topic
from textwell.gateways.models import Gateway
from textwell.programmes.models import Programme, SignUp
from textwell.programmes.more import ask_for_more

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)  # a Tuesday, in Paris too
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MORE = "Green Bakery: reply YES to also get: Events. You did not ask for it? Do nothing."


@pytest.fixture(autouse=True)
def clock() -> object:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def gateway(workspace: Workspace) -> Gateway:
    return make_sender(workspace)


@pytest.fixture
def programme(workspace: Workspace, gateway: Gateway) -> Programme:
    """One whom people joined already, ticking nothing."""
    for key in ("events", "offers"):
        define_topic(workspace_id=workspace.id, key=key, name=key.title(), actor=ACTOR)
    made = make_programme(workspace, topics=["events", "offers"], asks_twice=True)
    join_by(made)
    hand_off()
    write(gateway, "yes")
    return made


def granted() -> list[str]:
    rows = ConsentState.objects.filter(is_granted=True).order_by("topic")
    return list(rows.values_list("topic", flat=True))


def questions(workspace: Workspace) -> list[str]:
    return [text for text in texts_to(workspace) if "reply YES" in text][1:]


def test_a_topic_ticked_later_is_asked_about_and_given_by_the_yes(
    workspace: Workspace,
    gateway: Gateway,
    programme: Programme,
    clock: time_machine.Traveller,
) -> None:
    clock.shift(4 * DAY)

    join_by(programme, topics=["events"], evidence={"address": "192.0.2.7"})
    join_by(programme, topics=["events"], evidence={"address": "192.0.2.8"})

    assert (questions(workspace), granted()) == ([MORE], [""])
    hand_off()
    write(gateway, "yes", key="2", at=NOON + 4 * DAY + HOUR)

    assert granted() == ["", "events"]
    evidence = ConsentEvent.objects.latest("id").evidence
    told = evidence["address"], evidence["confirmed"], evidence["answer"]["text"]
    assert told == ("192.0.2.7", True, "yes")
    assert (SignUp.objects.get().more, SignUp.objects.get().more_at) == ({}, None)


def test_just_after_another_question_a_topic_waits_for_its_turn(
    workspace: Workspace,
    gateway: Gateway,
    programme: Programme,
    clock: time_machine.Traveller,
) -> None:
    join_by(programme, topics=["events"])
    write(gateway, "yes", key="2", at=NOON + HOUR)
    early = ask_for_more(), questions(workspace), granted()

    clock.shift(3 * DAY + HOUR)
    late = ask_for_more(), ask_for_more()

    assert early == (0, [], [""])
    assert (late, questions(workspace), granted()) == ((1, 0), [MORE], [""])


@pytest.mark.parametrize("ending", ["silence", "stop"])
def test_without_a_yes_what_was_ticked_is_forgotten(
    gateway: Gateway, programme: Programme, clock: time_machine.Traveller, ending: str
) -> None:
    clock.shift(4 * DAY)
    join_by(programme, topics=["events"])
    hand_off()

    if ending == "stop":
        write(gateway, "STOP", key="2", at=NOON + 4 * DAY)
    clock.shift(3 * DAY)
    ask_for_more()
    write(gateway, "yes", key="3", at=NOON + 7 * DAY)

    assert "events" not in granted()
    assert SignUp.objects.get().more == {}
