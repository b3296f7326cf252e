"""The page of the suppression group, from both sides."""

import re

import pytest
from django.test import Client

from builders import make_contact, make_member, make_owner, make_workspace
from textwell.accounts.models import Workspace
from textwell.consent.groups import find_sharing, join_sharing_group, make_sharing_code
from textwell.consent.models import SharingCode
from textwell.consent.suppressing import suppress_number

pytestmark = pytest.mark.django_db
PAGE = "/settings/suppression-group/"


@pytest.fixture
def other() -> Workspace:
    return make_workspace(name="Other brand")


@pytest.fixture
def other_client(other: Workspace) -> Client:
    client = Client()
    client.force_login(make_owner(workspace=other))
    return client


def make_code(client: Client) -> str:
    page = client.post(f"{PAGE}code", {"reasons": ["opted_out"]}).content.decode()
    [code] = re.findall(r'id="new-code">([\w-]+)<', page)
    return str(code)


def test_two_owners_share_by_a_code_and_one_leaves(
    owner_client: Client, other_client: Client, workspace: Workspace, other: Workspace
) -> None:
    given = {"join-code": make_code(owner_client), "join-reasons": ["complaint", "dead_number"]}

    joined = other_client.post(PAGE, given, follow=True).content.decode()

    assert workspace.name in joined
    assert "Complained, Nobody has this number any more" in joined
    assert "Other brand" in owner_client.get(PAGE).content.decode()
    member = find_sharing(workspace)
    assert member is not None
    assert member.reasons == ["opted_out"]

    other_client.post(f"{PAGE}leave")
    assert find_sharing(other) is None
    assert "nobody yet" in owner_client.get(PAGE).content.decode()


def test_a_shared_number_is_listed_by_the_page_in_words(
    owner_client: Client, workspace: Workspace, other: Workspace
) -> None:
    code, _ends_at = make_sharing_code(workspace=other, reasons=["complaint"], actor="user:2")
    join_sharing_group(workspace=workspace, code=code, reasons=["complaint"], actor="user:1")
    make_contact(workspace=workspace, msisdn="+33612345678", first_name="Ada")
    for number in ("+33612345678", "+33612345679"):
        suppress_number(
            workspace_id=other.id, msisdn=number, reason="complaint", source="page", actor="user:2"
        )

    page = owner_client.get("/contacts/suppressed/").content.decode()

    rows = page.split("<tbody>")[1].split("</tbody>")[0]
    assert rows.count("<tr>") == 1
    assert "+3361•••678" in rows
    assert rows.count("Told by another brand of the group") == 2  # why, and from where


def test_the_code_is_shown_once(owner_client: Client) -> None:
    code = make_code(owner_client)

    assert code not in owner_client.get(PAGE).content.decode()
    again = owner_client.post(f"{PAGE}code").content.decode()  # of a group: nothing is asked again
    assert 'id="new-code"' in again


def test_a_wrong_code_is_told_at_its_field(other_client: Client, other: Workspace) -> None:
    answer = other_client.post(PAGE, {"join-code": "guess", "join-reasons": ["complaint"]})

    assert answer.status_code == 422
    assert "is unknown, used or too old." in answer.content.decode()
    assert find_sharing(other) is None


def test_without_a_reason_nothing_is_made(owner_client: Client) -> None:
    assert owner_client.post(f"{PAGE}code").status_code == 422
    assert not SharingCode.objects.exists()


@pytest.mark.parametrize("role", ["admin", "marketer", "reader"])
@pytest.mark.parametrize(
    ("path", "method"), [("", "get"), ("", "post"), ("code", "post"), ("leave", "post")]
)
def test_only_an_owner_shares(workspace: Workspace, role: str, path: str, method: str) -> None:
    client = Client()
    client.force_login(make_member(workspace=workspace, role=role))

    assert getattr(client, method)(f"{PAGE}{path}", {"reasons": ["opted_out"]}).status_code == 403
    assert not SharingCode.objects.exists()
