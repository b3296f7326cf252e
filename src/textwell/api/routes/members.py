"""Who belongs to the workspace, and who is invited. A key gives and takes every role but the owner's."""

from django.db.models import QuerySet
from django.urls import reverse
from ninja import Router, Status

from textwell.accounts.actions import change_role
from textwell.accounts.invitations import invite_member, list_invitations, revoke_invitation
from textwell.accounts.leaving import expel_member
from textwell.accounts.models import Invitation, Membership, Role, Workspace
from textwell.accounts.policy import ROLE_PERMISSIONS, Policy, grantable_roles
from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.paging import PagingQuery, make_page
from textwell.api.schemas.base import Page
from textwell.api.schemas.members import (
    InvitationIn,
    InvitationMade,
    InvitationOut,
    MemberOut,
    RoleIn,
)
from textwell.core.errors import Forbidden, NotFound
from textwell.core.settings import load_settings

router = Router(tags=["Members"])
MAY = ApiKey(Scope.MEMBERS_MANAGE)
_GRANTABLE = grantable_roles(Policy(ROLE_PERMISSIONS[Role.ADMIN]))


def _workspace(request: KeyRequest) -> Workspace:
    return Workspace.objects.get(id=request.auth.workspace_id)


def _members(request: KeyRequest) -> QuerySet[Membership]:
    found = Membership.objects.filter(workspace_id=request.auth.workspace_id)
    return found.select_related("user")


def _access(request: KeyRequest, user_id: int) -> Membership:
    """A member whose role a key may give and take."""
    present = _members(request).filter(user_id=user_id).first()
    if present is None:
        raise NotFound("member", user_id)
    _check_grantable(Role(present.role))
    return present


def _check_grantable(role: Role) -> None:
    if role not in _GRANTABLE:
        raise Forbidden(role.label)


def _shown(present: Membership) -> dict[str, object]:
    user = present.user
    return {
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "role": present.role,
        "created_at": present.created_at,
    }


def _shown_invitation(invitation: Invitation) -> dict[str, object]:
    return {name: getattr(invitation, name) for name in InvitationOut.model_fields}


@router.get("/members", auth=MAY, response=Page[MemberOut])
def list_members(request: KeyRequest, paging: PagingQuery) -> dict[str, object]:
    """The people who may use the workspace, the oldest first."""
    rows = _members(request).filter(id__gt=paging.after_id() or 0).order_by("id")
    return make_page(
        list(rows[: paging.limit + 1]),
        limit=paging.limit,
        shown=_shown,
        cursor=lambda present: present.id,
    )


@router.patch("/members/{int:user_id}", auth=MAY, response=MemberOut)
def change(request: KeyRequest, user_id: int, wanted: RoleIn) -> dict[str, object]:
    """Give a member another role. 403 for owners, and for the owner's role."""
    present = _access(request, user_id)
    _check_grantable(wanted.role)
    change_role(
        workspace=_workspace(request),
        user=present.user,
        role=wanted.role,
        actor=request.auth.actor,
    )
    present.refresh_from_db()
    return _shown(present)


@router.delete("/members/{int:user_id}", auth=MAY, response={204: None})
def remove(request: KeyRequest, user_id: int) -> Status[None]:
    """Take a person out of the workspace, at once; the account stays. 403 for owners.

    API keys that they made here, and keys made by those, are refused from then on; open invitations to
    their address end.
    """
    present = _access(request, user_id)
    expel_member(workspace=_workspace(request), user=present.user, actor=request.auth.actor)
    return Status(204, None)


@router.get("/invitations", auth=MAY, response=Page[InvitationOut])
def list_open(request: KeyRequest, paging: PagingQuery) -> dict[str, object]:
    """Invitations that still open the door, newest first."""
    before = paging.after_id()
    found = list_invitations(_workspace(request))  # a few: they end after a week
    rows = [each for each in found if not before or each.id < before]
    return make_page(
        rows[: paging.limit + 1],
        limit=paging.limit,
        shown=_shown_invitation,
        cursor=lambda invitation: invitation.id,
    )


@router.post("/invitations", auth=MAY, response={201: InvitationMade})
def invite(request: KeyRequest, new: InvitationIn) -> Status[dict[str, object]]:
    """Invite a person. The answer holds the link, this once; no mail is sent, that is up to you.

    An older invitation to the same address ends. 409 for a member.
    """
    _check_grantable(new.role)
    invitation, token = invite_member(
        workspace=_workspace(request),
        email=new.email,
        role=new.role,
        actor=request.auth.actor,
    )
    link = load_settings().public_url.rstrip("/") + reverse("web:invitation", args=[token])
    return Status(201, _shown_invitation(invitation) | {"link": link})


@router.delete("/invitations/{int:invitation_id}", auth=MAY, response={204: None})
def revoke(request: KeyRequest, invitation_id: int) -> Status[None]:
    """Close the door that it opens. Twice is once."""
    revoke_invitation(
        workspace=_workspace(request), invitation_id=invitation_id, actor=request.auth.actor
    )
    return Status(204, None)
