"""Full numbers: nobody sees one by looking around, and whoever asks leaves a reason."""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern

from addresses import PATTERNS, methods_of, page_path
from api.conftest import Program
from builders import make_contact, make_member
from operations import OPERATIONS
from textwell.accounts.models import AuditEntry, Role, User, Workspace
from textwell.accounts.policy import ROLE_PERMISSIONS
from textwell.accounts.types import Scope
from textwell.api.doors.twilio.sids import ACCOUNT, MESSAGE, make_sid
from textwell.core.clock import now
from wide import WIDE
from world import World, make_world

SignIn = Callable[[User], Client]
NUMBER = "+33612345678"
START = NUMBER[1:-2]  # all numbers of the world begin so
TELLING = (START, START[2:], "06 12 34 56", "6 12 34 56")
# What a list asks for besides its address, so that it has rows.
ASKED = {"tags.page": "?tag=quixotltag", "desk": "?q=quixotl", "palette": "?q=quixotl"}
NO_PAGE = {
    "sign_out": "the session would end, and all that comes after it would be the door",
    "account_logout": "as sign_out",
}
# Pages that an owner who looks around does not see: with why.
NO_SIGHT = {
    "invitation": "this one was never made",
    "mfa_deactivate_totp": "codes are off",
    "mfa_view_recovery_codes": "as mfa_deactivate_totp",
    "mfa_download_recovery_codes": "as mfa_deactivate_totp",
    "welcome": "somebody owns this installation",
    "openid_connect_login": "no provider is set up",
    "openid_connect_callback": "as openid_connect_login",
    "saml_login": "as openid_connect_login",
    "saml_finish_acs": "as openid_connect_login",
    "saml_metadata": "as openid_connect_login",
    "saml_sls": "as openid_connect_login",
    "socialaccount_login_error": "401: that is what it says",
}
# GET operations that answer something else than rows: with why.
NO_ROWS = {
    "approvals_approval": "404: nobody handed this one in",
    "promises_get": "404: nothing was promised",
    "law_get_pack": "404: no pack was put in force",
    "contacts_get_consent_proof": "404: nothing of them is sealed",
    "ending_list_all": "nobody's consent ends soon",
    "sharing_get": "404: this one shares with nobody",
}
READS = [each for each in OPERATIONS if each.method == "GET"]


@pytest.fixture
def world(workspace: Workspace) -> World:
    """People with numbers, in every place that pages and operations read."""
    return make_world(workspace=workspace, mark="quixotl", number=NUMBER)


def told(body: bytes) -> list[str]:
    text = body.decode(errors="replace")
    return [form for form in TELLING if form in text]


def body_of(answer: Any) -> bytes:  # Any: Django's test response
    return b"".join(answer) if answer.streaming else answer.content


def may(role: Role, pattern: URLPattern) -> bool:
    permission = getattr(pattern.callback, "permission", None)
    return permission is None or permission in ROLE_PERMISSIONS[role]


@pytest.mark.parametrize("role", list(Role) if WIDE else [Role.OWNER, Role.AGENT, Role.READER])
def test_no_page_shows_a_full_number_to_who_looks_around(
    role: Role, workspace: Workspace, world: World, client_of: SignIn
) -> None:
    client = client_of(make_member(workspace=workspace, role=role))
    client.raise_request_exception = True
    asked = [
        p for p in PATTERNS if p.name not in NO_PAGE and "GET" in methods_of(p) and may(role, p)
    ]

    statuses = {}
    for pattern in asked:
        path = page_path(pattern, world.ids | {"kind": "simulator"}) + ASKED.get(pattern.name, "")
        answer = client.get(path)
        statuses[pattern.name] = answer.status_code
        assert told(body_of(answer)) == [], (pattern.name, path)
    unseen = {name for name, status in statuses.items() if status not in {200, 302}}
    # Those that not every role may see: here no pack was put in force.
    assert unseen - {"styleguide", "law.file", "law.take_back"} == NO_SIGHT.keys()


@pytest.fixture
def unentitled(workspace: Workspace) -> Program:
    """A program with every scope but the one to numbers."""
    return Program(workspace, [scope.value for scope in Scope if scope != Scope.CONTACTS_NUMBERS])


@pytest.fixture
def entitled(workspace: Workspace) -> Program:
    return Program(workspace, [scope.value for scope in Scope])


def test_the_api_masks_numbers_for_a_key_without_the_right(
    world: World, unentitled: Program
) -> None:
    without_rows = set()

    for each in READS:
        answer = unentitled.get(each.address(world.ids))
        if answer.status_code != 200 or b'"items":[]' in body_of(answer):
            without_rows.add(each.name)
        assert told(body_of(answer)) == [], each.path

    assert without_rows == set(NO_ROWS)
    person = unentitled.get(f"/contacts/{world.ids['contact_id']}").json()
    assert person["msisdn"] == "+3361•••678"
    assert not AuditEntry.objects.filter(action="contacts.numbers_read").exists()


def test_each_operation_that_shows_full_numbers_leaves_an_entry(
    world: World, entitled: Program
) -> None:
    shown = set()

    for each in [*READS, *READS]:
        if told(body_of(entitled.get(each.address(world.ids)))):
            shown.add(each.name)

    entries = AuditEntry.objects.filter(action="contacts.numbers_read", actor=entitled.actor)
    # A proof gives the key under which its number is hashed: that is as good as the number.
    noted = shown | {"messages_get_proof"}
    assert sorted(entry.subject for entry in entries) == sorted(f"operation:{n}" for n in noted)
    assert shown == {
        "contacts_list_people", "contacts_get_person", "suppressions_list_all", "suppressions_get",
        "reports_list_people", "messages_list_all", "messages_get_message", "inbox_list_all",
        "inbox_get", "webhooks_list_tries",
    }  # fmt: skip


def test_a_reason_stands_in_an_entry_of_its_own(world: World, entitled: Program) -> None:
    path = f"/api/v1/contacts/{world.ids['contact_id']}"
    reasons = ("", "Moving to another system.", "Moving to another system.", "Rückfrage")

    for reason in reasons:
        headers = {**entitled.headers(), "HTTP_TEXTWELL_REASON": reason}
        assert entitled.client.get(path, **headers).json()["msisdn"] == NUMBER

    entries = AuditEntry.objects.filter(action="contacts.numbers_read").order_by("id")
    assert [entry.reason for entry in entries] == ["", "Moving to another system.", "Rückfrage"]


def test_the_next_day_has_its_own_entry(
    world: World, entitled: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    entitled.get("/contacts")
    later = now() + timedelta(days=1)
    monkeypatch.setattr("textwell.accounts.disclosure.now", lambda: later)
    entitled.get("/contacts")

    assert AuditEntry.objects.filter(subject="operation:contacts_list_people").count() == 2


def test_a_number_that_the_caller_gave_itself_leaves_no_entry(
    world: World, entitled: Program
) -> None:
    made = entitled.post("/contacts", {"msisdn": "+33612345601"})
    put = entitled.post("/suppressions", {"msisdn": "+33612345602", "reason": "manual"})

    assert (made.json()["msisdn"], put.json()["msisdn"]) == ("+33612345601", "+33612345602")
    assert not AuditEntry.objects.filter(action="contacts.numbers_read").exists()


@pytest.mark.parametrize("kind", ["Messages", "Message"])
def test_clients_of_twilio_leave_an_entry_where_they_see_a_number(
    world: World, entitled: Program, kind: str
) -> None:
    account = make_sid(ACCOUNT, world.workspace.id)
    sid = make_sid(MESSAGE, int(world.ids["message_id"]))
    path = "Messages" if kind == "Messages" else f"Messages/{sid}"
    basic = base64.b64encode(f"{account}:{entitled.secret}".encode()).decode()

    answer = entitled.client.get(
        f"/2010-04-01/Accounts/{account}/{path}.json", HTTP_AUTHORIZATION=f"Basic {basic}"
    )

    assert NUMBER in answer.content.decode()
    entry = AuditEntry.objects.get(action="contacts.numbers_read")
    assert (entry.actor, entry.subject) == (entitled.actor, f"operation:twilio_{kind.lower()}")


def test_each_of_fifty_reveals_leaves_its_entry(
    owner: User, owner_client: Client, workspace: Workspace
) -> None:
    people = [make_contact(workspace=workspace) for _each in range(50)]

    for contact in people:
        page = owner_client.post(f"/contacts/{contact.id}/reveal", {"reason": "Called back."})
        assert contact.msisdn in page.content.decode()

    entries = AuditEntry.objects.filter(action="contacts.number_revealed").order_by("id")
    assert [entry.subject for entry in entries] == [f"contact:{each.id}" for each in people]
    assert {(entry.actor, entry.reason) for entry in entries} == {
        (f"user:{owner.id}", "Called back.")
    }


def test_without_a_reason_nothing_is_revealed(owner_client: Client, world: World) -> None:
    answer = owner_client.post(
        f"/contacts/{world.ids['contact_id']}/reveal", {"reason": "  "}, follow=True
    )

    assert told(answer.content) == []
    assert AuditEntry.objects.filter(action="contacts.number_revealed").count() == 0


def test_an_export_with_numbers_asks_why_and_keeps_it(owner_client: Client, world: World) -> None:
    path = f"/campaigns/{world.ids['campaign_id']}/people.csv"
    refused = owner_client.post(path, {"reason": ""})
    entries = AuditEntry.objects.filter(action="contacts.exported")
    assert (refused.status_code, entries.count()) == (422, 0)

    answer = owner_client.post(path, {"reason": "Printed for the fair."})

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert entries.get().reason == "Printed for the fair."
