"""A yes counts for the one question that was put, and for nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from builders import make_contact
from domain.programmes import (
    NUMBER,
    SHORT_CODE,
    hand_off,
    join_by,
    make_programme,
    make_sender,
    write,
)
from textwell.accounts.models import Workspace
from textwell.consent.models import ConsentEvent, ConsentState
from textwell.contacts.models import Contact
from textwell.gateways.models import Gateway
from textwell.messaging.models import Window
from textwell.programmes.asking import expire_unanswered
from textwell.programmes.models import Programme, SignUp

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)  # a Tuesday, in Paris too
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> object:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def gateway(workspace: Workspace) -> Gateway:
    return make_sender(workspace)


@pytest.fixture
def programme(workspace: Workspace, gateway: Gateway) -> Programme:
    return make_programme(workspace, asks_twice=True)


def states() -> list[str]:
    return list(SignUp.objects.order_by("id").values_list("state", flat=True))


def is_granted() -> bool:
    return ConsentState.objects.filter(is_granted=True).exists()


def test_a_yes_confirms_what_was_asked_about_alone(
    workspace: Workspace, gateway: Gateway, programme: Programme
) -> None:
    join_by(programme)
    join_by(make_programme(workspace, asks_twice=True, name="Cake club"))
    hand_off()

    write(gateway, "yes")

    assert states() == ["joined", "pending"]


def test_a_yes_before_the_question_left_confirms_nothing(
    gateway: Gateway, programme: Programme
) -> None:
    join_by(programme)

    write(gateway, "yes", key="1")
    hand_off()
    write(gateway, "yes", key="2", at=NOON - MINUTE)

    assert (states(), is_granted()) == (["pending"], False)


def test_a_yes_to_another_sender_confirms_nothing(
    workspace: Workspace, gateway: Gateway, programme: Programme
) -> None:
    other = make_sender(workspace, "39000")
    join_by(programme)
    hand_off()

    write(other, "yes", to="39000", key="1")
    write(other, "yes", to="", key="2")
    assert states() == ["pending"]

    write(gateway, "yes", to="")
    assert states() == ["joined"]


def test_a_yes_counts_though_the_outcome_of_the_question_is_not_folded_yet(
    gateway: Gateway, programme: Programme
) -> None:
    number = join_by(programme).ask_message_id
    Window.objects.create(batch_id=1, first_message_id=number, last_message_id=number)

    write(gateway, "yes")

    assert states() == ["joined"]


def test_what_was_signed_long_ago_waits_three_days_from_its_question(
    gateway: Gateway, programme: Programme, clock: time_machine.Traveller
) -> None:
    join_by(programme, method="paper", signed_at=NOON - 30 * DAY)
    hand_off()
    clock.shift(2 * DAY)

    assert expire_unanswered() == 0
    write(gateway, "yes")

    assert states() == ["joined"]


def test_who_could_not_be_asked_waits_three_days_from_when_we_were_told(
    workspace: Workspace, clock: time_machine.Traveller
) -> None:
    programme = make_programme(workspace)
    join_by(programme, method="paper", signed_at=NOON - 30 * DAY)
    clock.shift(2 * DAY)
    assert expire_unanswered() == 0

    clock.shift(2 * DAY)

    assert (expire_unanswered(), states()) == (1, ["expired"])


def test_who_never_answered_is_not_called_confirmed(
    gateway: Gateway, workspace: Workspace, clock: time_machine.Traveller
) -> None:
    programme = make_programme(workspace)
    join_by(programme, method="oral")
    clock.shift(4 * DAY)
    expire_unanswered()

    found = join_by(programme)

    assert (found.state, found.asked_at) == ("joined", None)
    assert ConsentEvent.objects.get().evidence["confirmed"] is False


def test_who_was_asked_stays_with_what_they_were_asked_about(
    gateway: Gateway, programme: Programme
) -> None:
    join_by(programme, evidence={"address": "192.0.2.7"})
    hand_off()
    join_by(programme, method="api", evidence={"address": "198.51.100.9"})

    write(gateway, "yes")

    event = ConsentEvent.objects.get()
    assert (event.evidence["method"], event.evidence["address"]) == ("form", "192.0.2.7")


def test_a_yes_proves_no_answer_of_the_form(
    workspace: Workspace, gateway: Gateway, programme: Programme
) -> None:
    make_contact(workspace=workspace, msisdn=NUMBER, first_name="Ada", has_consent=False)
    join_by(programme, values={"first_name": "Eve", "last_name": "Lace"})
    hand_off()

    write(gateway, "yes", to=SHORT_CODE)

    person = Contact.objects.get()
    assert (person.first_name, person.last_name) == ("Ada", "Lace")
