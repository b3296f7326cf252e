"""Hand-kept lists of people."""

from django.db import transaction
from django.http import HttpResponse
from ninja import Router, Status

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.schemas.base import Count
from textwell.api.schemas.contacts import (
    Changed,
    ListChange,
    ListCount,
    ListDetail,
    ListIn,
    ListOut,
    MembersIn,
)
from textwell.api.whom import chosen
from textwell.campaigns.groups import delete_list, last_campaigns
from textwell.contacts.actions import create_list
from textwell.contacts.groups.actions import (
    mark_for_tests,
    put_on_list,
    rename_list,
    take_off_list,
)
from textwell.contacts.groups.changes import Outcome
from textwell.contacts.models import ContactList
from textwell.contacts.selectors import access_list, count_list, list_lists
from textwell.segments.figures import list_figures

router = Router(tags=["Lists"])
READ, WRITE = ApiKey(Scope.CONTACTS_READ), ApiKey(Scope.CONTACTS_WRITE)


@router.get("", auth=READ, response=list[ListCount])
def list_all(request: KeyRequest) -> list[dict[str, object]]:
    """All lists by name. GET /v1/contacts?list_id=… has their people."""
    workspace_id = request.auth.workspace_id
    figures, last = list_figures(workspace_id), last_campaigns(workspace_id, "list")
    return [
        {
            "id": each.id,
            "name": each.name,
            "is_for_tests": each.is_for_tests,
            "created_at": each.created_at,
            "contact_count": figures.of(each.id)[0],
            "textable_count": figures.of(each.id)[1],
            "counted_at": figures.counted_at,
            "last_campaign_id": campaign.id if (campaign := last.get(str(each.id))) else None,
        }
        for each in list_lists(workspace_id)
    ]


@router.post("", auth=WRITE, response={201: ListOut})
def create(request: KeyRequest, new: ListIn, response: HttpResponse) -> Status[ContactList]:
    """Make an empty list."""
    made = create_list(
        workspace_id=request.auth.workspace_id, name=new.name, actor=request.auth.actor
    )
    response["Location"] = f"{request.path.rstrip('/')}/{made.id}"
    return Status(201, made)


@router.get("/{int:list_id}", auth=READ, response=ListDetail)
def get(request: KeyRequest, list_id: int) -> dict[str, object]:
    """One list with the number of its people."""
    found = access_list(request.auth.workspace_id, list_id)
    count = count_list(request.auth.workspace_id, list_id)
    return {
        "id": found.id,
        "name": found.name,
        "is_for_tests": found.is_for_tests,
        "created_at": found.created_at,
        "contact_count": count,
    }


@router.patch("/{int:list_id}", auth=WRITE, response=ListOut)
def rename(request: KeyRequest, list_id: int, new: ListChange) -> ContactList:
    """Give the list another name, or say whether its people get test sends of campaigns.

    What uses it goes on using it.
    """
    workspace_id, actor = request.auth.workspace_id, request.auth.actor
    found = access_list(workspace_id, list_id)
    with transaction.atomic():
        if new.name is not None:
            found = rename_list(
                workspace_id=workspace_id, list_id=list_id, name=new.name, actor=actor
            )
        if new.is_for_tests is not None:
            found = mark_for_tests(
                workspace_id=workspace_id,
                list_id=list_id,
                is_for_tests=new.is_for_tests,
                actor=actor,
            )
    return found


@router.delete("/{int:list_id}", auth=WRITE, response=Count)
def delete(request: KeyRequest, list_id: int) -> dict[str, int]:
    """Delete the list; answers how many people were on it. The people stay.

    409 while a scheduled campaign chooses its people by it.
    """
    count = delete_list(
        workspace_id=request.auth.workspace_id, list_id=list_id, actor=request.auth.actor
    )
    return {"count": count}


@router.post("/{int:list_id}/members", auth=WRITE, response=Changed)
def add(request: KeyRequest, list_id: int, members: MembersIn) -> Outcome:
    """Put people on the list; answers how many were not on it before."""
    return put_on_list(
        workspace_id=request.auth.workspace_id,
        list_id=list_id,
        whom=chosen(members),
        actor=request.auth.actor,
    )


@router.post("/{int:list_id}/members/remove", auth=WRITE, response=Changed)
def remove(request: KeyRequest, list_id: int, members: MembersIn) -> Outcome:
    """Take people off the list; answers how many were on it."""
    return take_off_list(
        workspace_id=request.auth.workspace_id,
        list_id=list_id,
        whom=chosen(members),
        actor=request.auth.actor,
    )
