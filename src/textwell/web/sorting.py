"""Which tables can be sorted by what, and the order that an address names."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

from django.db.models import CharField, F, Model, QuerySet, Value
from django.db.models.functions import Coalesce, Concat, Lower, NullIf

from textwell.contacts.models import SHOWN_NAME
from textwell.core.errors import FieldError
from textwell.core.ordering import (
    Column,
    Sort,
    SortedPage,
    Sorting,
    Window,
    by_moment,
    by_number,
    by_text,
    by_word,
    read_number,
    read_page,
)
from textwell.web.access import MemberRequest
from textwell.web.pages import tell

M = TypeVar("M", bound=Model)
T = TypeVar("T")


def _first_of(*fields: str) -> Coalesce:
    """The first of these texts that is not empty, as the table shows it."""
    given = (NullIf(F(field), Value("")) for field in fields)
    return Coalesce(*given, Value(""), output_field=CharField())


CAMPAIGNS: Final = Sorting(
    {
        "name": by_text("name"),
        "state": by_word("state"),
        "created": by_moment("created_at"),
        "start": by_moment("launched_at", "scheduled_at"),
    },
    default="-created",
)
TEMPLATES: Final = Sorting(
    {"name": by_text("name"), "changed": by_moment("updated_at")}, default="-changed"
)
IMPORTS: Final = Sorting(
    {
        "name": by_text("filename"),
        "rows": by_number("row_count"),
        "started": by_moment("created_at"),
    },
    default="-started",
)
GATEWAYS: Final = Sorting({"name": by_text("name"), "state": by_word("state")}, default="name")
AUDIT: Final = Sorting({"at": by_number("id")}, default="-at")  # entries are numbered as they come
MEMBERS: Final = Sorting(
    {
        "name": Column(Lower(_first_of("user__name", "user__email"))),
        "role": by_word("role"),
        "joined": by_moment("created_at"),
    },
    default="joined",
)
KEYS: Final = Sorting(
    {
        "name": by_text("name"),
        "created": by_moment("created_at"),
        "used": by_moment("last_used_at"),
    },
    default="-created",
)
WEBHOOKS: Final = Sorting(
    {
        "name": Column(Lower(_first_of("name", "url"))),
        "created": by_moment("created_at"),
        "success": by_moment("last_success_at"),
    },
    default="-created",
)
# Everybody, by indexes; people are numbered as they come.
PEOPLE: Final = Sorting(
    {
        "name": Column(SHOWN_NAME),
        "number": Column(F("msisdn"), is_secret=True),
        "added": Column(F("id"), read_number),
    },
    default="added",
)
# Those of a filter: orders that no index has, since a walk through everybody by an index of the order, in
# search of few, is what PostgreSQL would else try.
PEOPLE_FOUND: Final = Sorting(
    {
        "name": Column(Concat(SHOWN_NAME, Value(""))),
        "number": Column(Concat(F("msisdn"), Value("")), is_secret=True),
        "added": Column(F("id") + 0, read_number),
    },
    default="added",
)
# Few rows, sorted here: what they are sorted by is not of the database.
LISTS: Final = Sorting(
    {"name": by_text("name"), "members": by_number("id"), "made": by_moment("created_at")},
    default="name",
)
TAGS: Final = Sorting({"name": by_text("name"), "members": by_number("id")}, default="name")


def read_sort(request: MemberRequest, sorting: Sorting) -> Sort:
    """The order that the address names; one that the table does not know is told, and the usual one taken."""
    try:
        return sorting.read(request.GET.get("sort", ""))
    except FieldError as error:
        tell(request, error)
        return sorting.read("")


def sorted_page(
    request: MemberRequest, found: QuerySet[M], sort: Sort, *, limit: int
) -> SortedPage[M]:
    """The page that the address names."""
    given = request.GET
    return read_page(found, sort, Window(limit, given.get("after", ""), given.get("upto", "")))


def sort_values(
    rows: Iterable[T],
    sort: Sort,
    keys: Mapping[str, Callable[[T], Any]],  # Any: what is compared
) -> list[T]:
    """Rows that are at hand; of equal ones the name decides."""
    by_name = sorted(rows, key=keys["name"], reverse=sort.is_falling)
    return sorted(by_name, key=keys[sort.name], reverse=sort.is_falling)
