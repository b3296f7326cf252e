"""What a directory is told of the people of its workspace."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from textwell.accounts.directory.people import known_accounts
from textwell.accounts.models import DirectoryPerson, Membership, User, Workspace


@dataclass(frozen=True, slots=True)
class Entry:
    """A person as the directory sees them; `groups` are (id, name)."""

    user_id: int
    user_name: str
    address: str
    is_active: bool
    external_id: str
    given_name: str
    family_name: str
    display_name: str
    groups: tuple[tuple[int, str], ...]
    created_at: datetime
    changed_at: datetime


def find_accounts(
    workspace: Workspace, *, attribute: str | None = None, value: str = ""
) -> QuerySet[User]:
    """Known accounts in a steady order; of one value of `id`, `user_name`, `address` or `external_id`.

    User names and addresses in any case, as the RFC has them.
    """
    found = known_accounts(workspace).order_by("id")
    named = DirectoryPerson.objects.filter(workspace=workspace)
    match attribute:
        case "id":
            return found.filter(id=int(value)) if value.isdecimal() else found.none()
        case "address":
            return found.filter(email__iexact=value)
        case "external_id":
            return found.filter(id__in=named.filter(external_id=value).values("user_id"))
        case "user_name":
            is_named = Exists(named.filter(user_id=OuterRef("pk")))
            by_name = named.filter(user_name__iexact=value).values("user_id")
            return found.filter(Q(id__in=by_name) | (Q(email__iexact=value) & ~is_named))
    return found


def read_entries(workspace: Workspace, users: Collection[User]) -> list[Entry]:
    """One entry for each account, in the order given; four queries, however many."""
    ids = [user.id for user in users]
    named = DirectoryPerson.objects.filter(workspace=workspace, user_id__in=ids)
    people = {each.user_id: each for each in named.prefetch_related("groups")}
    members = set(
        Membership.objects.filter(workspace=workspace, user_id__in=ids).values_list(
            "user_id", flat=True
        )
    )
    return [_entry(user, people.get(user.id), is_active=user.id in members) for user in users]


def _entry(user: User, person: DirectoryPerson | None, *, is_active: bool) -> Entry:
    groups = person.groups.all() if person else []
    # What somebody calls themselves elsewhere is not for the directory of a workspace they are not in.
    is_ours = is_active or (person is not None and person.is_account_made)
    own_name = user.name if is_ours else ""
    return Entry(
        user_id=user.id,
        user_name=person.user_name if person else user.email,
        address=user.email,
        is_active=is_active,
        external_id=person.external_id if person else "",
        given_name=person.given_name if person else "",
        family_name=person.family_name if person else "",
        display_name=(person.display_name if person else "") or own_name,
        groups=tuple(sorted((group.id, group.display_name) for group in groups)),
        created_at=person.created_at if person else user.created_at,
        changed_at=person.changed_at if person else user.created_at,
    )
