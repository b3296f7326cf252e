"""The page of the company's directory: tokens, and roles of its groups."""

import re

from django.test import Client

from builders import make_member
from textwell.accounts.directory.groups import GroupFacts, create_group
from textwell.accounts.directory.tokens import find_directory_token
from textwell.accounts.models import (
    DirectoryGroup,
    DirectoryPerson,
    DirectoryToken,
    Membership,
    User,
    Workspace,
)

PAGE = "/settings/directory/"


def make_group(workspace: Workspace, *people: User) -> DirectoryGroup:
    facts = GroupFacts("Sales", "", {each.id for each in people})
    return create_group(workspace=workspace, facts=facts, actor="system")


def test_a_token_is_made_shown_once_and_opens_the_door(
    owner_client: Client, owner: User, workspace: Workspace
) -> None:
    answer = owner_client.post(PAGE, {"name": "Okta"})
    first, second = (owner_client.get(answer.url).content.decode() for _each in range(2))

    secret = re.search(r'id="new-token">([^<]+)<', first)[1]
    assert "new-token" not in second
    assert "http://127.0.0.1:8000/scim/v2" in second
    token = find_directory_token(secret)
    assert (token.workspace, token.created_by) == (workspace, owner)
    called = Client(headers={"authorization": f"Bearer {secret}"}).get("/scim/v2/Users")
    assert called.json()["totalResults"] == 1


def test_a_token_without_a_name_is_not_made(owner_client: Client) -> None:
    answer = owner_client.post(PAGE, {"name": " "})

    assert (answer.status_code, DirectoryToken.objects.count()) == (422, 0)


def test_a_revoked_token_is_refused_at_once(owner_client: Client) -> None:
    page = owner_client.get(owner_client.post(PAGE, {"name": "Okta"}).url).content.decode()
    secret = re.search(r'id="new-token">([^<]+)<', page)[1]
    directory = Client(headers={"authorization": f"Bearer {secret}"})
    assert directory.get("/scim/v2/Users").status_code == 200

    owner_client.post(f"{PAGE}{DirectoryToken.objects.get().id}/revoke")

    assert directory.get("/scim/v2/Users").status_code == 401
    assert "revoked" in owner_client.get(PAGE).content.decode()


def test_an_owner_gives_a_group_a_role(owner_client: Client, workspace: Workspace) -> None:
    member = make_member(workspace=workspace, role="reader", email="b@example.org")
    group = make_group(workspace, member)
    assert "Sales" in owner_client.get(PAGE).content.decode()

    owner_client.post(f"{PAGE}groups/{group.id}/role", {"role": "marketer"})

    assert Membership.objects.get(user=member).role == "marketer"


def test_a_role_that_there_is_not_changes_nothing(
    owner_client: Client, workspace: Workspace
) -> None:
    group = make_group(workspace)

    owner_client.post(f"{PAGE}groups/{group.id}/role", {"role": "emperor"})

    group.refresh_from_db()
    assert group.role == ""


def test_the_last_owner_is_not_demoted_by_a_group(
    owner_client: Client, workspace: Workspace, owner: User
) -> None:
    group = make_group(workspace, owner)
    owner_client.post(f"{PAGE}groups/{group.id}/role", {"role": "owner"})
    DirectoryPerson.objects.update(given_role="owner")  # as if the group had made the owner

    answer = owner_client.post(f"{PAGE}groups/{group.id}/role", {"role": ""}, follow=True)

    assert "A workspace needs an owner" in answer.content.decode()
    group.refresh_from_db()
    assert (group.role, Membership.objects.get(user=owner).role) == ("owner", "owner")
