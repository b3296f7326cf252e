"""Lists in an order that the reader chooses: which columns may be named, and pages that follow the order.

A page begins after a row, or ends before one, and names it by its value and id: rows that come and go
meanwhile shift nothing, and a far page costs no more than the first.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Generic, TypeVar

from django.db.models import DateTimeField, F, Model, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext as _

from textwell.core.errors import FieldError

M = TypeVar("M", bound=Model)
_VALUE = "sorted_value"  # the annotation by which rows are sorted
NEVER: Final = datetime(1900, 1, 1, tzinfo=UTC)  # before every moment that is taken


def _plain(text: str) -> str:
    if "\x00" in text:
        raise ValueError(text)
    return text


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


def read_number(text: str) -> int:
    """A bigint; ValueError for anything else."""
    found = int(text)
    if not -(2**63) <= found < 2**63:
        raise ValueError(text)
    return found


@dataclass(frozen=True, slots=True)
class Column:
    """`by` is never null. `read` turns back what a cursor holds; `falls_first`: how a first press sorts.

    `is_secret`: its values stand in no cursor, which everybody can read; the row is asked for its own.
    """

    by: Combinable
    read: Callable[[str], Any] = _plain  # Any: a value of the column
    falls_first: bool = False
    is_secret: bool = False


def by_text(field: str) -> Column:
    """By name: small and capital letters are one."""
    return Column(Lower(F(field)))


def by_word(field: str) -> Column:
    """By a word of ours, as it is stored."""
    return Column(F(field))


def by_moment(*fields: str) -> Column:
    """By the first of these times that a row has, the latest first; none at all is the earliest."""
    never = Value(NEVER, output_field=DateTimeField())
    expression = Coalesce(*(F(field) for field in fields), never)
    return Column(expression, _moment, falls_first=True)


def by_number(field: str) -> Column:
    return Column(F(field), read_number, falls_first=True)


@dataclass(frozen=True, slots=True)
class Sorting:
    """What a list can be sorted by, by its name in the address."""

    columns: Mapping[str, Column]
    default: str  # as in the address: "-created"

    def read(self, text: str) -> "Sort":
        """The order that an address names, "" for the usual one.

        Raises:
            FieldError: the list cannot be sorted by that.
        """
        text = text or self.default
        name = text.removeprefix("-")
        if name not in self.columns:
            mend = _("Use one of: %(known)s.") % {"known": ", ".join(self.columns)}
            raise FieldError("sort", _("is no column to sort by."), mend)
        return Sort(self, name, text.startswith("-"))


@dataclass(frozen=True, slots=True)
class Sort:
    """A column that was chosen, and the way."""

    sorting: Sorting
    name: str
    is_falling: bool

    @property
    def column(self) -> Column:
        return self.sorting.columns[self.name]

    def __str__(self) -> str:
        return f"-{self.name}" if self.is_falling else self.name


@dataclass(frozen=True, slots=True)
class Window:
    """`after` and `upto` are cursors of a page before; what is no cursor of ours is as none."""

    limit: int
    after: str = ""
    upto: str = ""


@dataclass(frozen=True, slots=True)
class SortedPage(Generic[M]):
    """Rows with what leads on: `next` to put in `after`, `previous` in `upto`; "" where nothing lies."""

    rows: list[M]
    next: str
    previous: str


def read_page(found: QuerySet[M], sort: Sort, window: Window) -> SortedPage[M]:
    """Rows in their order; of equal ones the id decides, the same way."""
    rows = found.annotate(**{_VALUE: sort.column.by})
    after = _find_place(rows, sort, window.after)
    upto = _find_place(rows, sort, window.upto) if after is None else None
    if upto is not None:
        back = list(_walk(rows, is_falling=not sort.is_falling, behind=upto)[: window.limit + 1])
        if back:
            shown = back[: window.limit][::-1]
            more = _encode(sort, shown[0]) if len(back) > window.limit else ""
            return SortedPage(shown, _encode(sort, shown[-1]), more)
    ahead = list(_walk(rows, is_falling=sort.is_falling, behind=after)[: window.limit + 1])
    shown = ahead[: window.limit]
    return SortedPage(
        shown,
        _encode(sort, shown[-1]) if len(ahead) > window.limit else "",
        _encode(sort, shown[0]) if after is not None and shown else "",
    )


def order_rows(found: QuerySet[M], sort: Sort) -> QuerySet[M]:
    """All rows in their order, for lists that have no pages."""
    return _walk(
        found.annotate(**{_VALUE: sort.column.by}), is_falling=sort.is_falling, behind=None
    )


def _walk(rows: QuerySet[M], *, is_falling: bool, behind: tuple[Any, int] | None) -> QuerySet[M]:
    sign, than = ("-", "lt") if is_falling else ("", "gt")
    if behind is not None:
        value, row_id = behind
        # Written so that an index of the order is entered at the row, which an OR alone would not do.
        beyond = Q(**{f"{_VALUE}__{than}": value}) | Q(**{f"id__{than}": row_id})
        rows = rows.filter(beyond, **{f"{_VALUE}__{than}e": value})
    return rows.order_by(f"{sign}{_VALUE}", f"{sign}id")


def _encode(sort: Sort, row: Model) -> str:
    value = "" if sort.column.is_secret else getattr(row, _VALUE)
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return f"{row.pk}.{base64.urlsafe_b64encode(text.encode()).decode().rstrip('=')}"


def _find_place(rows: QuerySet[M], sort: Sort, cursor: str) -> tuple[Any, int] | None:
    place = _decode(sort, cursor)
    if place is None or not sort.column.is_secret:
        return place
    row = rows.filter(id=place[1]).first()
    return None if row is None else (getattr(row, _VALUE), row.pk)


def _decode(sort: Sort, cursor: str) -> tuple[Any, int] | None:
    number, dot, packed = cursor.partition(".")
    if not dot:
        return None
    try:
        text = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()
        return sort.column.read(text), read_number(number)
    except (ValueError, binascii.Error):
        return None
