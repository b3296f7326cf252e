"""Signing up: who joins at once, who is asked first, and who gets nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from builders import make_contact
from domain.programmes import (
    ACTOR,
    NUMBER,
    hand_off,
    join_by,
    make_programme,
    make_sender,
    texts_to,
    write,
)
from textwell.accounts.models import Workspace
from textwell.consent.actions import record_opt_in, record_opt_out
from textwell.consent.models import ConsentEvent, ConsentState, Suppression
from textwell.consent.suppressing import suppress_number
from textwell.consent.topics import define_topic
from textwell.consent.types import ConsentScope
from textwell.contacts.actions import define_field
from textwell.contacts.models import Contact
from textwell.core.errors import FieldError
from textwell.messaging.models import Batch
from textwell.programmes.actions import pause_programme, update_programme
from textwell.programmes.asking import expire_unanswered
from textwell.programmes.errors import Closed
from textwell.programmes.models import SignUp, SignUpState

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)  # a Tuesday, in Paris too
WELCOME = "Welcome to Green Bakery! Reply STOP to stop."
QUESTION = "Green Bakery: reply YES to get our texts. You did not ask for them? Do nothing."


def is_granted() -> bool:
    return ConsentState.objects.filter(is_granted=True).exists()


@pytest.fixture(autouse=True)
def at_noon() -> object:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def test_a_form_grants_and_welcomes_once(workspace: Workspace) -> None:
    make_sender(workspace)
    programme = make_programme(workspace)

    found = [join_by(programme) for _ in range(3)]

    assert [each.state for each in found] == [SignUpState.JOINED] * 3
    assert texts_to(workspace) == [WELCOME]
    assert ConsentEvent.objects.count() == 1


def test_a_second_yes_is_asked_for_once_in_three_days(workspace: Workspace) -> None:
    make_sender(workspace)
    first = make_programme(workspace, asks_twice=True)
    second = make_programme(workspace, asks_twice=True, name="Cake club")

    for programme in (first, second, first):
        join_by(programme)

    assert texts_to(workspace) == [QUESTION]
    assert not is_granted()


@pytest.mark.parametrize("answer", ["YES", "oui", "Sí", "CÓ", "是", "ok", "yes please"])
def test_yes_in_any_language_grants_and_nobody_need_read_it(
    workspace: Workspace, answer: str
) -> None:
    gateway = make_sender(workspace)
    programme = make_programme(workspace, asks_twice=True)
    join_by(programme)
    hand_off()

    write(gateway, answer)

    assert SignUp.objects.get().state == SignUpState.JOINED
    assert texts_to(workspace) == [QUESTION, WELCOME]
    event = ConsentEvent.objects.get()
    assert event.evidence["answer"]["text"] == answer
    assert event.evidence["confirmed"] is True
    assert event.basis == "express_written"


def test_nobody_who_did_not_answer_joins_and_after_three_days_may_be_asked_again(
    workspace: Workspace, at_noon: time_machine.Traveller
) -> None:
    gateway = make_sender(workspace)
    programme = make_programme(workspace, asks_twice=True)
    join_by(programme)
    hand_off()
    at_noon.shift(timedelta(days=3, minutes=1))

    expired = expire_unanswered()
    write(gateway, "yes")

    assert expired == 1
    assert not is_granted()
    join_by(programme)
    assert texts_to(workspace) == [QUESTION, QUESTION]


def test_a_stop_takes_back_what_waits_for_a_yes(workspace: Workspace) -> None:
    gateway = make_sender(workspace)
    programme = make_programme(workspace, asks_twice=True)
    join_by(programme)

    write(gateway, "STOP")

    assert SignUp.objects.get().state == SignUpState.BARRED
    assert not is_granted()


def test_german_law_asks_twice_though_the_brand_does_not(workspace: Workspace) -> None:
    make_sender(workspace)
    programme = make_programme(workspace, countries=["DE"])

    found = join_by(programme, number="+4915112345678")

    assert found.state == SignUpState.PENDING
    assert texts_to(workspace) == [QUESTION]


@pytest.mark.parametrize("method", ["oral", "paper", "ivr"])
def test_what_somebody_else_says_of_a_person_waits_for_the_persons_yes(
    workspace: Workspace, method: str
) -> None:
    gateway = make_sender(workspace)
    programme = make_programme(workspace)

    found = join_by(programme, method=method, evidence={"note": "at the till"})

    assert found.state == SignUpState.PENDING
    assert not is_granted()
    hand_off()
    write(gateway, "yes")
    assert is_granted()
    assert ConsentEvent.objects.get().evidence["note"] == "at the till"


def test_a_form_never_lifts_an_opt_out_and_answers_the_same(workspace: Workspace) -> None:
    gateway = make_sender(workspace)
    make_contact(workspace=workspace, msisdn=NUMBER)
    write(gateway, "STOP")
    programme = make_programme(workspace)

    confirmed = texts_to(workspace)

    found = join_by(programme)

    assert found.state == SignUpState.BARRED
    assert Suppression.objects.get().reason == "opted_out"
    assert texts_to(workspace) == confirmed


def stop_and_agree_to_offers_alone(workspace: Workspace, contact: Contact) -> None:
    define_topic(workspace_id=workspace.id, key="offers", name="Offers", actor=ACTOR)
    about = {"workspace_id": workspace.id, "contact_id": contact.id, "actor": ACTOR}
    record_opt_out(
        msisdn=contact.msisdn,
        source="call",
        wording="",
        given_at=NOON - timedelta(hours=2),
        **about,
    )
    record_opt_in(
        source="call", wording="Offers", given_at=NOON - timedelta(hours=1),
        scope=ConsentScope(topic="offers"), **about,
    )  # fmt: skip


def general_state() -> bool:
    return ConsentState.objects.get(topic="", brand="", sender="").is_granted


def test_of_who_agreed_to_a_topic_after_a_stop_a_form_lifts_no_more(workspace: Workspace) -> None:
    make_sender(workspace)
    contact = make_contact(workspace=workspace, msisdn=NUMBER)
    stop_and_agree_to_offers_alone(workspace, contact)

    found = join_by(make_programme(workspace))

    assert not Suppression.objects.exists()
    assert found.state == SignUpState.BARRED
    assert not general_state()


def test_who_agreed_to_a_topic_after_a_stop_joins_again_by_their_own_text(
    workspace: Workspace,
) -> None:
    make_sender(workspace)
    programme = make_programme(workspace)
    joined = join_by(programme, signed_at=NOON - timedelta(hours=3))
    contact = Contact.objects.get(id=joined.contact_id)
    stop_and_agree_to_offers_alone(workspace, contact)

    found = join_by(programme, method="keyword")

    assert found.state == SignUpState.JOINED
    assert general_state()


def test_a_complaint_is_lifted_by_no_keyword_either(workspace: Workspace) -> None:
    make_sender(workspace)
    suppress_number(
        workspace_id=workspace.id, msisdn=NUMBER, reason="complaint", source="", actor=ACTOR
    )
    programme = make_programme(workspace)

    assert join_by(programme, method="keyword").state == SignUpState.BARRED


def test_a_welcome_at_night_waits_for_the_morning(
    workspace: Workspace, at_noon: time_machine.Traveller
) -> None:
    gateway = make_sender(workspace)
    gateway.provider = "smpp"  # reaches phones: law holds
    gateway.save()
    programme = make_programme(workspace)
    at_noon.move_to(datetime(2026, 11, 24, 22, 30, tzinfo=UTC))

    join_by(programme)

    batch = Batch.objects.get()
    assert batch.due_at == datetime(2026, 11, 25, 7, tzinfo=UTC)  # eight in Paris


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("+4915112345678", "not for numbers of this country"),
        ("+33142685300", "is no mobile number"),
        ("12", "not a valid telephone number"),
    ],
)
def test_a_number_that_cannot_be_texted_is_refused_by_name(
    workspace: Workspace, number: str, problem: str
) -> None:
    programme = make_programme(workspace)

    with pytest.raises(FieldError, match=problem):
        join_by(programme, number=number)

    assert Contact.objects.count() == 0


def test_nobody_joins_what_is_paused_over_or_to_come(workspace: Workspace) -> None:
    programme = make_programme(workspace)
    changes = [
        {"starts_at": NOON + timedelta(days=1), "ends_at": None},
        {"starts_at": None, "ends_at": NOON},
    ]
    for change in changes:
        update_programme(programme=programme, actor=ACTOR, **change)
        with pytest.raises(Closed):
            join_by(programme)
    update_programme(programme=programme, actor=ACTOR, ends_at=None)
    pause_programme(programme=programme, actor=ACTOR)
    with pytest.raises(Closed):
        join_by(programme)


@pytest.mark.parametrize(("born_on", "may"), [
    (date(2008, 11, 24), True), (date(2008, 11, 25), False), (None, False),
])  # fmt: skip
def test_the_age_gate_asks_for_the_birthday_and_keeps_none(
    workspace: Workspace, born_on: date | None, may: bool
) -> None:
    make_sender(workspace)
    programme = make_programme(workspace, min_age=18)

    if not may:
        with pytest.raises(FieldError, match="born_on"):
            join_by(programme, born_on=born_on)
        assert SignUp.objects.count() == 0
        return
    assert join_by(programme, born_on=born_on).evidence == {"least_age": 18}


def test_answers_become_typed_fields_and_tags(workspace: Workspace) -> None:
    make_sender(workspace)
    define_field(workspace_id=workspace.id, name="loaves", label="Loaves", kind="number")
    programme = make_programme(
        workspace, tags=["club"], questions=[{"field": "loaves", "label": "Loaves a week?"}]
    )

    join_by(programme, values={"loaves": "3", "first_name": "Ada"})

    person = Contact.objects.get()
    assert (person.first_name, person.fields, person.tags) == ("Ada", {"loaves": 3}, ["club"])


def test_a_stranger_cannot_rename_somebody_by_a_form(workspace: Workspace) -> None:
    make_sender(workspace)
    make_contact(workspace=workspace, msisdn=NUMBER, first_name="Ada", has_consent=False)
    programme = make_programme(workspace)

    join_by(programme, values={"first_name": "Eve", "last_name": "Lace"})

    person = Contact.objects.get()
    assert (person.first_name, person.last_name) == ("Ada", "Lace")
