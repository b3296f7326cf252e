"""Hand-kept lists of people."""

from django.http import HttpResponse
from ninja import Router, Status

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.schemas.base import Count
from textwell.api.schemas.contacts import ListDetail, ListIn, ListOut, MembersIn
from textwell.contacts.actions import add_to_list, create_list, remove_from_list
from textwell.contacts.models import ContactList
from textwell.contacts.selectors import access_list, count_list, list_lists

router = Router(tags=["Lists"])
READ, WRITE = ApiKey(Scope.CONTACTS_READ), ApiKey(Scope.CONTACTS_WRITE)


@router.get("", auth=READ, response=list[ListOut])
def list_all(request: KeyRequest) -> list[ContactList]:
    """All lists by name. GET /v1/contacts?list_id=… has their people."""
    return list_lists(request.auth.workspace_id)


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
        "created_at": found.created_at,
        "contact_count": count,
    }


@router.post("/{int:list_id}/members", auth=WRITE, response=Count)
def add(request: KeyRequest, list_id: int, members: MembersIn) -> dict[str, int]:
    """Put people on the list; answers how many were not on it before."""
    count = add_to_list(
        workspace_id=request.auth.workspace_id,
        list_id=list_id,
        contact_ids=members.contact_ids,
        actor=request.auth.actor,
    )
    return {"count": count}


@router.post("/{int:list_id}/members/remove", auth=WRITE, response=Count)
def remove(request: KeyRequest, list_id: int, members: MembersIn) -> dict[str, int]:
    """Take people off the list; answers how many were on it."""
    count = remove_from_list(
        workspace_id=request.auth.workspace_id,
        list_id=list_id,
        contact_ids=members.contact_ids,
        actor=request.auth.actor,
    )
    return {"count": count}
