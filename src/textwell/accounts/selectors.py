"""Reads of accounts. What is foreign is not found, so that nobody learns what exists."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from textwell.accounts.models import (
    ApiKey,
    AuditEntry,
    DirectoryToken,
    Membership,
    Role,
    User,
    Workspace,
)
from textwell.accounts.secrets import find_by_secret, split_secret
from textwell.accounts.types import AuditFilter
from textwell.core.errors import Conflict, NotFound

KEY_MARK = "tw"
ALL_ENTRIES = AuditFilter()


def list_workspaces(user: User) -> list[Workspace]:
    """Workspaces that the person belongs to, oldest membership first."""
    return [membership.workspace for membership in _memberships(user)]


def _memberships(user: User) -> list[Membership]:
    if not user.is_active:
        return []
    return list(Membership.objects.filter(user=user).select_related("workspace").order_by("id"))


def access_membership(*, user: User, workspace_id: int | None = None) -> Membership:
    """The person's part in the workspace asked for, or in their first one; one query.

    Raises:
        NotFound: there is none, or it is not theirs: both look the same.
    """
    for membership in _memberships(user):
        if workspace_id is None or membership.workspace_id == workspace_id:
            return membership
    raise NotFound("workspace", "" if workspace_id is None else workspace_id)


def access_workspace(*, user: User, workspace_id: int | None = None) -> Workspace:
    """The workspace asked for, or the person's first one; as `access_membership`."""
    return access_membership(user=user, workspace_id=workspace_id).workspace


def home_country(workspace_id: int) -> str:
    """The workspace's country, in which numbers without a country code are read."""
    return Workspace.objects.values_list("country", flat=True).get(id=workspace_id)


def split_key(text: str) -> tuple[str, str] | None:
    """(prefix, secret) of `tw_<prefix>_<secret>`; None if it has another form."""
    return split_secret(text, KEY_MARK)


def find_api_key(secret: str) -> ApiKey | None:
    """The key that a program shows as `tw_<prefix>_<secret>`; None if wrong, unknown or revoked."""
    return find_by_secret(ApiKey.objects.select_related("workspace"), secret, KEY_MARK)


def list_api_keys(workspace_id: int) -> QuerySet[ApiKey]:
    """Keys of a workspace, newest first, revoked ones too."""
    return ApiKey.objects.filter(workspace_id=workspace_id).order_by("-id")


def access_api_key(workspace_id: int, key_id: int) -> ApiKey:
    key = ApiKey.objects.filter(workspace_id=workspace_id, id=key_id).first()
    if key is None:
        raise NotFound("API key", key_id)
    return key


def audit_entries(workspace_id: int, which: AuditFilter) -> QuerySet[AuditEntry]:
    """What was changed, in no order yet."""
    found = AuditEntry.objects.filter(workspace_id=workspace_id)
    if which.actor:
        found = found.filter(actor=which.actor)
    if which.action:
        found = found.filter(action__startswith=which.action)
    if which.subject:
        found = found.filter(subject=which.subject)
    if which.since:
        found = found.filter(at__gte=which.since)
    return found.filter(at__lte=which.until) if which.until else found


def list_audit(
    workspace_id: int,
    *,
    which: AuditFilter = ALL_ENTRIES,
    before_id: int | None = None,
    limit: int = 50,
) -> list[AuditEntry]:
    """What was changed, newest first, a page at a time."""
    found = audit_entries(workspace_id, which)
    if before_id is not None:
        found = found.filter(id__lt=before_id)
    return list(found.order_by("-id")[:limit])


def list_latest_entries(
    workspace_id: int, action: str, subjects: Collection[str]
) -> dict[str, AuditEntry]:
    """By subject: the latest entry of the action, where there is one."""
    found = AuditEntry.objects.filter(
        workspace_id=workspace_id, action=action, subject__in=list(subjects)
    )
    latest = found.order_by("subject", "-id").distinct("subject")
    return {entry.subject: entry for entry in latest}


def name_actors(actors: Collection[str]) -> dict[str, str]:
    """Actors of the audit log as people know them; those that are nobody any more are left out."""
    numbers: dict[str, list[int]] = {"user": [], "key": [], "directory": []}
    for actor in actors:
        kind, _colon, number = actor.partition(":")
        if kind in numbers and number.isdigit():
            numbers[kind].append(int(number))
    users = User.objects.in_bulk(numbers["user"])
    keys = ApiKey.objects.in_bulk(numbers["key"])
    directories = DirectoryToken.objects.in_bulk(numbers["directory"])
    return (
        {f"user:{pk}": user.name or user.email for pk, user in users.items()}
        | {f"key:{pk}": f"{key.name} (API)" for pk, key in keys.items()}
        | {f"directory:{pk}": f"{each.name} (SCIM)" for pk, each in directories.items()}
    )


def person_behind(actor: str) -> int | None:
    """The id of the person who acts, or who made the key that does; None if nobody is known."""
    kind, _colon, number = actor.partition(":")
    if not number.isdigit():
        return None
    if kind == "user":
        return int(number)
    if kind != "key":
        return None
    return ApiKey.objects.filter(id=int(number)).values_list("created_by_id", flat=True).first()


def manages_every_workspace(actor: str) -> bool:
    """Whether who acts, or made the key that does, owns each workspace of this installation."""
    owned = Membership.objects.filter(
        user_id=person_behind(actor) or 0, user__is_active=True, role=Role.OWNER
    )
    return not Workspace.objects.exclude(id__in=owned.values("workspace_id")).exists()


def access_person_behind(actor: str) -> User:
    """The person who acts, or who made the key that does. Raises Conflict if nobody is known."""
    found = User.objects.filter(id=person_behind(actor) or 0, is_active=True).first()
    if found is None:
        raise Conflict(
            _("Nobody is known to be behind this key. Make one on the page Settings, API keys.")
        )
    return found


def people_behind(actor: str) -> list[str]:
    """The actor, and the person who made the key if it is one: they are the same four eyes' two."""
    made_by = person_behind(actor) if actor.startswith("key:") else None
    return [actor] if made_by is None else [actor, f"user:{made_by}"]
