"""Whoever the directory takes out is out at the next request: pages, keys, invitations."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from api.scim.conftest import USER_SCHEMA, Directory
from builders import PASSWORD, make_member, make_workspace
from textwell.accounts.actions import remove_member
from textwell.accounts.invitations import find_invitation, invite_member
from textwell.accounts.keys import create_api_key
from textwell.accounts.models import (
    ApiKey,
    DirectoryPerson,
    Membership,
    Role,
    User,
    Workspace,
)

OFF = {"op": "Replace", "path": "active", "value": "False"}


@pytest.fixture
def ben(workspace: Workspace) -> User:
    return make_member(workspace=workspace, role="admin", email="ben@example.org")


def signed_in(user: User) -> Client:
    client = Client()
    client.post("/sign-in", {"email": user.email, "password": PASSWORD})
    assert client.get("/").status_code == 200
    return client


def with_key(workspace: Workspace, actor: str) -> tuple[ApiKey, Client]:
    key, secret = create_api_key(
        workspace=workspace, name="Shop", scopes=["contacts:read", "keys:manage"], actor=actor
    )
    client = Client(headers={"authorization": f"Bearer {secret}"})
    assert client.get("/api/v1/contacts").status_code == 200
    return key, client


@pytest.mark.parametrize("way", ["switched off", "deleted"])
def test_sessions_and_keys_end_with_the_answer(
    way: str, directory: Directory, workspace: Workspace, ben: User
) -> None:
    pages = [signed_in(ben), signed_in(ben)]
    own_key, program = with_key(workspace, f"user:{ben.id}")
    _second, second_program = with_key(workspace, f"key:{own_key.id}")
    _others, other_program = with_key(workspace, "system")

    if way == "deleted":
        directory.call("DELETE", f"/Users/{ben.id}")
    else:
        directory.patch(f"/Users/{ben.id}", OFF)

    answers = [page.get("/") for page in pages]
    assert [(each.status_code, each.url) for each in answers] == [(302, "/sign-in?next=/")] * 2
    assert not UserSession.objects.filter(user=ben).exists()
    assert not Session.objects.exists()
    statuses = [
        each.get("/api/v1/contacts").status_code
        for each in (program, second_program, other_program)
    ]
    assert statuses == [401, 401, 200]


@pytest.mark.parametrize("way", ["switched off", "put", "deleted", "comes switched off"])
def test_whoever_was_removed_by_hand_before_keeps_no_key_and_no_invitation(
    way: str, directory: Directory, workspace: Workspace, ben: User
) -> None:
    directory.patch(f"/Users/{ben.id}", {"op": "add", "path": "externalId", "value": "88"})
    _key, program = with_key(workspace, f"user:{ben.id}")
    remove_member(workspace=workspace, user=ben, actor="system")
    _invitation, token = invite_member(
        workspace=workspace, email=ben.email, role=Role.ADMIN, actor="system"
    )
    body = {"schemas": [USER_SCHEMA], "userName": ben.email, "active": False}

    if way == "switched off":
        answer = directory.patch(f"/Users/{ben.id}", OFF)
    elif way == "put":
        answer = directory.call("PUT", f"/Users/{ben.id}", body)
    elif way == "deleted":
        answer = directory.call("DELETE", f"/Users/{ben.id}")
    else:
        DirectoryPerson.objects.all().delete()  # as if it had never named them
        answer = directory.call("POST", "/Users", body)

    assert answer.status_code in {200, 201, 204}
    assert program.get("/api/v1/contacts").status_code == 401
    assert find_invitation(token) is None


def test_a_session_that_serves_another_workspace_opens_nothing_here(
    directory: Directory, workspace: Workspace, ben: User
) -> None:
    elsewhere = make_workspace(name="Second home")
    Membership.objects.create(user=ben, workspace=elsewhere, role="reader")
    page = signed_in(ben)
    page.post("/settings/workspace", {"workspace": workspace.id})
    assert page.get("/settings/members/").status_code == 200

    directory.patch(f"/Users/{ben.id}", OFF)

    assert page.get("/settings/members/").status_code == 403
    assert "Second home" in page.get("/").content.decode()


def test_whoever_left_signs_in_to_nothing(directory: Directory, ben: User) -> None:
    directory.patch(f"/Users/{ben.id}", OFF)
    client = Client()

    client.post("/sign-in", {"email": ben.email, "password": PASSWORD})

    assert client.get("/").status_code == 404
    assert client.get("/campaigns/").status_code == 404


def test_an_open_invitation_to_the_address_ends_too(
    directory: Directory, workspace: Workspace
) -> None:
    key = directory.add("anna@example.org", active=False)
    _invitation, token = invite_member(
        workspace=workspace, email="anna@example.org", role=Role.ADMIN, actor="system"
    )
    directory.patch(f"/Users/{key}", {"op": "replace", "value": {"active": True}})

    directory.patch(f"/Users/{key}", OFF)

    assert find_invitation(token) is None
