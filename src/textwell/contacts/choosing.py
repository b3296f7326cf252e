"""Which people are meant: by their ids, or all whom a search, a list or a tag finds."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Q, QuerySet

from textwell.contacts.models import Contact, ListMember
from textwell.text import list_possible_numbers

ABROAD = "00"  # is dialled before the country code
LEAST_HOME = 7  # digits of a number written as at home, its zero counted: it must be whole


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What the contacts page filters by; all that is given must hold, nothing given is everybody.

    `search` is the beginning of a number (with or without +) or of a first or last name.
    """

    search: str = ""
    list_id: int | None = None
    tag: str | None = None

    @property
    def is_everybody(self) -> bool:
        return not (self.search.strip() or self.list_id or self.tag)

    @property
    def is_one_number(self) -> bool:
        """A whole number is searched for, written as at home: one person or two, whatever is expected."""
        return _digits(self.search).startswith("0") and not _digits(self.search).startswith(ABROAD)

    @property
    def is_list_alone(self) -> bool:
        """All of a list: nobody else need be looked at."""
        return self.list_id is not None and self.tag is None and not self.search.strip()

    def to_json(self) -> dict[str, Any]:
        """What `PeopleFilter(**…)` takes again."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Chosen:
    """People of one workspace: those of `ids` if given, else all whom `filter` finds."""

    ids: Sequence[int] | None = None
    filter: PeopleFilter = PeopleFilter()

    def people(self, workspace_id: int) -> "QuerySet[Contact]":
        """People of other workspaces are left out, whatever `ids` says."""
        if self.ids is None:
            return matching(workspace_id, self.filter)
        return Contact.objects.filter(workspace_id=workspace_id, id__in=list(self.ids))


def matching(workspace_id: int, wanted: PeopleFilter) -> "QuerySet[Contact]":
    """The people whom the filter finds, in no order."""
    people = Contact.objects.filter(workspace_id=workspace_id)
    if wanted.search.strip():
        people = people.filter(_search(wanted.search.strip()))
    if wanted.list_id is not None:
        members = ListMember.objects.filter(list_id=wanted.list_id).values("contact_id")
        people = people.filter(id__in=members)
    if wanted.tag is not None:
        people = people.filter(tags__contains=[wanted.tag])
    return people


def _digits(text: str) -> str:
    """The text without what stands between digits."""
    return text.translate(str.maketrans("", "", " -.()/+"))


def numbers_beginning(text: str) -> Q | None:
    """Rows whose `msisdn` begins so, or is this number written as at home; None: the text is no number."""
    digits = _digits(text)
    return _number_prefix(digits) if digits.isascii() and digits.isdigit() else None


def _search(text: str) -> Q:
    by_number = numbers_beginning(text)
    if by_number is not None:
        return by_number
    first, _, last = text.partition(" ")
    query = _name_prefix("first_name", text) | _name_prefix("last_name", text)
    if last:
        query |= _name_prefix("first_name", first) & _name_prefix("last_name", last.strip())
        query |= _name_prefix("last_name", first) & _name_prefix("first_name", last.strip())
    return query


def _number_prefix(digits: str) -> Q:
    """A range, so that the unique index on (workspace, msisdn) serves in any collation."""
    if len(digits) > len(ABROAD):
        digits = digits.removeprefix(ABROAD)
    if digits.startswith("0"):  # written as at home, whichever country that is
        return (
            Q(msisdn__in=list_possible_numbers(digits)) if len(digits) >= LEAST_HOME else Q(pk=None)
        )
    prefix = f"+{digits}"
    query = Q(msisdn__gte=prefix, msisdn__startswith=prefix)
    bare = digits.rstrip("9")
    if bare:
        query &= Q(msisdn__lt=f"+{bare[:-1]}{int(bare[-1]) + 1}")
    return query


def _name_prefix(column: str, text: str) -> Q:
    return Q(**{f"{column}__istartswith": text})
