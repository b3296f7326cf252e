"""Reads of people for other modules; the workspace comes first."""

from django.db.models import F

from textwell.contacts.choosing import PeopleFilter, matching
from textwell.contacts.models import Contact, ContactList, FieldDefinition, ListMember
from textwell.contacts.statistics import refresh_people_statistics
from textwell.core.errors import NotFound

MAX_LIMIT = 500
WALKED = 20_000  # people


def access_contact(workspace_id: int, contact_id: int) -> Contact:
    """Raises NotFound; a person of another workspace looks the same as none."""
    contact = Contact.objects.filter(workspace_id=workspace_id, id=contact_id).first()
    if contact is None:
        raise NotFound("contact", contact_id)
    return contact


def has_people(workspace_id: int) -> bool:
    """Whether a workspace has anybody: by their index, whatever of the table is empty."""
    people = Contact.objects.filter(workspace_id=workspace_id).order_by("id")
    return people.values_list("id", flat=True).first() is not None


def find_contact(workspace_id: int, msisdn: str) -> Contact | None:
    """The person with this number in E.164, or None."""
    return Contact.objects.filter(workspace_id=workspace_id, msisdn=msisdn).first()


def list_contacts(
    workspace_id: int,
    *,
    search: str = "",
    list_id: int | None = None,
    tag: str | None = None,
    after_id: int | None = None,
    limit: int = 50,
) -> list[Contact]:
    """People by rising id, `limit` at most (500); `after_id` is the last id of the page before.

    `search` is the beginning of a number (with or without +) or of a first or last name.
    """
    wanted = PeopleFilter(search, list_id, tag)
    limit = max(1, min(limit, MAX_LIMIT))
    if list_id is not None and wanted.is_list_alone:
        members = ListMember.objects.filter(list_id=list_id, contact_id__gt=after_id or 0)
        ids = members.order_by("contact_id").values_list("contact_id", flat=True)[:limit]
        people = Contact.objects.filter(workspace_id=workspace_id, id__in=list(ids))
        return list(people.order_by("id"))
    if list_id is not None:
        refresh_people_statistics(workspace_id)
    people = matching(workspace_id, wanted).filter(id__gt=after_id or 0)
    if tag is not None and (last_id := _find_walk_end(workspace_id, after_id or 0)):
        near = list(people.filter(id__lte=last_id).order_by("id")[:limit])
        if len(near) == limit:
            return near
    # PostgreSQL cannot guess that a tag is rare, nor that of all numbers which may be meant hardly one is
    # anybody's, and would walk through everybody by id to find a page of three people; an order that no
    # index has sends it to the index of the tags or numbers.
    is_rare = tag is not None or wanted.is_one_number
    return list(people.order_by(F("id") + 0 if is_rare else F("id"))[:limit])


def _find_walk_end(workspace_id: int, after_id: int) -> int | None:
    """The last id of a walk by id that is shorter than reading all people of a common tag."""
    people = Contact.objects.filter(workspace_id=workspace_id, id__gt=after_id).order_by("id")
    return people.values_list("id", flat=True)[WALKED : WALKED + 1].first()


def count_contacts(
    workspace_id: int,
    *,
    search: str = "",
    list_id: int | None = None,
    tag: str | None = None,
    most: int,
) -> int:
    """How many people the filter finds; stops at `most`, so that a large workspace costs no more."""
    wanted = PeopleFilter(search, list_id, tag)
    if list_id is not None and wanted.is_list_alone:
        mine = ContactList.objects.filter(workspace_id=workspace_id, id=list_id)
        return ListMember.objects.filter(list_id__in=mine.values("id")).order_by()[:most].count()
    return matching(workspace_id, wanted).order_by()[:most].count()


def list_fields(workspace_id: int) -> list[FieldDefinition]:
    return list(FieldDefinition.objects.filter(workspace_id=workspace_id).order_by("name"))


def list_lists(workspace_id: int) -> list[ContactList]:
    return list(ContactList.objects.filter(workspace_id=workspace_id).order_by("name"))


def list_test_lists(workspace_id: int) -> list[ContactList]:
    """Those whose people get test sends, by name."""
    return [each for each in list_lists(workspace_id) if each.is_for_tests]


def access_list(workspace_id: int, list_id: int, *, is_locked: bool = False) -> ContactList:
    """A list of the workspace; `is_locked` keeps others from changing it until the commit.

    Raises:
        NotFound: there is no such list in the workspace.
    """
    lists = ContactList.objects.select_for_update() if is_locked else ContactList.objects.all()
    found = lists.filter(workspace_id=workspace_id, id=list_id).first()
    if found is None:
        raise NotFound("list", list_id)
    return found


def count_list(workspace_id: int, list_id: int) -> int:
    access_list(workspace_id, list_id)
    return ListMember.objects.filter(list_id=list_id).count()
