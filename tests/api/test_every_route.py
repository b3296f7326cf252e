"""Every way by which marketing may reach a carrier, and everybody who must not get it.

Two moments count: whom the route itself turns away or plans nothing for, and who may be texted when the
text is taken and may not any more when it is handed off. Nobody here gets anything by any route, whoever
may gets it by each, and somebody is told why.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import textwell
from api.conftest import Program
from api.doors.test_kannel import DENIED
from api.doors.test_kannel import Caller as KannelCaller
from api.doors.test_twilio_refusals import Caller as TwilioCaller
from api.quick.conftest import Ways, nudges, ways
from builders import grant_consent, make_campaign, make_contact, make_gateway
from domain.campaigns.test_planning import run_job
from domain.messaging.handing import hand_off_waiting
from domain.programmes import join_by, make_programme
from textwell.accounts.models import Workspace
from textwell.campaigns.actions import launch_campaign, start_due_campaigns
from textwell.campaigns.models import Campaign
from textwell.campaigns.trial import send_test, send_test_to_list
from textwell.consent.models import ConsentState, Pause, Suppression
from textwell.consent.topics import define_brand, define_topic
from textwell.contacts.models import Contact, ContactList, ListMember
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.gateways.models import Gateway
from textwell.inbox.desk import ask_for_review
from textwell.inbox.errors import NotAgreed
from textwell.messaging.models import Message
from textwell.messaging.reasons import GATE_REASONS

pytestmark = pytest.mark.django_db

__all__ = ["nudges", "ways"]  # fixtures of the quick way

REASON_OF = {str(words): reason for reason, words in GATE_REASONS.items()} | {
    "No active gateway has a sender for this person": "sender_not_allowed"
}
TEXT = "Green Bakery: bread. Reply STOP to stop."


# -- people ------------------------------------------------------------------------------


def never_agreed(contact: Contact) -> None:
    ConsentState.objects.filter(contact_id=contact.id).delete()


def withdrew(contact: Contact) -> None:
    ConsentState.objects.filter(contact_id=contact.id).update(is_granted=False)


def agreed_to_another_purpose(contact: Contact) -> None:
    never_agreed(contact)
    grant_consent(contact=contact, purpose="transactional")


def agreed_to_another_topic(contact: Contact) -> None:
    ConsentState.objects.filter(contact_id=contact.id).update(topic="wine")


def agreed_to_another_brand(contact: Contact) -> None:
    ConsentState.objects.filter(contact_id=contact.id).update(brand="rose")


def agreed_by_email(contact: Contact) -> None:
    ConsentState.objects.filter(contact_id=contact.id).update(channel="email")


def is_blocked(contact: Contact) -> None:
    Suppression.objects.create(
        workspace_id=contact.workspace_id, msisdn=contact.msisdn, reason="complaint"
    )


def said_stop(contact: Contact) -> None:
    Suppression.objects.create(
        workspace_id=contact.workspace_id, msisdn=contact.msisdn, reason="opted_out"
    )


def rests(contact: Contact) -> None:
    Pause.objects.create(
        workspace_id=contact.workspace_id,
        contact_id=contact.id,
        until=now() + timedelta(days=9),
        since=now(),
        source="page",
        actor="person",
    )


def is_gone(contact: Contact) -> None:
    never_agreed(contact)
    Contact.objects.filter(id=contact.id).delete()


Bar = Callable[[Contact], None]
BARRED: dict[Bar, str] = {
    never_agreed: "no_consent",
    withdrew: "opted_out",
    agreed_to_another_purpose: "no_consent",
    agreed_to_another_topic: "no_consent",
    agreed_to_another_brand: "no_consent",
    agreed_by_email: "no_consent",
    is_blocked: "suppressed",
    said_stop: "opted_out",
    rests: "person_paused",
    is_gone: "contact_erased",
}


# -- routes ------------------------------------------------------------------------------


@dataclass
class Shop:
    workspace: Workspace
    gateway: Gateway
    program: Program
    ways: Ways
    topic: str = ""
    brand: str = ""
    sender: str = "BAKERY"
    told: dict[int, str] = field(default_factory=dict)  # by person: what a route said in refusing


def _campaign(shop: Shop, **values: Any) -> Campaign:
    values |= {"topic": shop.topic, "brand": shop.brand, "sender": shop.sender}
    return make_campaign(workspace=shop.workspace, gateway=shop.gateway, body=TEXT, **values)


def by_campaign(shop: Shop, _people: list[Contact]) -> None:
    run_job(launch_campaign(campaign=_campaign(shop), actor="user:1"))


def by_scheduled_campaign(shop: Shop, _people: list[Contact]) -> None:
    later = now() + timedelta(hours=1)
    campaign = launch_campaign(campaign=_campaign(shop, scheduled_at=later), actor="user:1")
    Campaign.objects.filter(id=campaign.id).update(scheduled_at=now())
    start_due_campaigns()
    run_job(campaign)


def by_test_to_a_person(shop: Shop, people: list[Contact]) -> None:
    campaign = _campaign(shop)
    for person in people:
        try:
            send_test(campaign=campaign, contact=person, actor="user:1")
        except FieldError as refused:
            shop.told[person.id] = REASON_OF[refused.problem.split(": ")[-1]]


def by_test_to_a_list(shop: Shop, people: list[Contact]) -> None:
    made = ContactList.objects.create(workspace_id=shop.workspace.id, name="Us", is_for_tests=True)
    ListMember.objects.bulk_create(
        ListMember(list_id=made.id, contact_id=each.id) for each in people
    )
    tested = send_test_to_list(campaign=_campaign(shop), list_id=made.id, actor="user:1")
    shop.told |= {int(str(each["contact_id"])): str(each["reason"]) for each in tested.left_out}


def by_api(shop: Shop, people: list[Contact], **values: Any) -> None:
    for person in people:
        body = {"to": person.msisdn, "body": TEXT, "topic": shop.topic, "brand": shop.brand}
        answer = shop.program.post("/messages", body | values)
        if answer.status_code != 202:
            shop.told[person.id] = answer.json()["reason"]


def by_api_for_later(shop: Shop, people: list[Contact]) -> None:
    by_api(shop, people, send_at=(now() + timedelta(hours=1)).isoformat())


def by_the_quick_api(shop: Shop, people: list[Contact]) -> None:
    for person in people:
        body = {"to": person.msisdn, "body": TEXT, "topic": shop.topic, "brand": shop.brand}
        answer = shop.ways.post(shop.ways.quick, shop.program, body)
        if answer.status != 202:
            shop.told[person.id] = answer.json()["reason"]


def by_twilios_door(shop: Shop, people: list[Contact]) -> None:
    caller = TwilioCaller(shop.program)
    for person in people:
        answer = caller.send(From=shop.sender, To=person.msisdn, Body=TEXT)
        if answer.status_code != 201:
            shop.told[person.id] = answer.json()["message"].split()[4].strip(".")


def by_kannels_door(shop: Shop, people: list[Contact]) -> None:
    caller = KannelCaller(shop.program)
    for person in people:
        status, words = caller.send(to=person.msisdn, text=TEXT)
        if status != 202:
            shop.told[person.id] = words


def by_welcome(shop: Shop, people: list[Contact]) -> None:
    programme = make_programme(shop.workspace, welcome=TEXT)
    for person in people:
        join_by(programme, number=person.msisdn)


def by_the_desk(shop: Shop, people: list[Contact]) -> None:
    for person in people:
        try:
            ask_for_review(
                workspace=shop.workspace, number=person.msisdn, text=TEXT, actor="user:1"
            )
        except NotAgreed:
            shop.told[person.id] = "no_consent"
        except FieldError as refused:
            shop.told[person.id] = REASON_OF[refused.problem.split(": ")[-1]]


Route = Callable[[Shop, list[Contact]], None]
ROUTES: list[tuple[Route, str, str]] = [
    (by_campaign, "", ""),
    (by_campaign, "news", "lotus"),
    (by_scheduled_campaign, "", ""),
    (by_test_to_a_person, "", ""),
    (by_test_to_a_list, "news", "lotus"),
    (by_api, "", ""),
    (by_api_for_later, "", ""),
    (by_the_quick_api, "news", "lotus"),
    (by_twilios_door, "", ""),
    (by_kannels_door, "", ""),
    (by_the_desk, "", ""),
]


@pytest.fixture
def shop(workspace: Workspace, program: Program, ways: Ways) -> Shop:
    workspace.review_url = "https://reviews.example/bakery"
    workspace.save()
    for key in ("news", "wine"):
        define_topic(workspace_id=workspace.id, key=key, name=key, actor="user:1")
    for key in ("lotus", "rose"):
        define_brand(workspace_id=workspace.id, key=key, name=key, actor="user:1")
    return Shop(workspace, make_gateway(workspace=workspace), program, ways)


def gather(shop: Shop) -> tuple[Contact, dict[int, Bar], list[Contact]]:
    """Who may be texted, who shall not be and why, and all of them; everybody may as yet."""
    fine = make_contact(workspace=shop.workspace)
    barred = {make_contact(workspace=shop.workspace).id: bar for bar in BARRED}
    ConsentState.objects.update(topic=shop.topic, brand=shop.brand)
    people = Contact.objects.filter(workspace_id=shop.workspace.id).order_by("id")
    return fine, barred, list(people)


@pytest.mark.parametrize(("route", "topic", "brand"), ROUTES)
def test_nobody_who_may_not_be_texted_gets_anything(
    shop: Shop, route: Route, topic: str, brand: str
) -> None:
    shop.topic, shop.brand = topic, brand
    fine, barred, people = gather(shop)
    for person in people:
        if person.id in barred:
            barred[person.id](person)

    route(shop, people)

    handed = hand_off_waiting(shop.workspace)
    left_out = dict(Message.objects.exclude(reason="").values_list("contact_id", "reason"))
    assert handed == {fine.id: ""}
    told = shop.told | left_out
    is_said_by_row = {who: told.pop(who, "") for who in barred}
    expected = {who: _told(route, bar) for who, bar in barred.items()}
    assert (is_said_by_row, told) == (expected, {})


def _told(route: Route, bar: Bar) -> str:
    """In the words of the route."""
    reason = BARRED[bar]
    if bar is is_gone:
        is_by_row = route in {by_campaign, by_scheduled_campaign, by_test_to_a_list}
        reason = "" if is_by_row else "no_consent"  # nobody there to be left out
    if route is by_kannels_door:
        return DENIED
    if route is by_the_desk and reason == "opted_out" and bar is withdrew:
        reason = "no_consent"
    return reason


@pytest.mark.parametrize(("route", "topic", "brand"), [*ROUTES, (by_welcome, "", "")])
def test_whoever_may_not_be_texted_any_more_gets_nothing(
    shop: Shop, route: Route, topic: str, brand: str
) -> None:
    shop.topic, shop.brand = topic, brand
    fine, barred, people = gather(shop)

    route(shop, people)

    for person in people:
        if person.id in barred:
            barred[person.id](person)
    handed = hand_off_waiting(shop.workspace)
    assert shop.told == {}
    assert handed == {fine.id: ""} | {who: BARRED[bar] for who, bar in barred.items()}


# Whatever makes rows that a connector takes, and where the tests above come by.
MAKERS = re.compile(r"\b(?:send_single|single_row|plan_chunk)\(")
BY_ROUTES = {
    "api/quick/ledger.py", "api/sending.py", "campaigns/planning.py", "campaigns/trial.py",
    "inbox/desk.py", "programmes/welcoming.py",
}  # fmt: skip
# No marketing: who asks, stops or joins is answered, and a person at the desk answers who wrote.
ANSWERING = {"inbox/answering.py", "inbox/automatic.py", "programmes/asking.py"}
THEMSELVES = {"messaging/actions.py", "messaging/plan.py"}
MEASURING = {"cli/bench/plan.py"}  # in a workspace of made-up people


def test_there_is_no_other_route() -> None:
    root = Path(textwell.__file__).parent
    found = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if MAKERS.search(path.read_text())
    }

    assert found - THEMSELVES - MEASURING == BY_ROUTES | ANSWERING


@pytest.mark.parametrize("name", sorted(ANSWERING))
def test_answers_are_no_marketing(name: str) -> None:
    source = (Path(textwell.__file__).parent / name).read_text()

    assert '"marketing"' not in source
