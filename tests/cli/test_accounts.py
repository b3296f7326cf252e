"""Owners and keys by command: made, refused with the mend, and no secret where it should not be."""

import pytest
from click.testing import CliRunner, Result

from builders import PASSWORD, make_owner, make_workspace
from textwell.accounts.models import ApiKey, AuditEntry, Membership, User, Workspace
from textwell.accounts.selectors import find_api_key
from textwell.cli import key, owner
from textwell.core.errors import FieldError
from textwell.gateways.models import Gateway

pytestmark = pytest.mark.django_db


def create_owner(*options: str, password: str = PASSWORD) -> Result:
    arguments = ["create", "--email", "Anna@example.org", "--password-stdin", *options]
    return CliRunner().invoke(owner.command, arguments, input=f"{password}\n")


def test_the_first_owner_gets_a_workspace_and_can_sign_in() -> None:
    home = (
        "--workspace",
        "Bakery",
        "--country",
        "FR",
        "--currency",
        "EUR",
        "--zone",
        "Europe/Paris",
    )

    shown = create_owner(*home)

    made = Workspace.objects.get()
    assert (shown.exit_code, made.name, made.country, made.zone) == (
        0, "Bakery", "FR", "Europe/Paris",
    )  # fmt: skip
    assert User.objects.get(email="anna@example.org").check_password(PASSWORD)
    assert Membership.objects.get().role == "owner"
    assert PASSWORD not in shown.output


def test_the_same_command_twice_is_once() -> None:
    first, second = (create_owner().output.splitlines() for _time in range(2))

    assert second == first[:1]  # the gateway is made once
    assert User.objects.count() == Workspace.objects.count() == Gateway.objects.count() == 1


def test_a_person_with_an_account_keeps_the_password(workspace: Workspace) -> None:
    make_owner(workspace=make_workspace(name="Other"), email="anna@example.org")

    shown = create_owner("--workspace", str(workspace.id), password="another long password")

    assert shown.exit_code == 0
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize(
    ("options", "password", "field"),
    [((), "short", "password"), (("--country", "France"), PASSWORD, "country"),
     (("--zone", "Paris"), PASSWORD, "zone")],
)  # fmt: skip
def test_what_cannot_be_used_leaves_nothing_behind(
    options: tuple[str, ...], password: str, field: str
) -> None:
    refused = create_owner(*options, password=password).exception

    assert isinstance(refused, FieldError)
    assert refused.field == field
    assert not Workspace.objects.exists()


def test_a_password_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(owner.PASSWORD_VARIABLE, PASSWORD)

    CliRunner().invoke(owner.command, ["create", "--email", "anna@example.org"])

    assert User.objects.get().check_password(PASSWORD)


def test_a_key_works_and_its_secret_is_the_only_output(workspace: Workspace) -> None:
    options = ["create", "--name", "Shop", "--scope", "messages:send"]
    shown = CliRunner().invoke(key.command, options)

    found = find_api_key(shown.stdout.strip())
    assert found is not None
    assert (found.name, found.scopes, found.workspace_id) == (
        "Shop",
        ["messages:send"],
        workspace.id,
    )
    assert AuditEntry.objects.filter(action="api_keys.created", actor="system").exists()


def test_an_unknown_scope_names_the_known_ones(workspace: Workspace) -> None:
    options = ["create", "--name", "Shop", "--scope", "messages:all"]
    refused = CliRunner().invoke(key.command, options).exception

    assert isinstance(refused, FieldError)
    assert (refused.field, "messages:send" in refused.mend) == ("scopes", True)
    assert not ApiKey.objects.exists()


def test_keys_are_listed_without_secrets_and_revoked(workspace: Workspace) -> None:
    run = CliRunner().invoke
    secret = run(key.command, ["create", "--name", "Shop", "--scope", "all"]).stdout.strip()
    made = ApiKey.objects.get()

    listed = run(key.command, ["list"]).output
    revoked = run(key.command, ["revoke", str(made.id)])

    assert (f"tw_{made.prefix}_…" in listed, secret in listed) == (True, False)
    assert (revoked.exit_code, find_api_key(secret)) == (0, None)
    assert "revoked" in run(key.command, ["list"]).output


def test_with_several_workspaces_one_must_be_named(workspace: Workspace) -> None:
    make_workspace(name="Other")

    shown = CliRunner().invoke(key.command, ["list"])

    assert (shown.exit_code, f"{workspace.id} (Green Bakery)" in shown.output) == (2, True)
