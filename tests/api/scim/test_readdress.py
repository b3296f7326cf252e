"""Another address for an account: it is another mailbox's then, and nobody else's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import psycopg
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.test import Client

from api.scim.conftest import Directory, directory_of
from at_once import PATIENCE_S, until_somebody_waits
from builders import PASSWORD, make_owner, make_workspace
from textwell.accounts.actions import add_member
from textwell.accounts.directory.groups import set_group_role
from textwell.accounts.directory.people import Facts, provision_person
from textwell.accounts.invitations import find_invitation, invite_member
from textwell.accounts.models import AuditEntry, DirectoryGroup, Membership, Role, User, Workspace

OLD, NEW = "me@example.org", "cfo@example.com"


def rename(address: str) -> dict[str, Any]:
    return {"op": "replace", "path": "userName", "value": address}


def open_every_way(user: User) -> Client:
    """Give the account a password, factors, a provider and a session; the browser with it."""
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    client = Client()
    assert client.post("/sign-in", {"email": user.email, "password": PASSWORD}).url == "/"
    assert client.get("/settings/security").status_code == 200
    for kind in ("totp", "webauthn"):
        Authenticator.objects.create(user=user, type=kind, data={})
    SocialAccount.objects.create(user=user, provider="sso", uid="me")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return client


def test_nothing_that_opened_the_account_opens_it_under_the_new_address(
    directory: Directory,
) -> None:
    user = User.objects.get(id=directory.add(OLD))
    client = open_every_way(user)

    answer = directory.patch(f"/Users/{user.id}", rename(NEW))

    assert answer.json()["userName"] == NEW
    user.refresh_from_db()
    assert (user.email, user.has_usable_password()) == (NEW, False)
    kept = [kind.objects.count() for kind in (Authenticator, SocialAccount, EmailAddress)]
    assert kept == [0, 0, 0]
    assert client.get("/").url == "/sign-in?next=/"
    assert [authenticate(username=each, password=PASSWORD) for each in (OLD, NEW)] == [None, None]


def test_the_holder_of_the_old_address_does_not_come_into_another_workspace(
    directory: Directory,
) -> None:
    key = directory.add(OLD)
    client = open_every_way(User.objects.get(id=key))
    directory.patch(f"/Users/{key}", rename(NEW))
    elsewhere = make_workspace(name="Elsewhere")
    other = directory_of(elsewhere, make_owner(workspace=elsewhere, email="b@example.com"))

    other.add(NEW)

    client.post("/sign-in", {"email": NEW, "password": PASSWORD})
    assert client.get("/").status_code == 302
    assert Membership.objects.get(workspace=elsewhere, user__email=NEW).role == "reader"


def test_an_invitation_to_the_old_address_ends(directory: Directory, workspace: Workspace) -> None:
    key = directory.add(OLD, active=False)
    _invitation, token = invite_member(
        workspace=workspace, email=OLD, role=Role.ADMIN, actor="system"
    )

    directory.patch(f"/Users/{key}", rename(NEW))

    assert find_invitation(token) is None


def test_who_signs_in_by_the_old_password_is_signed_out_though_no_list_has_the_session(
    directory: Directory,
) -> None:
    user = User.objects.get(id=directory.add(OLD))
    client = open_every_way(user)
    user.usersession_set.all().delete()

    directory.patch(f"/Users/{user.id}", rename(NEW))

    assert client.get("/").url == "/sign-in?next=/"


def test_the_address_of_an_owner_made_by_hand_stays(
    directory: Directory, workspace: Workspace
) -> None:
    user = User.objects.get(id=directory.add(OLD))
    Membership.objects.filter(user=user).update(role=Role.OWNER)

    answer = directory.patch(f"/Users/{user.id}", rename(NEW))

    user.refresh_from_db()
    assert (answer.status_code, user.email) == (409, OLD)
    assert "made an owner by hand" in answer.json()["detail"]
    assert not AuditEntry.objects.filter(action="directory.person_changed").exists()


def test_an_owner_by_the_directory_s_group_takes_another_address(
    directory: Directory, workspace: Workspace, owner: User
) -> None:
    key = directory.add(OLD)
    directory.add_group("Bosses", key)
    group = DirectoryGroup.objects.get()
    set_group_role(workspace=workspace, group_id=group.id, role="owner", actor=f"user:{owner.id}")

    answer = directory.patch(f"/Users/{key}", rename(NEW))

    assert (answer.status_code, User.objects.get(id=key).email) == (200, NEW)


@pytest.mark.parametrize(
    ("kind", "values"),
    [(Authenticator, {"type": "webauthn", "data": {}}), (SocialAccount, {"uid": "me"})],
)
def test_a_request_of_before_adds_no_way_in_afterwards(
    kind: Any, values: dict[str, Any], directory: Directory
) -> None:
    key = directory.add(OLD)
    as_read_before = User.objects.get(id=key)
    directory.patch(f"/Users/{key}", rename(NEW))

    with pytest.raises(PermissionDenied):
        kind.objects.create(user=as_read_before, **values)

    assert not kind.objects.exists()


@contextmanager
def given_away_elsewhere(user: User) -> Iterator[None]:
    """Another connection is changing the account; whoever waits for it here gives up at once."""
    wanted = {"dbname", "user", "host", "port", "password"}
    given = connection.get_connection_params().items()
    named = {name: value for name, value in given if name in wanted}
    with psycopg.connect(**named) as other, transaction.atomic():
        other.execute("SELECT FROM accounts_user WHERE id = %s FOR UPDATE", [user.id])
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
        yield


def provision(workspace: Workspace) -> None:
    facts = Facts(user_name=OLD, address=OLD, is_active=True)
    provision_person(workspace=workspace, facts=facts, actor="system")


def add(workspace: Workspace) -> None:
    add_member(workspace=workspace, email=OLD, role=Role.READER, actor="system")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("let_in", [provision, add])
def test_nobody_is_let_in_while_their_account_is_given_away(
    let_in: Callable[[Workspace], None], directory: Directory
) -> None:
    user = User.objects.get(id=directory.add(OLD))
    elsewhere = make_workspace(name="Elsewhere")

    with (
        given_away_elsewhere(user),
        pytest.raises(OperationalError, match="lock timeout"),
        transaction.atomic(),
    ):
        let_in(elsewhere)

    assert not Membership.objects.filter(workspace=elsewhere).exists()


@pytest.mark.django_db(transaction=True)
def test_an_address_that_is_taken_in_this_moment_is_told_as_taken(directory: Directory) -> None:
    key = directory.add(OLD)
    told: list[Any] = []

    def rename_elsewhere() -> None:
        try:
            told.append(directory.patch(f"/Users/{key}", rename(NEW)))
        finally:
            connection.close()

    writer = Thread(target=rename_elsewhere)
    with transaction.atomic():
        User.objects.create(email=NEW)
        writer.start()
        until_somebody_waits()
    writer.join(PATIENCE_S)

    assert (told[0].status_code, told[0].json()["scimType"]) == (409, "uniqueness")
    assert User.objects.get(id=key).email == OLD
