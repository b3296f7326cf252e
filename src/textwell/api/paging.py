"""Cursor pages: `?after=…&limit=…` in, `items` and `next` out; `next` is null on the last page."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from ninja import Field, Query, Schema

from textwell.core.errors import FieldError

T = TypeVar("T")

DEFAULT_LIMIT = 50
MAX_LIMIT = 500


class Paging(Schema):
    """Where a page begins and how long it is."""

    after: str | None = Field(None, description="`next` of the page before; none: from the start.")
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT, description="Items at most.")

    def after_id(self) -> int | None:
        """The id that the page begins after.

        Raises:
            FieldError: it is no cursor of ours.
        """
        if self.after is None:
            return None
        if not self.after.isascii() or not self.after.isdigit() or len(self.after) > 18:  # noqa: PLR2004 - digits of a bigint
            mend = _("Give what `next` of the page before held, unchanged.")
            raise FieldError("after", _("is no cursor"), mend)
        return int(self.after)


PagingQuery = Query[Paging]


def make_page(
    rows: Sequence[T],
    *,
    limit: int,
    shown: Callable[[T], Any],  # Any: a schema or its values
    cursor: Callable[[T], int | str],
) -> dict[str, Any]:
    """A page of rows read with `limit + 1`: one more than shown tells that there is a next one."""
    kept = rows[:limit]
    has_more = len(rows) > limit
    return {
        "items": [shown(row) for row in kept],
        "next": str(cursor(kept[-1])) if has_more and kept else None,
    }
