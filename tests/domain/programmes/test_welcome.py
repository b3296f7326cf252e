"""A welcome that law keeps back: who joined has joined, and nobody else's waits for it."""

from datetime import UTC, datetime

import pytest
import time_machine

from domain.programmes import (
    ACTOR,
    hand_off,
    join_by,
    make_programme,
    make_sender,
    texts_to,
    write,
)
from textwell.accounts.models import Workspace
from textwell.gateways.models import Gateway, Sender
from textwell.messaging.promises import publish_promise
from textwell.messaging.way_out import tell_speaker
from textwell.programmes import welcoming
from textwell.programmes.actions import publish_programme
from textwell.programmes.codes import import_codes
from textwell.programmes.errors import NotComplete
from textwell.programmes.models import Programme, SignUp, SignUpState
from textwell.programmes.selectors import count_codes
from textwell.programmes.welcoming import welcome_waiting

# A Tuesday afternoon in Australia, where the legal name of who speaks is asked for.
NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
THERE = "+61412345678"


@pytest.fixture(autouse=True)
def clock() -> object:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def tell(workspace: Workspace, name: str) -> None:
    told = {"brand": "Bakery", "legal_name": name, "postal_address": "", "public_contact": ""}
    tell_speaker(workspace=workspace, actor=ACTOR, **told)


@pytest.fixture
def programme(workspace: Workspace) -> Programme:
    """To phones, and without the legal name that is asked for there."""
    make_sender(workspace)
    made = make_programme(
        workspace, countries=["AU"], welcome="Green Bakery: {code}. Reply STOP to stop."
    )
    import_codes(programme=made, codes=["A1", "A2"], actor=ACTOR)
    Gateway.objects.update(provider="smpp")
    return made


def test_who_joins_where_a_legal_name_is_asked_for_joins_and_is_welcomed_once_it_is_told(
    workspace: Workspace, programme: Programme
) -> None:
    found = join_by(programme, number=THERE)

    assert (found.state, found.welcomed_at) == (SignUpState.JOINED, None)
    assert (texts_to(workspace), count_codes(programme), welcome_waiting()) == ([], (2, 2), 0)
    tell(workspace, "Bakery Ltd")
    assert welcome_waiting() == 1
    assert count_codes(programme) == (1, 2)


def test_a_yes_is_kept_though_the_welcome_cannot_go(
    workspace: Workspace, programme: Programme
) -> None:
    Programme.objects.update(asks_twice=True)
    join_by(programme, number=THERE)
    hand_off()

    write(Gateway.objects.get(), "yes", number=THERE)

    assert SignUp.objects.get().state == SignUpState.JOINED


def test_a_welcome_that_fails_keeps_nobody_elses(
    workspace: Workspace, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _second = (join_by(programme, number=n) for n in (THERE, "+61412345679"))
    tell(workspace, "Bakery Ltd")
    send = welcoming.send_single

    def fail_first(message: welcoming.SingleMessage, *, actor: str) -> int:
        if message.contact_id == first.contact_id:
            raise RuntimeError("spoiled")
        return send(message, actor=actor)

    monkeypatch.setattr(welcoming, "send_single", fail_first)
    assert welcome_waiting() == 1


def test_what_a_welcome_must_say_is_told_before_anybody_joins(
    workspace: Workspace, programme: Programme
) -> None:
    with pytest.raises(NotComplete) as refused:
        publish_programme(programme=programme, actor=ACTOR)

    assert [(each.field, each.country) for each in refused.value.problems] == [("speaker", "AU")]
    assert "The legal name of who speaks is missing." in refused.value.problems[0].text
    tell(workspace, "Bakery Ltd")
    assert publish_programme(programme=programme, actor=ACTOR).id == programme.id


def test_a_welcome_waits_for_the_cap_and_keeps_its_code(workspace: Workspace) -> None:
    make_sender(workspace)
    programme = make_programme(workspace, countries=["AU"], welcome="Hello: {code}")
    import_codes(programme=programme, codes=["A1"], actor=ACTOR)
    publish_promise(workspace=workspace, most=1, actor=ACTOR)
    Sender.objects.update(value="50000")  # which the promise does not name

    found = join_by(programme, number=THERE)

    assert (found.state, found.welcomed_at, count_codes(programme)) == (
        SignUpState.JOINED,
        None,
        (1, 1),
    )
    publish_promise(workspace=workspace, most=1, actor=ACTOR)
    assert welcome_waiting() == 1
