"""Members, invitations, API keys, workspaces: by the pages."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.test import Client

from builders import PASSWORD, make_member, make_owner, make_user, make_workspace
from textwell.accounts.keys import create_api_key
from textwell.accounts.models import ApiKey, AuditEntry, Invitation, Membership, User, Workspace
from textwell.accounts.selectors import find_api_key
from textwell.core.clock import now

SignIn = Callable[[User], Client]
JOIN = {"name": "Grace", "password": "another long sentence"}


def invited(client: Client, email: str = "grace@example.org", role: str = "marketer") -> str:
    """The path of the link that the page shows."""
    client.post("/settings/members/invite", {"email": email, "role": role})
    page = client.get("/settings/members/").content.decode()
    return urlsplit(re.search(r'id="invitation-link">([^<]+)<', page)[1]).path


def test_an_invited_person_makes_an_account_and_is_in(
    owner_client: Client, workspace: Workspace
) -> None:
    link = invited(owner_client)
    assert link in mail.outbox[0].body
    assert mail.outbox[0].to == ["grace@example.org"]
    grace = Client()
    assert b"Join Green Bakery" in grace.get(link).content

    answer = grace.post(link, JOIN)

    assert answer.url == "/"
    assert grace.get("/").status_code == 200
    assert Membership.objects.get(user__email="grace@example.org").role == "marketer"
    actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["invitations.created", "members.added"]


def test_the_link_is_shown_once_and_kept_as_a_hash(owner_client: Client) -> None:
    link = invited(owner_client)

    assert "invitation-link" not in owner_client.get("/settings/members/").content.decode()
    assert link.rsplit("/", 1)[1] not in str(Invitation.objects.values().get())


def test_a_link_works_once(owner_client: Client) -> None:
    link = invited(owner_client)
    Client().post(link, JOIN)

    assert Client().get(link).status_code == 410
    assert Client().post(link, JOIN).status_code == 410
    assert User.objects.count() == 2


def test_a_link_ends_after_a_week(owner_client: Client) -> None:
    link = invited(owner_client)

    with time_machine.travel(now() + timedelta(days=7, seconds=1), tick=False):
        assert Client().post(link, JOIN).status_code == 410


def test_a_link_that_was_taken_back_or_replaced_ends(owner_client: Client) -> None:
    first = invited(owner_client)
    second = invited(owner_client)
    assert Client().get(first).status_code == 410

    owner_client.post(f"/settings/invitations/{Invitation.objects.latest('id').id}/revoke")

    assert Client().get(second).status_code == 410


def test_somebody_with_an_account_joins_only_as_that_account(
    owner_client: Client, client_of: SignIn
) -> None:
    grace = make_user(email="grace@example.org")
    link = invited(owner_client)

    assert Client().post(link, JOIN).status_code == 200
    assert client_of(make_user()).post(link, JOIN).status_code == 200
    assert Membership.objects.filter(user=grace).count() == 0

    assert client_of(grace).post(link).url == "/"
    assert Membership.objects.filter(user=grace).count() == 1
    grace.refresh_from_db()
    assert grace.check_password(PASSWORD)


def test_an_administrator_makes_no_owner_and_touches_none(
    workspace: Workspace, owner: User, client_of: SignIn
) -> None:
    admin = client_of(make_member(workspace=workspace, role="admin"))
    reader = make_member(workspace=workspace, role="reader")

    answers = [
        admin.post("/settings/members/invite", {"email": "x@example.org", "role": "owner"}),
        admin.post(f"/settings/members/{reader.id}/role", {"role": "owner"}),
        admin.post(f"/settings/members/{owner.id}/role", {"role": "reader"}),
        admin.post(f"/settings/members/{owner.id}/remove"),
    ]

    assert [answer.status_code for answer in answers] == [422, 403, 403, 403]
    assert Membership.objects.get(user=owner).role == "owner"
    assert Membership.objects.get(user=reader).role == "reader"


@pytest.mark.parametrize(("path", "values"), [("role", {"role": "reader"}), ("remove", {})])
def test_the_last_owner_stays(
    path: str, values: dict[str, str], owner: User, owner_client: Client
) -> None:
    answer = owner_client.post(f"/settings/members/{owner.id}/{path}", values, follow=True)

    assert b"A workspace needs an owner." in answer.content
    assert Membership.objects.get(user=owner).role == "owner"


def test_a_removed_member_is_out_at_the_next_click(
    workspace: Workspace, owner_client: Client, client_of: SignIn
) -> None:
    reader = make_member(workspace=workspace, role="reader")
    client = client_of(reader)
    assert client.get("/contacts/").status_code == 200

    owner_client.post(f"/settings/members/{reader.id}/remove")

    assert client.get("/contacts/").status_code == 404


def test_a_removed_member_s_keys_are_refused_as_the_page_has_said(
    workspace: Workspace, owner_client: Client
) -> None:
    admin = make_member(workspace=workspace, role="admin")
    key, _secret = create_api_key(
        workspace=workspace, name="Shop", scopes=["contacts:read"], actor=f"user:{admin.id}"
    )
    assert "API keys that they made" in owner_client.get("/settings/members/").content.decode()

    owner_client.post(f"/settings/members/{admin.id}/remove")

    key.refresh_from_db()
    assert key.revoked_at is not None


def test_the_secret_of_a_key_is_shown_once(owner_client: Client, client: Client) -> None:
    owner_client.post("/settings/keys/", {"name": "Shop", "scopes": ["contacts:read"]})
    page = owner_client.get("/settings/keys/").content.decode()
    secret = re.search(r'id="new-key">([^<]+)<', page)[1]
    bearer = {"authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/contacts", headers=bearer).status_code == 200
    assert secret not in owner_client.get("/settings/keys/").content.decode()

    owner_client.post(f"/settings/keys/{ApiKey.objects.get().id}/revoke")

    assert find_api_key(secret) is None


def test_a_key_needs_a_name_and_a_scope(owner_client: Client) -> None:
    answer = owner_client.post("/settings/keys/", {"name": "Shop"})

    assert answer.status_code == 422
    assert b"Choose at least one." in answer.content
    assert ApiKey.objects.count() == 0


def test_an_owner_makes_a_second_brand_and_goes_back(
    owner: User, owner_client: Client, workspace: Workspace
) -> None:
    brand = {"brand": "Blue Cafe", "country": "VN", "currency": "VND", "zone": "UTC"}

    owner_client.post("/settings/workspaces/new", brand | {"language": "vi"})

    made = Workspace.objects.get(name="Blue Cafe")
    assert (made.country, made.currency) == ("VN", "VND")
    assert Membership.objects.get(user=owner, workspace=made).role == "owner"
    assert b"Blue Cafe" in owner_client.get("/").content
    owner_client.post("/settings/workspace", {"workspace": workspace.id})
    assert b"<span>Green Bakery</span>" in owner_client.get("/").content


def test_members_of_another_workspace_are_not_there(client_of: SignIn, owner: User) -> None:
    other = client_of(make_owner(workspace=make_workspace(name="Other")))

    assert other.post(f"/settings/members/{owner.id}/remove").status_code == 404
    assert Membership.objects.filter(user=owner).count() == 1
