"""Reads of people for other modules; the workspace comes first."""

from django.db.models import F, Q, QuerySet

from textwell.contacts.models import Contact, ContactList, FieldDefinition, ListMember
from textwell.core.errors import NotFound

MAX_LIMIT = 500
FEW = 5_000


def access_contact(workspace_id: int, contact_id: int) -> Contact:
    """Raises NotFound; a person of another workspace looks the same as none."""
    contact = Contact.objects.filter(workspace_id=workspace_id, id=contact_id).first()
    if contact is None:
        raise NotFound("contact", contact_id)
    return contact


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
    people = _matching(workspace_id, search=search, list_id=list_id, tag=tag)
    if after_id is not None:
        people = people.filter(id__gt=after_id)
    order = F("id") + 0 if tag is not None and _are_few(people) else F("id")
    return list(people.order_by(order)[: max(1, min(limit, MAX_LIMIT))])


def _are_few(people: "QuerySet[Contact]") -> bool:
    """Whether a tag is rare.

    PostgreSQL cannot guess it, and walks through everybody by id to find a page of three people; an
    order that no index has sends it to the tags' own index.
    """
    return people.order_by()[:FEW].count() < FEW


def count_contacts(
    workspace_id: int, *, search: str = "", list_id: int | None = None, tag: str | None = None
) -> int:
    return _matching(workspace_id, search=search, list_id=list_id, tag=tag).count()


def _matching(
    workspace_id: int, *, search: str, list_id: int | None, tag: str | None
) -> "QuerySet[Contact]":
    people = Contact.objects.filter(workspace_id=workspace_id)
    if search.strip():
        people = people.filter(_search(search.strip()))
    if list_id is not None:
        members = ListMember.objects.filter(list_id=list_id).values("contact_id")
        people = people.filter(id__in=members)
    if tag is not None:
        people = people.filter(tags__contains=[tag])
    return people


def _search(text: str) -> Q:
    digits = text.translate(str.maketrans("", "", " -.()/+"))
    if digits.isascii() and digits.isdigit():
        return _number_prefix(digits)
    first, _, last = text.partition(" ")
    query = _name_prefix("first_name", text) | _name_prefix("last_name", text)
    if last:
        query |= _name_prefix("first_name", first) & _name_prefix("last_name", last.strip())
        query |= _name_prefix("last_name", first) & _name_prefix("first_name", last.strip())
    return query


def _number_prefix(digits: str) -> Q:
    """A range, so that the unique index on (workspace, msisdn) serves in any collation."""
    if digits.startswith("0"):  # written as at home: the country is unknown, the end tells
        return Q(msisdn__endswith=digits.lstrip("0")) if len(digits) >= 9 else Q(pk=None)  # noqa: PLR2004 - shorter ends match too many
    prefix = f"+{digits}"
    query = Q(msisdn__gte=prefix, msisdn__startswith=prefix)
    bare = digits.rstrip("9")
    if bare:
        query &= Q(msisdn__lt=f"+{bare[:-1]}{int(bare[-1]) + 1}")
    return query


def _name_prefix(column: str, text: str) -> Q:
    return Q(**{f"{column}__istartswith": text})


def list_fields(workspace_id: int) -> list[FieldDefinition]:
    return list(FieldDefinition.objects.filter(workspace_id=workspace_id).order_by("name"))


def list_lists(workspace_id: int) -> list[ContactList]:
    return list(ContactList.objects.filter(workspace_id=workspace_id).order_by("name"))


def access_list(workspace_id: int, list_id: int) -> ContactList:
    found = ContactList.objects.filter(workspace_id=workspace_id, id=list_id).first()
    if found is None:
        raise NotFound("list", list_id)
    return found


def count_list(workspace_id: int, list_id: int) -> int:
    access_list(workspace_id, list_id)
    return ListMember.objects.filter(list_id=list_id).count()


def list_tags(workspace_id: int, *, limit: int = 200) -> list[str]:
    """Tags in use, most used first: a scan, meant for a page's choice and not for a loop."""
    from django.db import connection

    with connection.cursor() as sql:
        sql.execute(
            "SELECT tag FROM contacts_contact, unnest(tags) AS tag WHERE workspace_id = %s"
            " AND tags <> '{}' GROUP BY tag ORDER BY count(*) DESC, tag LIMIT %s",
            [workspace_id, limit],
        )
        return [row[0] for row in sql.fetchall()]
