"""Groups as a directory keeps them, and the role that an owner has chosen for each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from textwell.accounts.actions import JsonObject, audit_row
from textwell.accounts.directory.errors import NameTaken
from textwell.accounts.directory.people import adopt, known_accounts, locked
from textwell.accounts.directory.roles import follow_groups, role_of_name
from textwell.accounts.models import DirectoryGroup, DirectoryPerson, Role, Workspace
from textwell.core.errors import FieldError, NotFound

LONGEST_NAME = 254


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """What a directory says of a group; `user_ids` are its people, all of them."""

    display_name: str
    external_id: str
    user_ids: Collection[int]


def list_groups(workspace: Workspace) -> list[DirectoryGroup]:
    """Groups of a workspace by name, with their people at hand."""
    found = DirectoryGroup.objects.filter(workspace=workspace).prefetch_related("people__user")
    return list(found.order_by("display_name", "id"))


def access_group(workspace: Workspace, group_id: int) -> DirectoryGroup:
    """Raises NotFound: there is none of that number here."""
    group = DirectoryGroup.objects.filter(workspace=workspace, id=group_id).first()
    if group is None:
        raise NotFound("group", group_id)
    return group


def create_group(*, workspace: Workspace, facts: GroupFacts, actor: str) -> DirectoryGroup:
    """A group with its people; its role follows from its name (`role_of_name`), else it has none.

    Raises:
        NameTaken: there is a group of this name.
        FieldError: a text or a person cannot be used.
        Conflict: it would leave the workspace without an owner.
    """
    with locked(workspace):
        _check(workspace, facts, besides=None)
        group = DirectoryGroup.objects.create(
            workspace=workspace,
            display_name=facts.display_name,
            external_id=facts.external_id,
            role=role_of_name(facts.display_name),
        )
        after = {"name": group.display_name, "role": group.role}
        _audit(group, actor, "directory.group_created", after=after)
        _set_people(workspace, group, facts.user_ids, actor)
    return group


def change_group(
    *, workspace: Workspace, group_id: int, facts: GroupFacts, actor: str
) -> DirectoryGroup:
    """Make a group as the directory says. A new name changes no role.

    Raises:
        NotFound: there is none of that number here.
        NameTaken, FieldError, Conflict: as `create_group`.
    """
    with locked(workspace):
        group = access_group(workspace, group_id)
        _check(workspace, facts, besides=group)
        before = {"name": group.display_name}
        if (group.display_name, group.external_id) != (facts.display_name, facts.external_id):
            group.display_name, group.external_id = facts.display_name, facts.external_id
            group.save(update_fields=["display_name", "external_id", "changed_at"])
            after = {"name": group.display_name}
            _audit(group, actor, "directory.group_changed", before=before, after=after)
        _set_people(workspace, group, facts.user_ids, actor)
    return group


def delete_group(*, workspace: Workspace, group_id: int, actor: str) -> None:
    """Forget a group; its people stay and lose the role that they had by it.

    Raises:
        NotFound: there is none of that number here.
        Conflict: it would leave the workspace without an owner.
    """
    with locked(workspace):
        group = access_group(workspace, group_id)
        people = list(group.people.values_list("id", flat=True))
        _audit(group, actor, "directory.group_deleted", before={"name": group.display_name})
        group.delete()
        follow_groups(workspace=workspace, people=people, actor=actor)


def set_group_role(*, workspace: Workspace, group_id: int, role: str, actor: str) -> None:
    """Choose what the people of a group may do; "" is no role. It holds at once.

    Raises:
        NotFound: there is none of that number here.
        Conflict: it would leave the workspace without an owner.
    """
    with locked(workspace):
        group = access_group(workspace, group_id)
        if group.role == role:
            return
        before, group.role = group.role, Role(role).value if role else ""
        group.save(update_fields=["role"])
        _audit(
            group,
            actor,
            "directory.group_role_changed",
            before={"role": before},
            after={"role": role},
        )
        people = list(group.people.values_list("id", flat=True))
        follow_groups(workspace=workspace, people=people, actor=actor)


def _check(workspace: Workspace, facts: GroupFacts, besides: DirectoryGroup | None) -> None:
    named: Sequence[tuple[str, str]] = (
        ("displayName", facts.display_name),
        ("externalId", facts.external_id),
    )
    for field, value in named:
        if len(value) > LONGEST_NAME:
            problem = _("has more than %(count)d characters") % {"count": LONGEST_NAME}
            raise FieldError(field, problem, _("Shorten it."))
    others = DirectoryGroup.objects.filter(
        workspace=workspace, display_name__iexact=facts.display_name
    )
    if besides is not None:
        others = others.exclude(id=besides.id)
    if others.exists():
        raise NameTaken(_("There is a group of this name already."))


def _set_people(
    workspace: Workspace, group: DirectoryGroup, user_ids: Collection[int], actor: str
) -> None:
    """Raises FieldError: one of them is not known here."""
    users = list(known_accounts(workspace).filter(id__in=user_ids))
    unknown = set(user_ids) - {user.id for user in users}
    if unknown:
        problem = _("names nobody of this workspace: %(id)s") % {"id": min(unknown)}
        raise FieldError("members", problem, _("Provision the person first."))
    wanted = {adopt(workspace, user).id for user in users}
    present = set(group.people.values_list("id", flat=True))
    changed = wanted ^ present
    if not changed:
        return
    group.people.set(DirectoryPerson.objects.filter(id__in=wanted))
    group.save(update_fields=["changed_at"])
    after = {"count": len(wanted)}
    _audit(group, actor, "directory.group_people", before={"count": len(present)}, after=after)
    follow_groups(workspace=workspace, people=changed, actor=actor)


def _audit(
    group: DirectoryGroup,
    actor: str,
    action: str,
    *,
    before: JsonObject | None = None,
    after: JsonObject | None = None,
) -> None:
    audit_row(group, "directory_group", actor, action, before=before, after=after)
