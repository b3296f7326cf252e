"""Workspaces, members and API keys: what is made, what is refused, what the audit log keeps."""

import hashlib

import pytest
from django.db import IntegrityError, connection, transaction

from builders import make_member, make_user, make_workspace
from textwell.accounts.actions import (
    add_member,
    change_role,
    create_owner,
    create_workspace,
    record_audit,
    remove_member,
)
from textwell.accounts.keys import create_api_key, revoke_api_key
from textwell.accounts.models import ApiKey, AuditEntry, Membership, Role, User, Workspace
from textwell.accounts.selectors import access_workspace, find_api_key, list_audit
from textwell.core.clock import now
from textwell.core.errors import Conflict, FieldError, NotFound

pytestmark = pytest.mark.django_db


def test_a_new_workspace_has_a_link_key_of_its_own() -> None:
    first = create_workspace(name="Bakery", country="FR", zone="Europe/Paris")
    second = create_workspace(name="Florist", country="FR")

    assert len(bytes(first.link_key)) == 16
    assert bytes(first.link_key) != bytes(second.link_key)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", {"name": "  "}),
        ("country", {"country": "fr"}),
        ("zone", {"zone": "Europe/Nowhere"}),
        ("currency", {"currency": "EURO"}),
    ],
)
def test_a_workspace_with_a_bad_value_is_refused_by_field(
    field: str, given: dict[str, str]
) -> None:
    with pytest.raises(FieldError) as refused:
        create_workspace(**({"name": "Bakery", "country": "FR"} | given))

    assert refused.value.field == field
    assert not Workspace.objects.exists()


def test_an_owner_can_sign_in_and_owns_the_workspace() -> None:
    workspace = create_workspace(name="Bakery", country="FR")

    owner = create_owner(workspace=workspace, email="Ada@Example.org", password="long and odd one")

    assert owner.email == "ada@example.org"
    assert owner.check_password("long and odd one")
    assert access_workspace(user=owner) == workspace


@pytest.mark.parametrize(
    ("field", "email", "password"),
    [("password", "ada@example.org", "123"), ("email", "no address", "long and odd one")],
)
def test_an_owner_with_a_bad_value_is_refused(field: str, email: str, password: str) -> None:
    with pytest.raises(FieldError) as refused:
        create_owner(workspace=make_workspace(), email=email, password=password)

    assert refused.value.field == field
    assert not User.objects.exists()


def test_a_foreign_workspace_is_not_found() -> None:
    stranger = make_member(workspace=make_workspace(name="Theirs"), role=Role.OWNER)

    with pytest.raises(NotFound):
        access_workspace(user=stranger, workspace_id=make_workspace(name="Ours").id)


def test_someone_switched_off_finds_no_workspace(owner: User) -> None:
    owner.is_active = False

    with pytest.raises(NotFound):
        access_workspace(user=owner)


def test_adding_a_member_twice_is_once(workspace: Workspace) -> None:
    for _time in range(2):
        add_member(workspace=workspace, email="bo@example.org", role=Role.AGENT, actor="user:1")

    assert Membership.objects.filter(workspace=workspace).count() == 1
    assert [entry.action for entry in list_audit(workspace.id)] == ["members.added"]


def test_adding_a_member_with_another_role_is_a_conflict(workspace: Workspace) -> None:
    add_member(workspace=workspace, email="bo@example.org", role=Role.AGENT, actor="user:1")

    with pytest.raises(Conflict):
        add_member(workspace=workspace, email="bo@example.org", role=Role.ADMIN, actor="user:1")


def test_the_last_owner_stays(workspace: Workspace, owner: User) -> None:
    with pytest.raises(Conflict):
        change_role(workspace=workspace, user=owner, role=Role.READER, actor="user:1")
    with pytest.raises(Conflict):
        remove_member(workspace=workspace, user=owner, actor="user:1")

    assert Membership.objects.get(user=owner).role == Role.OWNER


def test_a_second_owner_lets_the_first_one_go(workspace: Workspace, owner: User) -> None:
    make_member(workspace=workspace, role=Role.OWNER)

    remove_member(workspace=workspace, user=owner, actor="user:1")

    assert not Membership.objects.filter(user=owner).exists()


def test_an_api_key_is_found_by_its_secret_of_which_only_the_hash_is_kept(
    workspace: Workspace,
) -> None:
    key, secret = create_api_key(
        workspace=workspace, name="Shop", scopes=["messages:send"], actor="system"
    )

    mark, prefix, rest = secret.split("_", 2)
    assert (mark, prefix) == ("tw", key.prefix)
    assert key.secret_hash == hashlib.sha256(rest.encode()).hexdigest()
    assert find_api_key(secret) == key


@pytest.mark.parametrize("change", ["x", "_", " x"])
def test_a_key_with_another_secret_is_not_found(workspace: Workspace, change: str) -> None:
    _key, secret = create_api_key(
        workspace=workspace, name="Shop", scopes=["messages:send"], actor="system"
    )

    assert find_api_key(secret[:-1] + change) is None


@pytest.mark.parametrize("text", ["", "tw", "tw_", "tw__x", "sk_abc_def", "tw_unknown00_secret"])
def test_a_text_that_is_no_key_is_not_found(text: str) -> None:
    assert find_api_key(text) is None


def test_a_revoked_key_is_not_found(workspace: Workspace) -> None:
    key, secret = create_api_key(
        workspace=workspace, name="Shop", scopes=["messages:send"], actor="system"
    )

    revoke_api_key(key=key, actor="system")
    first = key.revoked_at
    revoke_api_key(key=key, actor="system")

    assert find_api_key(secret) is None
    assert key.revoked_at == first


@pytest.mark.parametrize("scopes", [[], ["messages:everything"]])
def test_a_key_without_a_known_scope_is_refused(workspace: Workspace, scopes: list[str]) -> None:
    with pytest.raises(FieldError) as refused:
        create_api_key(workspace=workspace, name="Shop", scopes=scopes, actor="system")

    assert refused.value.field == "scopes"
    assert not ApiKey.objects.exists()


def test_the_audit_log_keeps_times_as_text(workspace: Workspace) -> None:
    moment = now()

    entry = record_audit(
        workspace_id=workspace.id, actor="system", action="x.changed", after={"at": moment}
    )

    entry.refresh_from_db()
    assert entry.data["after"]["at"].startswith(moment.strftime("%Y-%m-%dT%H:%M:%S"))


@pytest.mark.parametrize(
    "statement",
    ["UPDATE accounts_auditentry SET actor = 'someone else'", "DELETE FROM accounts_auditentry"],
)
def test_the_database_refuses_to_change_the_audit_log(workspace: Workspace, statement: str) -> None:
    record_audit(workspace_id=workspace.id, actor="user:7", action="x.changed")

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert AuditEntry.objects.get().actor == "user:7"


def test_the_audit_log_is_read_newest_first_by_pages(workspace: Workspace) -> None:
    for number in range(3):
        record_audit(workspace_id=workspace.id, actor="system", action=f"step.{number}")

    first = list_audit(workspace.id, limit=2)
    rest = list_audit(workspace.id, limit=2, before_id=first[-1].id)

    assert [entry.action for entry in first] == ["step.2", "step.1"]
    assert [entry.action for entry in rest] == ["step.0"]


def test_members_of_two_workspaces_reach_both() -> None:
    person, first, second = make_user(), make_workspace(name="A"), make_workspace(name="B")
    for each in (first, second):
        Membership.objects.create(user=person, workspace=each, role=Role.READER)

    assert access_workspace(user=person) == first
    assert access_workspace(user=person, workspace_id=second.id) == second
