"""Writes of accounts: new workspaces, people and the audit log.

What a workspace chooses is in `workspaces`, API keys are in `keys`.
"""

import json
from typing import Any, Protocol

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.events import MemberChanged
from textwell.accounts.models import AuditEntry, Membership, Role, User, Workspace
from textwell.core.errors import Conflict, FieldError
from textwell.core.events import publish_now
from textwell.core.zones import known_zones

JsonObject = dict[str, Any]  # Any: JSON values


class Owned(Protocol):
    """A row that belongs to a workspace."""

    id: int
    workspace_id: int


def record_audit(
    *,
    workspace_id: int,
    actor: str,
    action: str,
    subject: str = "",
    before: JsonObject | None = None,
    after: JsonObject | None = None,
    reason: str = "",
) -> AuditEntry:
    """Write who changed what, in the caller's transaction: it commits with the change or not at all.

    Times, decimals and lazy texts in `before` and `after` become text. Entries are never changed:
    the database refuses.
    """
    given = {"before": before, "after": after}
    data = {name: value for name, value in given.items() if value is not None}
    return AuditEntry.objects.create(
        workspace_id=workspace_id,
        actor=actor,
        action=action,
        subject=subject,
        data=json.loads(json.dumps(data, cls=DjangoJSONEncoder)),
        reason=reason,
    )


def audit_row(
    row: Owned,
    kind: str,
    actor: str,
    action: str,
    *,
    before: JsonObject | None = None,
    after: JsonObject | None = None,
    reason: str = "",
) -> None:
    """`record_audit` about one thing of a workspace; `kind` is what it is called in the log."""
    record_audit(
        workspace_id=row.workspace_id,
        actor=actor,
        action=action,
        subject=f"{kind}:{row.id}",
        before=before,
        after=after,
        reason=reason,
    )


def audit_person(
    *, user: User, action: str, before: JsonObject | None = None, after: JsonObject | None = None
) -> None:
    """Write what a person changed of the own account into the log of every workspace they are in."""
    actor = f"user:{user.id}"
    for workspace_id in user.memberships.values_list("workspace_id", flat=True):
        record_audit(
            workspace_id=workspace_id,
            actor=actor,
            action=action,
            subject=actor,
            before=before,
            after=after,
        )


def create_workspace(
    *,
    name: str,
    country: str,
    language: str = "en",
    zone: str = "UTC",
    currency: str = "EUR",
    is_sandbox: bool = False,
    actor: str = "system",
) -> Workspace:
    """A new tenant, with its own key for short links. A sandbox never reaches a real carrier.

    Raises:
        FieldError: name, country, zone or currency cannot be used.
    """
    _check_workspace(name=name, country=country, zone=zone, currency=currency)
    with transaction.atomic():
        workspace = Workspace.objects.create(
            name=name.strip(),
            country=country,
            language=language,
            zone=zone,
            currency=currency,
            is_sandbox=is_sandbox,
        )
        record_audit(
            workspace_id=workspace.id,
            actor=actor,
            action="workspace.created",
            subject=f"workspace:{workspace.id}",
            after={"name": workspace.name, "country": country, "is_sandbox": is_sandbox},
        )
    return workspace


def _check_workspace(*, name: str, country: str, zone: str, currency: str) -> None:
    if not name.strip():
        raise FieldError("name", _("is empty"), _("Write the name of the brand."))
    if not _is_code(country, 2):
        mend = _("Write two capital letters (ISO 3166-1), such as VN.")
        raise FieldError("country", _("is no country code"), mend)
    if zone not in known_zones():
        mend = _("Write an IANA name, such as Asia/Ho_Chi_Minh.")
        raise FieldError("zone", _("is no time zone"), mend)
    if not _is_code(currency, 3):
        mend = _("Write three capital letters (ISO 4217), such as EUR.")
        raise FieldError("currency", _("is no currency code"), mend)


def _is_code(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isalpha() and text.isupper()


def create_owner(
    *, workspace: Workspace, email: str, password: str, name: str = "", actor: str = "system"
) -> User:
    """The first person of a workspace; an existing person becomes its owner and keeps the password.

    Raises:
        FieldError: the address or the password cannot be used.
    """
    return add_member(
        workspace=workspace, email=email, role=Role.OWNER, password=password, name=name, actor=actor
    )


def add_member(
    *,
    workspace: Workspace,
    email: str,
    role: Role,
    password: str | None = None,
    name: str = "",
    actor: str,
) -> User:
    """Give a person a role in a workspace; an account is made if there is none for the address.

    Without a password a new person cannot sign in until one is set. Calling it twice with the same
    role is safe.

    Raises:
        Conflict: the person has another role here: change that instead.
        FieldError: the address or the password cannot be used.
    """
    address = read_email(email)
    with transaction.atomic():
        # Locked: a directory that gives the account another address does so before this or after it.
        user = User.objects.select_for_update(no_key=True).filter(email=address).first()
        if user is None:
            _check_password(password, address)
            user = User.objects.create_user(email=address, password=password, name=name)
        membership, is_new = Membership.objects.get_or_create(
            user=user, workspace=workspace, defaults={"role": role}
        )
        if membership.role != role:
            raise Conflict(_("This person has another role here. Change the role instead."))
        if is_new:
            _audit_member(workspace, actor, "members.added", user, after=str(role))
    return user


def read_email(email: str) -> str:
    """The address as it is stored.

    Raises:
        FieldError: it is none.
    """
    try:
        validate_email(email.strip())
    except ValidationError as error:
        mend = _("Write it like anna@example.com.")
        raise FieldError("email", _("is no e-mail address"), mend) from error
    return email.strip().lower()


def _check_password(password: str | None, email: str) -> None:
    if password is None:
        return
    try:
        validate_password(password, user=User(email=email))
    except ValidationError as error:
        mend = _("Choose a longer one that is not in common use.")
        raise FieldError("password", " ".join(error.messages), mend) from error


def _audit_member(
    workspace: Workspace,
    actor: str,
    action: str,
    user: User,
    *,
    before: str | None = None,
    after: str | None = None,
) -> None:
    record_audit(
        workspace_id=workspace.id,
        actor=actor,
        action=action,
        subject=f"user:{user.id}",
        before=None if before is None else {"role": before},
        after=None if after is None else {"role": after},
    )


def change_role(*, workspace: Workspace, user: User, role: Role, actor: str) -> None:
    """Give a member another role. The same role again changes nothing.

    Raises:
        Conflict: it would leave the workspace without an owner, or the person is no member.
    """
    with transaction.atomic():
        present = _lock_membership(workspace, user)
        if present.role == role:
            return
        _keep_an_owner(workspace, present)
        before, present.role = present.role, role
        present.save(update_fields=["role"])
        _audit_member(workspace, actor, "members.changed", user, before=before, after=str(role))
        publish_now(MemberChanged(workspace.id, user.id))


def remove_member(*, workspace: Workspace, user: User, actor: str) -> None:
    """Take a person out of a workspace; the account stays.

    Raises:
        Conflict: it would leave the workspace without an owner, or the person is no member.
    """
    with transaction.atomic():
        present = _lock_membership(workspace, user)
        _keep_an_owner(workspace, present)
        _audit_member(workspace, actor, "members.removed", user, before=present.role)
        present.delete()
        publish_now(MemberChanged(workspace.id, user.id))


def _lock_membership(workspace: Workspace, user: User) -> Membership:
    # The workspace row is the lock: two owners who remove each other at once come one by one.
    Workspace.objects.select_for_update().get(id=workspace.id)
    present = Membership.objects.filter(workspace=workspace, user=user).first()
    if present is None:
        raise Conflict(_("This person is no member of the workspace."))
    return present


def _keep_an_owner(workspace: Workspace, leaving: Membership) -> None:
    owners = Membership.objects.filter(workspace=workspace, role=Role.OWNER)
    if leaving.role == Role.OWNER and owners.count() == 1:
        raise Conflict(_("A workspace needs an owner. Make somebody else one first."))
