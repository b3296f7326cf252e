"""One invitation to a number, for ever, where its country's rules allow it: whoever makes the text."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from api.conftest import Program
from builders import make_campaign, make_contact, make_gateway, make_registration
from domain.messaging.handing import judge
from domain.messaging.ledger import build_plan, run_plan
from domain.programmes import hand_off, write
from textwell.accounts.models import Workspace
from textwell.accounts.types import Scope
from textwell.campaigns import terms
from textwell.campaigns.forecast import build_forecast, gate_facts
from textwell.campaigns.models import Campaign
from textwell.consent.actions import record_opt_in, record_opt_out
from textwell.consent.models import ConsentEvent, ConsentState, Invitation
from textwell.consent.pausing import pause_person
from textwell.consent.topics import define_topic
from textwell.consent.types import ConsentScope
from textwell.contacts.actions import upsert_contact
from textwell.contacts.models import Contact
from textwell.messaging import sql
from textwell.messaging.actions import cancel_messages
from textwell.messaging.gate import decide
from textwell.messaging.invitation_law import list_invitable
from textwell.messaging.models import Message
from textwell.messaging.plan_law import terms_of
from textwell.messaging.registers import import_register
from textwell.privacy.erasing import erase_person
from textwell.runtime.connector.content import READ_WITHDRAWN

pytestmark = pytest.mark.django_db

# The last Tuesday's, in Hanoi. The hand-off asks the store's own clock whether a list is old: near it.
_TODAY = datetime.now(UTC).replace(hour=5, minute=0, second=0, microsecond=0)
NOON = _TODAY - timedelta(days=(_TODAY.weekday() - 1) % 7 or 7)
LISTED, FREE, AGREED, STOPPED, RESTING = (f"+8490123456{n}" for n in (7, 8, 9, 6, 5))
ELSEWHERE, UNREAD = "+33612345678", "+27821234567"
BODY = "Green Bakery: may we text you offers? Reply YES"


@pytest.fixture(autouse=True)
def _noon() -> object:
    with time_machine.travel(NOON, tick=False):
        yield


def read_list(workspace: Workspace, days_old: int = 1) -> None:
    import_register(
        workspace_id=workspace.id, name="National Do-Not-Call register", lines=[LISTED],
        filename="list.csv", checked_at=NOON - timedelta(days=days_old), actor="system",
    )  # fmt: skip


def make_people(workspace: Workspace) -> dict[int, str]:
    """By id what is to be said of each."""
    said = {
        LISTED: ("VN", "register_listed"), FREE: ("VN", ""), AGREED: ("VN", "already_agreed"),
        STOPPED: ("VN", "opted_out"), ELSEWHERE: ("FR", "invitation_barred"),
        UNREAD: ("ZA", "register_stale"), RESTING: ("VN", "person_paused"),
    }  # fmt: skip
    people = {
        make_contact(workspace=workspace, country=country, msisdn=number, has_consent=False): why
        for number, (country, why) in said.items()
    }
    by_number = {person.msisdn: person for person in people}
    given = {"given_at": NOON, "actor": "system", "source": "Form", "wording": "x"}
    mine = {"workspace_id": workspace.id}
    record_opt_in(**mine, contact_id=by_number[AGREED].id, **given)  # type: ignore[arg-type]
    record_opt_out(**mine, contact_id=by_number[STOPPED].id, msisdn=STOPPED, **given)  # type: ignore[arg-type]
    until = NOON + timedelta(days=30)
    pause_person(
        **mine, contact_id=by_number[RESTING].id, until=until, source="page", actor="system"
    )  # type: ignore[arg-type]
    return {person.id: why for person, why in people.items()}


def register_name(workspace: Workspace) -> None:
    make_registration(workspace=workspace)


def invite(workspace: Workspace, provider: str = "smpp") -> Campaign:
    """A campaign that is planned."""
    gateway = make_gateway(workspace=workspace, provider=provider)
    campaign = make_campaign(workspace=workspace, gateway=gateway, body=BODY, purpose="invitation")
    given = {"purpose": "invitation", "needs_consent": False, "law_layer": "legal"}
    run_plan(build_plan(workspace, campaign, **given))
    return campaign


def planned(campaign: Campaign) -> dict[int, str]:
    rows = Message.objects.filter(campaign_id=campaign.id)
    return dict(rows.values_list("contact_id", "reason"))


def test_packs_of_two_countries_let_a_stranger_be_asked() -> None:
    assert list_invitable(NOON.date()) == {
        "VN": ("national do-not-call register",),
        "ZA": (
            "dmasa list",
            "national opt-out registry in preparation",
            "waspa do-not-contact list",
        ),
    }


def test_plan_preview_and_hand_off_say_the_same_of_everybody(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "find_batch_limits", lambda *_given, **_named: {})  # here are few
    read_list(workspace)
    register_name(workspace)
    people = make_people(workspace)
    gateway = make_gateway(workspace=workspace, provider="smpp")
    draft = make_campaign(workspace=workspace, gateway=gateway, body=BODY, purpose="invitation")
    forecast = build_forecast(draft)
    shown = {who: decide(gate_facts(draft, Contact.objects.get(id=who))).reason for who in people}

    campaign = invite(workspace)

    assert shown == people
    assert planned(campaign) == people
    assert forecast.left_out == {why: 1 for why in people.values() if why}
    Message.objects.filter(campaign_id=campaign.id).update(state="planned", reason="")
    assert judge(campaign) == people


@pytest.mark.parametrize(("days_old", "reason"), [(30, ""), (31, "register_stale"), (0, "stale")])
def test_no_list_or_an_old_one_invites_nobody(
    workspace: Workspace, days_old: int, reason: str
) -> None:
    if days_old:
        read_list(workspace, days_old)
    person = make_contact(workspace=workspace, country="VN", msisdn=FREE, has_consent=False)

    campaign = invite(workspace)

    assert planned(campaign) == {person.id: reason.replace("register_", "") and "register_stale"}


def test_nobody_is_invited_twice_by_campaigns_or_by_api(workspace: Workspace) -> None:
    program = Program(workspace, [scope.value for scope in Scope])
    read_list(workspace)
    register_name(workspace)
    person = make_contact(workspace=workspace, country="VN", msisdn=FREE, has_consent=False)
    first, second = invite(workspace), invite(workspace)
    asked = {"to": FREE, "body": BODY, "purpose": "invitation"}

    refused = program.send("post", "/messages", asked)

    assert (planned(first), planned(second)) == ({person.id: ""}, {person.id: "already_invited"})
    assert (refused.status_code, refused.json()["reason"]) == (422, "already_invited")
    cancel_messages(campaign_id=first.id)  # it never left: the invitation is free again
    taken = program.send("post", "/messages", asked)
    again = program.send("post", "/messages", asked)
    assert (taken.status_code, again.status_code) == (202, 422)
    assert Invitation.objects.get().message_id == taken.json()["id"]
    elsewhere = program.send("post", "/messages", asked | {"to": ELSEWHERE})
    assert elsewhere.json()["reason"] == "invitation_barred"


def test_of_two_texts_that_were_taken_at_once_the_first_to_leave_has_it(
    workspace: Workspace,
) -> None:
    read_list(workspace)
    register_name(workspace)
    person = make_contact(workspace=workspace, country="VN", msisdn=FREE, has_consent=False)
    first, second = invite(workspace), invite(workspace)
    Message.objects.update(state="planned", reason="")
    Invitation.objects.all().delete()  # as if neither plan had seen the other

    for campaign in (second, first):
        ids = list(Message.objects.filter(campaign_id=campaign.id).values_list("id", flat=True))
        with connection.cursor() as raw:
            params = {"first_id": ids[0], "last_id": ids[-1], "topic": "", "brand": ""}
            raw.execute(sql.CLAIM_RANGE, params)

    assert judge(second) == {person.id: ""}
    assert judge(first) == {person.id: "already_invited"}


def test_who_says_anything_while_the_invitation_waits_marked_is_not_invited(
    workspace: Workspace,
) -> None:
    read_list(workspace)
    register_name(workspace)
    person = make_contact(workspace=workspace, country="VN", msisdn=FREE, has_consent=False)
    waiting = {"message_ids": [Message.objects.get(campaign_id=invite(workspace).id).id]}
    scope = {"topic": "", "brand": "", "sender": "", "is_per_sender": False}
    asked = {"purpose": "invitation", "needs_consent": False}
    params = {**waiting, **scope, **asked, **terms_of("legal")}
    mine = {"workspace_id": workspace.id, "contact_id": person.id, "actor": "system"}

    def kept_back() -> list[str]:
        with connection.cursor() as raw:
            raw.execute(READ_WITHDRAWN, params)
            return [why for _id, why in raw.fetchall()]

    nothing = kept_back()
    pause_person(**mine, until=NOON + timedelta(days=30), source="page")
    resting = kept_back()
    define_topic(workspace_id=workspace.id, key="offers", name="Offers", actor="system")
    given = {"given_at": NOON, "source": "Form", "wording": "x"}
    record_opt_in(**mine, **given, scope=ConsentScope("offers"))
    agreed = kept_back()
    record_opt_out(**mine, **given, msisdn=FREE, scope=ConsentScope("offers"))

    assert (nothing, resting, agreed) == ([], ["person_paused"], ["already_agreed"])
    assert kept_back() == ["opted_out"]


def test_a_number_that_comes_back_was_invited_all_the_same(workspace: Workspace) -> None:
    read_list(workspace)
    person = make_contact(workspace=workspace, country="VN", msisdn=FREE, has_consent=False)
    invite(workspace)
    hand_off()

    Contact.objects.filter(id=person.id).delete()
    again = make_contact(workspace=workspace, country="VN", msisdn=FREE, has_consent=False)

    assert planned(invite(workspace)) == {again.id: "already_invited"}


def test_who_was_erased_is_not_invited(workspace: Workspace) -> None:
    read_list(workspace)
    person = make_contact(workspace=workspace, country="VN", msisdn=FREE, has_consent=False)
    invite(workspace)
    hand_off()
    erase_person(workspace_id=workspace.id, contact_id=person.id, reason="asked", actor="system")
    assert not Invitation.objects.exists()

    again = upsert_contact(workspace_id=workspace.id, msisdn=FREE, actor="system")

    assert planned(invite(workspace)) == {again.id: "opted_out"}


@pytest.mark.parametrize(
    ("texts", "answer", "is_granted"),
    [
        pytest.param(["yes"], "yes", True, id="a yes"),
        pytest.param(["who is this?"], "other", None, id="another answer is a no"),
        pytest.param(["who is this?", "ok yes"], "other", None, id="and so it stays"),
        pytest.param(["STOP"], "", False, id="a refusal"),
    ],
)
def test_an_answer_is_a_yes_or_none(
    workspace: Workspace, texts: list[str], answer: str, is_granted: bool | None
) -> None:
    read_list(workspace)
    person = make_contact(workspace=workspace, country="VN", msisdn=FREE, has_consent=False)
    campaign = invite(workspace, provider="simulator")
    hand_off()
    gateway = make_gateway(workspace=workspace)

    for number, text in enumerate(texts):
        write(gateway, text, number=FREE, key=str(number), to="")

    assert Invitation.objects.get().answer == answer
    states = ConsentState.objects.filter(contact_id=person.id)
    assert states.values_list("is_granted", flat=True).first() is is_granted
    if is_granted:
        said = ConsentEvent.objects.get(contact_id=person.id)
        assert (said.source, said.basis) == ("invitation", "express_written")
        assert (said.evidence["campaign_id"], said.evidence["answer"]) == (campaign.id, "yes")
    assert planned(invite(workspace)) != {person.id: ""}


def test_a_text_that_brings_a_consent_is_no_invitation(workspace: Workspace) -> None:
    program = Program(workspace, [scope.value for scope in Scope])
    make_gateway(workspace=workspace, provider="smpp")
    consent = {"source": "Form", "wording": "Yes", "given_at": NOON.isoformat()}
    asked = {"to": FREE, "body": BODY, "purpose": "invitation", "consent": consent}

    refused = program.send("post", "/messages", asked)

    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "consent")
