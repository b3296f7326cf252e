"""Which role may do what: one table, asked through `policy(user, workspace)`."""

from dataclasses import dataclass

from textwell.accounts.models import Membership, Role, User, Workspace
from textwell.accounts.types import Permission
from textwell.core.errors import Forbidden

P = Permission

_READER = frozenset(
    {P.VIEW_CONTACTS, P.VIEW_CAMPAIGNS, P.VIEW_REPORTS, P.VIEW_GATEWAYS, P.VIEW_INBOX}
)
_ANALYST = _READER | {P.EXPORT_REPORTS}
_AGENT = frozenset(
    {
        P.VIEW_CONTACTS,
        P.EDIT_CONTACTS,
        P.REVEAL_NUMBERS,
        P.RECORD_CONSENT,
        P.VIEW_INBOX,
        P.ANSWER_INBOX,
    }
)
_APPROVER = _READER | {
    P.SEND_TEST,
    P.APPROVE_CAMPAIGN,
    P.LAUNCH_CAMPAIGN,
    P.CONTROL_CAMPAIGN,
    P.STOP_ALL,
}
_MARKETER = (
    _ANALYST
    | _AGENT
    | {P.IMPORT_CONTACTS, P.EXPORT_CONTACTS, P.EDIT_CAMPAIGNS, P.SEND_TEST, P.LAUNCH_CAMPAIGN}
    | {P.CONTROL_CAMPAIGN, P.STOP_ALL, P.SEND_MESSAGES}
)
_ADMIN = frozenset(Permission) - {P.MANAGE_WORKSPACE}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.ADMIN: _ADMIN,
    Role.MARKETER: _MARKETER,
    Role.APPROVER: _APPROVER,
    Role.AGENT: _AGENT,
    Role.ANALYST: _ANALYST,
    Role.READER: _READER,
}


@dataclass(frozen=True, slots=True)
class Policy:
    """The answers for one person in one workspace; empty for a stranger."""

    permissions: frozenset[Permission]

    def allows(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Return if allowed.

        Raises:
            Forbidden: the person belongs to the workspace but may not do this.
        """
        if not self.allows(permission):
            raise Forbidden(permission.value)


def policy(user: User, workspace: Workspace) -> Policy:
    """What `user` may do in `workspace`: nothing without a membership or when switched off."""
    if not user.is_active:
        return Policy(frozenset())
    membership = Membership.objects.filter(user=user, workspace=workspace).first()
    if membership is None:
        return Policy(frozenset())
    return policy_of(membership)


def policy_of(membership: Membership) -> Policy:
    """What somebody may do as the member they are, without a query."""
    return Policy(ROLE_PERMISSIONS[Role(membership.role)])


def grantable_roles(rights: Policy) -> list[Role]:
    """Roles that somebody with these rights may give or take: none that can do more than they."""
    return [
        role for role, permissions in ROLE_PERMISSIONS.items() if permissions <= rights.permissions
    ]
