"""What is answered by itself: one confirmation of a stop or a pause, HELP, WHY from the ledger."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from builders import make_contact, make_gateway, make_workspace
from textwell.accounts.models import Workspace
from textwell.accounts.workspaces import set_speaker
from textwell.compliance.library import Library, shipped_library
from textwell.compliance.schema import HelpReply
from textwell.consent.pausing import find_pause
from textwell.consent.selectors import is_textable
from textwell.consent.suppressing import suppress_number
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.wire import MoItem
from textwell.gateways.models import Gateway
from textwell.inbox.actions import record_replies
from textwell.inbox.models import Reply, Thread
from textwell.messaging.models import Batch, Message

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def say(gateway: Gateway, msisdn: str, text: str, *, key: str, at: datetime = NOON) -> None:
    record_replies([MoItem(gateway.id, key, msisdn, "Lotus", text, at.timestamp())])


def sent() -> list[tuple[str, str]]:
    """Purpose and text of the single messages, the oldest first."""
    return [(row.extra["purpose"], row.body) for row in Batch.objects.order_by("id")]


@pytest.fixture
def gateway(workspace: Workspace) -> Gateway:
    return make_gateway(workspace=workspace)


@pytest.fixture
def person(workspace: Workspace) -> Contact:
    return make_contact(
        workspace=workspace, msisdn="+33612345678", country="FR", language="fr", zone="Europe/Paris"
    )


def test_a_stop_is_confirmed_once_however_often_it_is_said(
    gateway: Gateway, person: Contact
) -> None:
    say(gateway, person.msisdn, "STOP", key="1")
    say(gateway, person.msisdn, "arrêtez de m'écrire", key="2", at=NOON + timedelta(minutes=1))
    item = MoItem(gateway.id, "3", person.msisdn, "Lotus", "stop", NOON.timestamp() + 90)
    again = MoItem(gateway.id, "4", person.msisdn, "Lotus", "STOP", NOON.timestamp() + 91)
    record_replies([item, again])

    brand = Workspace.objects.get(id=person.workspace_id).name
    words = f"{brand} : désinscription du 2026-03-02 13:00 enregistrée."
    assert sent() == [
        ("opt_out_confirmation", f"{words} Vous ne recevrez plus de SMS de notre part.")
    ]
    assert not Thread.objects.exists()


def test_a_second_stop_withdraws_no_confirmation_that_waits(
    gateway: Gateway, person: Contact
) -> None:
    say(gateway, person.msisdn, "Pourquoi ?", key="1")
    say(gateway, person.msisdn, "STOP", key="2", at=NOON + timedelta(minutes=1))
    say(gateway, person.msisdn, "STOP", key="3", at=NOON + timedelta(minutes=2))

    purposes = dict(Batch.objects.values_list("first_message_id", "extra__purpose"))
    found = Message.objects.values_list("id", "state", "reason")
    assert sorted((purposes[each], state, reason) for each, state, reason in found) == [
        ("answer", "skipped", "opted_out"),
        ("opt_out_confirmation", "planned", ""),
    ]


def test_a_number_that_is_barred_gets_no_confirmation_that_waits(
    gateway: Gateway, person: Contact
) -> None:
    say(gateway, person.msisdn, "STOP", key="1")
    suppress_number(
        workspace_id=person.workspace_id, msisdn=person.msisdn, reason="complaint", source="page",
        actor="user:1",
    )  # fmt: skip

    assert Message.objects.get().reason == "suppressed"


def test_help_is_answered_once_an_hour_and_then_by_a_person(
    gateway: Gateway, person: Contact
) -> None:
    say(gateway, person.msisdn, "Aide svp", key="1")
    assert not Thread.objects.exists()
    say(gateway, person.msisdn, "AIDE", key="2", at=NOON + timedelta(minutes=1))

    brand = Workspace.objects.get(id=person.workspace_id).name
    words = "Contact : care@bakery.example. Pour en finir : STOP."
    assert sent() == [("help_reply", f"Ces SMS viennent de {brand}. {words}")]
    first, second = Reply.objects.order_by("id")
    assert (first.handled_at is not None, second.handled_at) == (True, None)
    assert Thread.objects.get().is_unread

    Message.objects.update(planned_at=now() - timedelta(hours=1, seconds=1))
    say(gateway, person.msisdn, "AIDE", key="3", at=NOON + timedelta(minutes=2))

    assert [purpose for purpose, _body in sent()] == ["help_reply"] * 2


def test_help_names_the_firm_and_its_contact_where_they_are_told(
    gateway: Gateway, workspace: Workspace, person: Contact
) -> None:
    set_speaker(
        workspace=workspace, actor="user:1", brand="Lotus", legal_name="Lotus SARL",
        postal_address="", public_contact="01 23 45 67 89",
    )  # fmt: skip
    say(gateway, person.msisdn, "HELP", key="1")

    words = (
        "Ces SMS viennent de Lotus (Lotus SARL). Contact : 01 23 45 67 89. Pour en finir : STOP."
    )
    assert sent() == [("help_reply", words)]


def test_help_in_a_sentence_is_answered_and_goes_to_a_person_too(
    gateway: Gateway, person: Contact
) -> None:
    say(gateway, person.msisdn, "I need some help with the oven", key="1")

    assert [purpose for purpose, _body in sent()] == ["help_reply"]
    assert Thread.objects.get().is_unread
    assert Reply.objects.get().handled_at is None


def test_help_is_not_answered_to_strangers_the_opted_out_or_without_a_pack(
    gateway: Gateway, workspace: Workspace, person: Contact
) -> None:
    foreign = make_contact(workspace=workspace, msisdn="+352621123456", country="LU")
    say(gateway, "+33612345699", "HELP", key="1")
    say(gateway, foreign.msisdn, "HELP", key="2")
    say(gateway, person.msisdn, "STOP", key="3")
    say(gateway, person.msisdn, "HELP", key="4", at=NOON + timedelta(minutes=1))

    assert [purpose for purpose, _body in sent()] == ["opt_out_confirmation"]
    assert sorted(Thread.objects.values_list("contact_id", flat=True)) == [person.id, foreign.id]


def test_help_is_not_answered_where_the_pack_forbids_it(
    gateway: Gateway, person: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = shipped_library().find("FR", now().date())
    assert pack is not None
    forbids = replace(pack, help_reply=HelpReply(allowed=False))
    monkeypatch.setattr(Library, "find", lambda _library, _pack_id, _day: forbids)
    say(gateway, person.msisdn, "HELP", key="1")

    assert sent() == []
    assert Thread.objects.get().is_unread


def test_a_stop_after_a_new_yes_is_confirmed_again(gateway: Gateway, person: Contact) -> None:
    say(gateway, person.msisdn, "STOP", key="1")
    say(gateway, person.msisdn, "START", key="2", at=NOON + timedelta(minutes=1))
    say(gateway, person.msisdn, "STOP", key="3", at=NOON + timedelta(minutes=2))

    assert [purpose for purpose, _body in sent()] == ["opt_out_confirmation"] * 2


def test_nobody_confirms_to_a_stranger_or_where_no_pack_holds(
    gateway: Gateway, workspace: Workspace
) -> None:
    person = make_contact(workspace=workspace, msisdn="+352621123456", country="LU")
    say(gateway, "+33612345699", "STOP", key="1")
    say(gateway, person.msisdn, "STOP", key="2")

    assert sent() == []
    assert not is_textable(workspace.id, contact_id=person.id, msisdn=person.msisdn)


def test_a_stop_holds_where_nothing_can_be_confirmed(workspace: Workspace, person: Contact) -> None:
    gateway = make_gateway(workspace=workspace, state="paused")
    say(gateway, person.msisdn, "STOP", key="1")

    assert sent() == []
    assert not is_textable(workspace.id, contact_id=person.id, msisdn=person.msisdn)


def test_a_pause_is_kept_for_its_days_and_never_shortened(
    gateway: Gateway, person: Contact
) -> None:
    moment = now().replace(microsecond=0)
    say(gateway, person.msisdn, "pause 30 jours", key="1", at=moment)
    say(gateway, person.msisdn, "stop pendant 2 semaines", key="2", at=moment)

    pause = find_pause(person.workspace_id, person.id)
    assert pause is not None
    assert pause.until == moment + timedelta(days=30)
    assert is_textable(person.workspace_id, contact_id=person.id, msisdn=person.msisdn)
    assert [purpose for purpose, _body in sent()] == ["answer"]
    assert not Thread.objects.exists()


def test_a_pause_that_is_over_by_now_is_an_opt_out(gateway: Gateway, person: Contact) -> None:
    say(gateway, person.msisdn, "pause 7 jours", key="1")

    assert not is_textable(person.workspace_id, contact_id=person.id, msisdn=person.msisdn)


def test_why_is_answered_from_the_ledger_once_an_hour(gateway: Gateway, person: Contact) -> None:
    say(gateway, person.msisdn, "Pourquoi ?", key="1")
    say(gateway, person.msisdn, "Pourquoi ?", key="2", at=NOON + timedelta(minutes=1))

    [(purpose, body)] = sent()
    assert purpose == "answer"
    assert '(Form at the counter) : "Yes, text me offers."' in body
    assert "STOP" in body
    first, second = Reply.objects.order_by("id")
    assert (first.handled_at is not None, second.handled_at) == (True, None)
    assert Thread.objects.get().is_unread


@pytest.mark.parametrize(
    "text",
    [
        "Why did I get charged twice", "why am i waiting 40 minutes at the table",
        "Warum ich zweimal zahlen muss", "Pourquoi cette facture est si chère",
        "tại sao gửi hàng chậm thế",
    ],
)  # fmt: skip
def test_why_about_something_else_is_left_to_a_person(
    text: str, gateway: Gateway, person: Contact
) -> None:
    say(gateway, person.msisdn, text, key="1")

    assert sent() == []
    assert Thread.objects.get().is_unread


def test_a_longer_why_is_answered_and_still_waits_for_a_person(
    gateway: Gateway, person: Contact
) -> None:
    say(gateway, person.msisdn, "why are you texting me, I have a complaint", key="1")

    assert [purpose for purpose, _body in sent()] == ["answer"]
    assert Thread.objects.get().is_unread


def test_nobody_confirms_where_the_law_is_silent(gateway: Gateway, workspace: Workspace) -> None:
    person = make_contact(workspace=workspace, msisdn="+6591234567", country="SG")

    say(gateway, person.msisdn, "STOP", key="1")

    assert sent() == []
    assert not is_textable(workspace.id, contact_id=person.id, msisdn=person.msisdn)


def test_why_of_a_number_without_consent_gets_no_data(
    gateway: Gateway, workspace: Workspace, person: Contact
) -> None:
    make_contact(workspace=make_workspace(name="Rival"), msisdn="+33612345699")
    nobody = make_contact(workspace=workspace, msisdn="+33612345688", has_consent=False)
    say(gateway, "+33612345699", "Why?", key="1")
    say(gateway, nobody.msisdn, "Why?", key="2")
    say(gateway, person.msisdn, "STOP", key="3")
    say(gateway, person.msisdn, "Why?", key="4", at=NOON + timedelta(minutes=1))

    assert [purpose for purpose, _body in sent()] == ["opt_out_confirmation"]
    assert sorted(Thread.objects.values_list("contact_id", flat=True)) == [person.id, nobody.id]
