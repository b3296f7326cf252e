"""Consents that end: who may still be asked anew, and whose ended."""

from typing import Annotated

from ninja import Field, Query, Router, Schema

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.paging import PagingQuery, make_page
from textwell.api.schemas.base import Page
from textwell.api.schemas.ending import EndingCountOut, EndingOut
from textwell.reports.ending.people import (
    ENDING,
    USUAL_DAYS,
    EndingCount,
    Wanted,
    count_ending,
    list_ending,
)

router = Router(tags=["Contacts"])
READ = ApiKey(Scope.CONTACTS_READ)


class WantedIn(Schema):
    state: str = Field(ENDING, description="`ending`: counts now; `ended`: counts no more.")
    within_days: int = Field(
        USUAL_DAYS, description="Of those that are ending: 1 to 730 days ahead."
    )
    country: Annotated[str | None, Field(description="Of the number, such as KR.")] = None
    month: Annotated[str | None, Field(description="In which it ends, in UTC: 2026-12.")] = None

    def read(self) -> Wanted:
        """Raises FieldError: a part of it cannot be."""
        return Wanted(self.state, self.within_days, self.country, self.month)


@router.get("", auth=READ, response=Page[EndingOut])
def list_all(
    request: KeyRequest, paging: PagingQuery, wanted: Query[WantedIn]
) -> dict[str, object]:
    """People whose consent to marketing by SMS ends within so many days, or has ended.

    A campaign reaches the former by the filter `consent_ends_in`, and may ask them for a new yes. To the
    others none may be sent. Not here: whom no text may reach for another reason. A new yes takes a person
    off.
    """
    rows = list_ending(
        request.auth.workspace_id,
        wanted.read(),
        after_id=paging.after_id(),
        limit=paging.limit + 1,
    )
    return make_page(
        rows, limit=paging.limit, shown=lambda row: row, cursor=lambda row: row.contact_id
    )


@router.get("/counts", auth=READ, response=list[EndingCountOut])
def count(request: KeyRequest, wanted: Query[WantedIn]) -> list[EndingCount]:
    """The same people by country, and by the month in which the first consent of theirs ends."""
    return count_ending(request.auth.workspace_id, wanted.read())
