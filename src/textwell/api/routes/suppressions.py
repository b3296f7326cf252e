"""Numbers that are not texted whatever consent says: who they are and why, put down and lifted."""

from ninja import Router, Status

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.paging import PagingQuery, make_page
from textwell.api.schemas.base import Page
from textwell.api.schemas.suppressions import (
    LiftedOut,
    LiftIn,
    SuppressedOut,
    SuppressionIn,
    SuppressionOut,
    SuppressionsIn,
)
from textwell.consent.models import SuppressionReason
from textwell.consent.selectors import access_suppression, list_suppressions
from textwell.consent.suppressing import lift_suppression, suppress_number, suppress_numbers
from textwell.consent.types import SuppressedNumbers

router = Router(tags=["Suppressions"])
READ, WRITE = ApiKey(Scope.CONTACTS_READ), ApiKey(Scope.CONTACTS_WRITE)
SOURCE = "api"


@router.get("", auth=READ, response=Page[SuppressionOut])
def list_all(
    request: KeyRequest, paging: PagingQuery, search: str = "", reason: str = ""
) -> dict[str, object]:
    """Numbers that are not texted, latest first; one that has two reasons stands here twice.

    `search` is the beginning of a number, or a whole one as written at home.
    """
    rows = list_suppressions(
        request.auth.workspace_id,
        search=search,
        reason=reason,
        before_id=paging.after_id(),
        limit=paging.limit + 1,
    )
    return make_page(rows, limit=paging.limit, shown=lambda row: row, cursor=lambda row: row.id)


@router.post("", auth=WRITE, response={201: SuppressionOut})
def add(request: KeyRequest, given: SuppressionIn) -> Status[SuppressionReason]:
    """Never text this number, whoever has it. What waits for it is left out at once. Twice is once."""
    made = suppress_number(
        workspace_id=request.auth.workspace_id,
        msisdn=given.msisdn,
        region=given.region,
        reason=given.reason,
        note=given.note,
        source=SOURCE,
        actor=request.auth.actor,
    )
    return Status(201, made)


@router.post("/bulk", auth=WRITE, response=SuppressedOut)
def add_many(request: KeyRequest, given: SuppressionsIn) -> SuppressedNumbers:
    """Up to 10,000 numbers at once. What is no number is reported, the others are suppressed."""
    return suppress_numbers(
        workspace_id=request.auth.workspace_id,
        numbers=given.msisdns,
        region=given.region,
        reason=given.reason,
        note=given.note,
        source=SOURCE,
        actor=request.auth.actor,
    )


@router.get("/{int:suppression_id}", auth=READ, response=SuppressionOut)
def get(request: KeyRequest, suppression_id: int) -> SuppressionReason:
    """One reason of one number."""
    return access_suppression(request.auth.workspace_id, suppression_id)


@router.post("/{int:suppression_id}/lift", auth=WRITE, response=LiftedOut)
def lift(request: KeyRequest, suppression_id: int, given: LiftIn) -> dict[str, object]:
    """Take this reason away; consent stays what it is.

    409 for an opt-out: only a new consent of the person, with its proof, lifts that.
    """
    remaining = lift_suppression(
        workspace_id=request.auth.workspace_id,
        suppression_id=suppression_id,
        why=given.reason,
        actor=request.auth.actor,
    )
    return {"remaining": remaining}
