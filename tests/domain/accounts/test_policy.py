"""Which role may do what."""

from pathlib import Path

import pytest

import textwell
from builders import make_member, make_user
from textwell.accounts.models import Role, User, Workspace
from textwell.accounts.policy import ROLE_PERMISSIONS, policy
from textwell.accounts.types import Permission
from textwell.core.errors import Forbidden

pytestmark = pytest.mark.django_db

ROLES_THAT_MAY = {
    Permission.LAUNCH_CAMPAIGN: {Role.OWNER, Role.ADMIN, Role.MARKETER, Role.APPROVER},
    Permission.EDIT_CAMPAIGNS: {Role.OWNER, Role.ADMIN, Role.MARKETER},
    Permission.STOP_ALL: {Role.OWNER, Role.ADMIN, Role.MARKETER, Role.APPROVER},
    Permission.IMPORT_CONTACTS: {Role.OWNER, Role.ADMIN, Role.MARKETER},
    Permission.EDIT_GATEWAYS: {Role.OWNER, Role.ADMIN},
    Permission.MANAGE_API_KEYS: {Role.OWNER, Role.ADMIN},
    Permission.MANAGE_WORKSPACE: {Role.OWNER},
    Permission.EXPORT_REPORTS: {Role.OWNER, Role.ADMIN, Role.MARKETER, Role.ANALYST},
    Permission.ANSWER_INBOX: {Role.OWNER, Role.ADMIN, Role.MARKETER, Role.AGENT},
}


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_the_table_says(workspace: Workspace, role: Role) -> None:
    allowed = policy(make_member(workspace=workspace, role=role), workspace).allows

    found = {permission: allowed(permission) for permission in ROLES_THAT_MAY}

    assert found == {permission: role in roles for permission, roles in ROLES_THAT_MAY.items()}


def test_every_role_is_in_the_table() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)


def test_every_permission_is_asked_for_somewhere() -> None:
    product = Path(textwell.__file__).parent
    sources = [path.read_text() for path in product.rglob("*.py") if path.parent.name != "accounts"]

    unasked = [each for each in Permission if f"Permission.{each.name}" not in " ".join(sources)]

    assert unasked == []


def test_a_stranger_may_do_nothing(workspace: Workspace) -> None:
    assert policy(make_user(), workspace).permissions == frozenset()


def test_someone_switched_off_may_do_nothing(workspace: Workspace, owner: User) -> None:
    owner.is_active = False

    assert policy(owner, workspace).permissions == frozenset()


def test_require_raises_what_is_not_allowed(workspace: Workspace) -> None:
    reader = make_member(workspace=workspace, role=Role.READER)

    policy(reader, workspace).require(Permission.VIEW_REPORTS)
    with pytest.raises(Forbidden):
        policy(reader, workspace).require(Permission.LAUNCH_CAMPAIGN)
