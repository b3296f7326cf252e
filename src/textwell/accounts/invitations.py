"""Invitations: the only way to an account after the first one."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from textwell.accounts.actions import add_member, audit_row, read_email
from textwell.accounts.models import Invitation, Membership, Role, User, Workspace
from textwell.accounts.secrets import hash_secret
from textwell.core.clock import now
from textwell.core.errors import Conflict, NotFound

VALID_FOR = timedelta(days=7)


def invite_member(
    *, workspace: Workspace, email: str, role: Role, actor: str
) -> tuple[Invitation, str]:
    """An invitation and its token, which is never shown again. An older one to the address ends.

    Raises:
        FieldError: the address cannot be used.
        Conflict: the person is a member already.
    """
    address = read_email(email)
    if Membership.objects.filter(workspace=workspace, user__email=address).exists():
        raise Conflict(_("This person is a member already."))
    token = secrets.token_urlsafe(32)
    user_id = actor.removeprefix("user:") if actor.startswith("user:") else ""
    with transaction.atomic():
        _open(workspace).filter(email=address).update(revoked_at=now())
        invitation = Invitation.objects.create(
            workspace=workspace,
            email=address,
            role=role,
            token_hash=hash_secret(token),
            created_by_id=int(user_id) if user_id else None,
            expires_at=now() + VALID_FOR,
        )
        _audit(invitation, actor, "invitations.created")
    return invitation, token


def _open(workspace: Workspace) -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        workspace=workspace, accepted_at=None, revoked_at=None, expires_at__gt=now()
    )


def list_invitations(workspace: Workspace) -> list[Invitation]:
    """Those that still open the door, newest first."""
    return list(_open(workspace).select_related("created_by").order_by("-id"))


def revoke_invitation(*, workspace: Workspace, invitation_id: int, actor: str) -> None:
    """Close it. Twice is once.

    Raises:
        NotFound: there is none of that number here.
    """
    invitation = Invitation.objects.filter(workspace=workspace, id=invitation_id).first()
    if invitation is None:
        raise NotFound("invitation", invitation_id)
    with transaction.atomic():
        if _open(workspace).filter(id=invitation_id).update(revoked_at=now()):
            _audit(invitation, actor, "invitations.revoked")


def revoke_invitations_to(*, workspace: Workspace, email: str, actor: str) -> None:
    """Close what is open to an address: its holder is to come in no more."""
    for invitation in _open(workspace).filter(email=email):
        revoke_invitation(workspace=workspace, invitation_id=invitation.id, actor=actor)


def find_invitation(token: str) -> Invitation | None:
    """The open invitation of this token; None if it is unknown, used, revoked or too old."""
    return (
        Invitation.objects.select_related("workspace")
        .filter(
            token_hash=hash_secret(token),
            accepted_at=None,
            revoked_at=None,
            expires_at__gt=now(),
        )
        .first()
    )


def accept_invitation(
    *, token: str, password: str | None = None, name: str = "", language: str = "en"
) -> User:
    """Make the invited person a member, with an account if there is none for the address.

    The caller has made sure that an existing account is the one that asks. A token works once: of
    two at the same time the second is refused.

    Raises:
        NotFound: the invitation is unknown, used, revoked or too old.
        FieldError: the password cannot be used.
    """
    with transaction.atomic():
        found = find_invitation(token)
        claimed = found and Invitation.objects.filter(
            id=found.id, accepted_at=None, revoked_at=None
        ).update(accepted_at=now())
        if found is None or not claimed:
            raise NotFound("invitation")
        is_new = not User.objects.filter(email=found.email).exists()
        user = add_member(
            workspace=found.workspace,
            email=found.email,
            role=Role(found.role),
            password=password,
            name=name,
            actor=f"invitation:{found.id}",
        )
        if is_new:
            zone = found.workspace.zone
            User.objects.filter(id=user.id).update(language=language, zone=zone)
    user.refresh_from_db()
    return user


def _audit(invitation: Invitation, actor: str, action: str) -> None:
    after = {"email": invitation.email, "role": invitation.role}
    audit_row(invitation, "invitation", actor, action, after=after)
