"""The role that a person has by the groups of the directory."""

import re
from collections.abc import Collection

from textwell.accounts.actions import change_role
from textwell.accounts.models import DirectoryPerson, Membership, Role, Workspace

LEAST = Role.READER  # whoever comes without a group that gives a role
_NAMES = {
    **{role.value: role for role in Role if role != Role.OWNER},
    "administrator": Role.ADMIN,
    "read only": Role.READER,
}


def role_of_name(display_name: str) -> str:
    """The role that "Textwell marketers" gives by its name alone; "" for none.

    Never the owner's, and never without the word Textwell: a company has groups of agents and
    administrators that mean something else.
    """
    words = re.findall(r"[a-z]+", display_name.lower())
    if len(words) < 2 or words[0] != "textwell":  # noqa: PLR2004 - the product and a role
        return ""
    name = " ".join(words[1:])
    found = _NAMES.get(name) or _NAMES.get(name.removesuffix("s"))
    return found.value if found else ""


def role_by_groups(person: DirectoryPerson) -> Role | None:
    """The role of the person's groups that can do most; None if none of them gives one."""
    given = set(person.groups.exclude(role="").values_list("role", flat=True))
    return next((role for role in Role if role.value in given), None)


def follow_groups(*, workspace: Workspace, people: Collection[int], actor: str) -> None:
    """Give people (ids of `DirectoryPerson`) the roles of their groups, in the caller's transaction.

    What somebody gave by hand stays where no group gives a role, and an owner made by hand stays one.

    Raises:
        Conflict: it would leave the workspace without an owner.
    """
    found = DirectoryPerson.objects.filter(workspace=workspace, id__in=people)
    for person in found.select_related("user").prefetch_related("groups").order_by("id"):
        _follow(workspace, person, actor)


def _follow(workspace: Workspace, person: DirectoryPerson, actor: str) -> None:
    membership = Membership.objects.filter(workspace=workspace, user=person.user).first()
    if membership is None:
        return
    wanted = role_by_groups(person)
    is_ours = membership.role == person.given_role
    if wanted is None:
        if is_ours:
            change_role(workspace=workspace, user=person.user, role=LEAST, actor=actor)
        _note(person, "")
    elif is_ours or membership.role != Role.OWNER:
        change_role(workspace=workspace, user=person.user, role=wanted, actor=actor)
        _note(person, wanted.value)


def _note(person: DirectoryPerson, role: str) -> None:
    if person.given_role != role:
        person.given_role = role
        person.save(update_fields=["given_role"])
