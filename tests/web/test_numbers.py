"""Full numbers: nobody sees one by looking around, and whoever asks leaves a reason."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import URLPattern

from addresses import PATTERNS, address_of
from builders import make_campaign, make_contact, make_gateway, make_member
from textwell.accounts.keys import create_api_key
from textwell.accounts.models import AuditEntry, Role, User, Workspace
from textwell.accounts.types import Scope
from textwell.api.app import api
from textwell.inbox.models import Reply

SignIn = Callable[[User], Client]
NUMBER = "+33612345678"
TELLING = ("33612345678", "612345678", "06 12 34 56 78", "6 12 34 56 78")


@pytest.fixture
def ids(workspace: Workspace) -> dict[str, int]:
    """One person with a number, in every place that pages and operations read."""
    gateway = make_gateway(workspace=workspace)
    campaign = make_campaign(workspace=workspace, gateway=gateway, state="finished")
    contact = make_contact(workspace=workspace, msisdn=NUMBER, first_name="Marie")
    Reply.objects.create(
        workspace_id=workspace.id, gateway_id=gateway.id, source_key="1", contact_id=contact.id,
        msisdn=NUMBER, text="Thanks", received_at=datetime(2026, 11, 24, 9, tzinfo=UTC),
        intent="other",
    )  # fmt: skip
    return {"campaign_id": campaign.id, "gateway_id": gateway.id, "contact_id": contact.id}


def told(body: bytes) -> list[str]:
    text = body.decode(errors="replace")
    return [form for form in TELLING if form in text]


def body_of(answer: object) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


@pytest.mark.parametrize("role", list(Role))
def test_no_page_shows_a_full_number_to_who_looks_around(
    role: Role, workspace: Workspace, ids: dict[str, int], client_of: SignIn
) -> None:
    client = client_of(make_member(workspace=workspace, role=role))
    client.raise_request_exception = True
    seen = 0

    for pattern in PATTERNS:
        assert isinstance(pattern, URLPattern)
        path = address_of(pattern)
        for name, value in ids.items():
            converted = str(pattern.pattern).replace(f"<int:{name}>", str(value))
            path = "/" + converted if f"<int:{name}>" in str(pattern.pattern) else path
        if "<" in path or pattern.name == "sign_out":
            path = address_of(pattern)
        answer = client.get(path)
        seen += answer.status_code == 200
        assert told(body_of(answer)) == [], (pattern.name, path)
    assert seen >= 8


def test_the_api_masks_numbers_for_a_key_without_the_right(
    workspace: Workspace, ids: dict[str, int], client: Client
) -> None:
    scopes = [scope.value for scope in Scope if scope != Scope.CONTACTS_NUMBERS]
    _key, secret = create_api_key(workspace=workspace, name="x", scopes=scopes, actor="system")
    headers = {"authorization": f"Bearer {secret}"}
    document = api.get_openapi_schema(path_prefix="/api/v1/")
    seen = 0

    for path, methods in document["paths"].items():
        if "get" not in methods:
            continue
        address = path
        for name, value in ids.items():
            address = address.replace("{" + name + "}", str(value))
        answer = client.get(address.replace("{", "").replace("}", ""), headers=headers)
        seen += answer.status_code == 200
        assert told(body_of(answer)) == [], path
    assert seen >= 8
    person = client.get(f"/api/v1/contacts/{ids['contact_id']}", headers=headers).json()
    assert person["msisdn"] == "+3361•••678"


def test_a_key_with_the_right_sees_the_number(
    workspace: Workspace, ids: dict[str, int], client: Client
) -> None:
    scopes = ["contacts:read", "contacts:numbers"]
    _key, secret = create_api_key(workspace=workspace, name="x", scopes=scopes, actor="system")

    person = client.get(
        f"/api/v1/contacts/{ids['contact_id']}", headers={"authorization": f"Bearer {secret}"}
    ).json()

    assert person["msisdn"] == NUMBER


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


def test_without_a_reason_nothing_is_revealed(owner_client: Client, ids: dict[str, int]) -> None:
    answer = owner_client.post(
        f"/contacts/{ids['contact_id']}/reveal", {"reason": "  "}, follow=True
    )

    assert told(answer.content) == []
    assert AuditEntry.objects.filter(action="contacts.number_revealed").count() == 0


def test_an_export_with_numbers_asks_why_and_keeps_it(
    owner_client: Client, workspace: Workspace, ids: dict[str, int]
) -> None:
    path = f"/campaigns/{ids['campaign_id']}/people.csv"
    refused = owner_client.post(path, {"reason": ""})
    assert (refused.status_code, AuditEntry.objects.count()) == (302, 0)

    answer = owner_client.post(path, {"reason": "Printed for the fair."})

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.reason) == ("contacts.exported", "Printed for the fair.")
