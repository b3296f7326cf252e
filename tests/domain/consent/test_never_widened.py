"""Nothing but a recorded yes with its evidence makes anybody textable, whatever else happens to a person."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import make_contact
from textwell.accounts.keys import create_api_key
from textwell.accounts.models import Workspace
from textwell.accounts.types import Scope
from textwell.consent.actions import record_consents, record_opt_in, record_opt_out
from textwell.consent.models import ConsentState, Suppression
from textwell.consent.pausing import end_pause, pause_person
from textwell.consent.suppressing import lift_suppression, suppress_number
from textwell.consent.topics import define_brand, define_topic
from textwell.consent.types import EVERYTHING, ConsentScope, GivenConsent, every_of
from textwell.contacts.actions import create_list, upsert_contact
from textwell.contacts.bulk.actions import GivenContact, upsert_contacts
from textwell.contacts.choosing import Chosen
from textwell.contacts.groups.actions import (
    put_on_list,
    remove_list,
    replace_tag,
    tag_people,
    take_off_list,
)
from textwell.contacts.identified import Identified, identify_people
from textwell.contacts.imports import actions as imports
from textwell.contacts.imports.applying import apply_import
from textwell.contacts.imports.judging import dry_run
from textwell.contacts.imports.undoing import undo_import
from textwell.contacts.models import Contact
from textwell.contacts.tracked.actions import record_events
from textwell.core.clock import now
from textwell.core.wire import EventItem
from textwell.privacy.erasing import erase_person
from wide import examples

from domain.programmes import join_by, make_programme, make_sender  # isort: skip, make_sender

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 5, 1, tzinfo=UTC)
Key = tuple[str, ...]  # number, channel, purpose, topic, brand, sender


class Firm:
    """With people of every history, and all that can happen to them but their own yes."""

    def __init__(self, workspace: Workspace, secret: str, folder: Path) -> None:
        self.id = workspace.id
        self.workspace = workspace
        self.folder = folder
        self.client = Client(HTTP_AUTHORIZATION=f"Bearer {secret}")
        self.basic = base64.b64encode(f"AC{workspace.id:032x}:{secret}".encode()).decode()
        self.people = [make_contact(workspace=workspace, has_consent=False) for _ in range(6)]
        yes, no = "opt_in", "opt_out"
        offers = ConsentScope("offers", "lotus")
        self._say(1, yes, ConsentScope(), 0)
        self._say(2, yes, ConsentScope(), 0, channel="email")
        self._say(3, yes, ConsentScope(), 0)
        self._say(3, no, EVERYTHING, 1)
        self._say(4, yes, offers, 0)
        self._say(4, no, every_of(topic="offers"), 1)
        self._say(5, yes, ConsentScope(), 0)
        self._say(5, no, EVERYTHING, 1)
        self._say(5, yes, offers, 2)  # of everything that they had stopped, this alone

    def _say(
        self, who: int, kind: str, scope: ConsentScope, day: int, channel: str = "sms"
    ) -> None:
        given_at = DAY + timedelta(days=day)
        said = GivenConsent(
            self.people[who].id, kind, given_at, "Form", "Words", channel, scope=scope
        )
        record_consents(workspace_id=self.id, consents=[said], actor="system")

    @property
    def whom(self) -> Chosen:
        return Chosen(ids=[person.id for person in self.people])

    def import_file(self, head: str, cells: str, **consent: str) -> Any:  # Any: a run
        path = self.folder / "people.csv"
        rows = "".join(f"{person.msisdn},{cells}\n" for person in self.people)
        path.write_text(f"phone,{head}\n{rows}+33699999999,{cells}\n", encoding="utf-8")
        run = imports.start_import(
            workspace_id=self.id, path=path, filename="people.csv", actor="user:1", region="FR"
        )
        if consent:
            imports.set_mapping(run=run, consent=consent)
        return apply_import(dry_run(run))

    def post(self, path: str, body: Any) -> None:
        self.client.post(path, body, content_type="application/json")


def allowed(firm: Firm) -> set[Key]:
    """What may be sent by consent and number; what a number has against it counts for SMS."""
    barred = set(
        Suppression.objects.filter(workspace_id=firm.id, reason="opted_out").values_list(
            "msisdn", flat=True
        )
    )
    numbers = dict(Contact.objects.filter(workspace_id=firm.id).values_list("id", "msisdn"))
    rows = ConsentState.objects.filter(workspace_id=firm.id, is_granted=True)
    return {
        (numbers[row.contact_id], row.channel, row.purpose, row.topic, row.brand, row.sender)
        for row in rows
        if row.channel != "sms" or numbers[row.contact_id] not in barred
    }


def upsert(firm: Firm) -> None:
    made = create_list(workspace_id=firm.id, name="VIP")
    for person in firm.people:
        upsert_contact(
            workspace_id=firm.id, msisdn=person.msisdn, external_id=f"c{person.id}",
            email="ada@example.org", language="fr", tags=["subscribed"], lists=[made.id], actor="system",
        )  # fmt: skip


def upsert_many(firm: Firm) -> None:
    rows = [GivenContact(person.msisdn, tags=["sms", "opt_in"]) for person in firm.people]
    upsert_contacts(workspace_id=firm.id, rows=[*rows, *rows, GivenContact("+33688888888")])


def merge(firm: Firm) -> None:
    """One id of a shop told with the number of one person after another, and with each one's address."""
    told = [
        Identified(f"i{person.id}", "u1", person.msisdn, "ada@example.org", traits={"sms": True})
        for person in firm.people
    ]
    identify_people(workspace_id=firm.id, given=told, actor="system")
    apart = [Identified(f"j{p.id}", f"u{p.id}", p.msisdn, "eve@example.org") for p in firm.people]
    identify_people(workspace_id=firm.id, given=apart, actor="system")


def change_groups(firm: Firm) -> None:
    tag_people(
        workspace_id=firm.id, whom=firm.whom, add=["yes"], remove=["stopped"], actor="system"
    )
    replace_tag(workspace_id=firm.id, tag="yes", to="consented", actor="system")
    group = create_list(workspace_id=firm.id, name="Agreed")
    put_on_list(workspace_id=firm.id, list_id=group.id, whom=firm.whom, actor="system")
    take_off_list(workspace_id=firm.id, list_id=group.id, whom=firm.whom, actor="system")
    remove_list(workspace_id=firm.id, list_id=group.id, actor="system")


def import_without_evidence(firm: Firm) -> None:
    firm.import_file("email,subscribed", "a@example.org,yes")


def import_and_undo(firm: Firm) -> None:
    undo_import(
        firm.import_file(
            "subscribed", "yes", source="Fair", wording="Yes", given_at="2026-11-01T10:00:00Z"
        )
    )


def suppress_and_lift(firm: Firm) -> None:
    for person in firm.people:
        row = suppress_number(
            workspace_id=firm.id, msisdn=person.msisdn, actor="system", source="page"
        )
        lift_suppression(workspace_id=firm.id, suppression_id=row.id, why="a slip", actor="system")


def pause_and_go_on(firm: Firm) -> None:
    for person in firm.people:
        pause_person(
            workspace_id=firm.id, contact_id=person.id, until=now() + timedelta(days=7),
            source="page", actor="system",
        )  # fmt: skip
        end_pause(workspace_id=firm.id, contact_id=person.id, actor="system")


def track(firm: Firm) -> None:
    record_events(
        [
            EventItem(
                workspace_id=firm.id, source_key=f"e{person.id}", name="subscribed",
                msisdn=person.msisdn, at=0.0,
            )
            for person in firm.people
        ]
    )  # fmt: skip


def call_doors(firm: Firm) -> None:
    """Texts that nobody agreed to, by our own door and Twilio's: refused, and nothing is granted."""
    for person in firm.people[2:4]:
        body = {"to": person.msisdn, "body": "Hi", "purpose": "marketing"}
        firm.post("/api/v1/messages", body)
        firm.client.post(
            f"/2010-04-01/Accounts/AC{firm.id:032x}/Messages.json",
            {"To": person.msisdn, "Body": "Hi", "From": "BAKERY"},
            headers={"authorization": f"Basic {firm.basic}"},
        )
    batch = [{"msisdn": person.msisdn, "tags": ["yes"]} for person in firm.people]
    firm.post("/api/v1/contacts/bulk", {"contacts": batch})


def fill_in_a_form(firm: Firm) -> None:
    """Anybody can type a number: its owner is asked first, and has not answered."""
    programme = make_programme(firm.workspace, asks_twice=True, name=f"Club {now().isoformat()}")
    for person in firm.people:
        join_by(programme, number=person.msisdn)


ROUTES: list[Callable[[Firm], None]] = [
    upsert, upsert_many, merge, change_groups, import_without_evidence, import_and_undo,
    suppress_and_lift, pause_and_go_on, track, call_doors, fill_in_a_form,
]  # fmt: skip


@pytest.fixture
def secret(workspace: Workspace) -> str:
    scopes = [scope.value for scope in Scope]
    return create_api_key(workspace=workspace, name="T", scopes=scopes, actor="system")[1]


@pytest.fixture(autouse=True)
def scopes(workspace: Workspace) -> None:
    define_topic(workspace_id=workspace.id, key="offers", name="Offers", actor="system")
    define_brand(workspace_id=workspace.id, key="lotus", name="Lotus", actor="system")
    make_sender(workspace)


@settings(max_examples=examples(2), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(routes=st.lists(st.sampled_from(ROUTES), min_size=1, max_size=11, unique=True))
def test_whatever_happens_to_people_grants_nothing(
    workspace: Workspace, secret: str, routes: list[Callable[[Firm], None]]
) -> None:
    with transaction.atomic(), TemporaryDirectory() as folder:
        firm = Firm(workspace, secret, Path(folder))
        before = allowed(firm)
        for route in routes:
            route(firm)
            assert allowed(firm) <= before, route.__name__
        transaction.set_rollback(True)


def test_a_file_with_evidence_takes_back_no_stop(
    workspace: Workspace, secret: str, tmp_path: Path
) -> None:
    firm = Firm(workspace, secret, tmp_path)
    before = allowed(firm)

    firm.import_file(
        "subscribed", "yes", source="Fair", wording="Yes", given_at="2026-11-01T10:00:00Z"
    )

    gained = {key[0] for key in allowed(firm) - before}
    never_asked = {firm.people[place].msisdn for place in (0, 2, 4)}
    assert gained == never_asked | {"+33699999999"}


def test_who_is_erased_and_comes_back_has_agreed_to_nothing(
    workspace: Workspace, secret: str, tmp_path: Path
) -> None:
    firm = Firm(workspace, secret, tmp_path)
    for person in firm.people:
        erase_person(workspace_id=firm.id, contact_id=person.id, reason="asked", actor="user:1")
    upsert_many(firm)
    merge(firm)

    assert allowed(firm) == set()


def test_a_yes_to_a_topic_brings_back_nothing_that_a_number_stopped_before_it_was_known(
    workspace: Workspace,
) -> None:
    """The stop of a number that nobody had is its owner's as soon as somebody has it."""
    record_opt_out(
        workspace_id=workspace.id, contact_id=None, msisdn="+33612345678", source="SMS",
        wording="STOP", given_at=DAY + timedelta(days=1), actor="mo",
    )  # fmt: skip
    person = make_contact(workspace=workspace, msisdn="+33612345678", has_consent=False)
    said: dict[str, Any] = {
        "workspace_id": workspace.id, "contact_id": person.id, "source": "Form", "wording": "Yes",
        "actor": "system",
    }  # fmt: skip
    record_opt_in(**said, given_at=DAY)  # before the stop, recorded after it

    record_opt_in(**said, given_at=DAY + timedelta(days=2), scope=ConsentScope("offers"))

    states = ConsentState.objects.filter(contact_id=person.id, is_granted=True)
    assert [(row.topic, row.since) for row in states] == [("offers", DAY + timedelta(days=2))]
    assert not Suppression.objects.filter(msisdn=person.msisdn).exists()
