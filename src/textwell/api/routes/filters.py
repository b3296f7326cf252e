"""Filters of people that a workspace keeps under a name."""

from ninja import Router, Status

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.openapi import NAMES_A_LIST
from textwell.api.schemas.contacts import SavedFilterIn, SavedFilterName, SavedFilterOut
from textwell.contacts.choosing import PeopleFilter
from textwell.contacts.models import SavedFilter
from textwell.contacts.saved import (
    access_filter,
    delete_filter,
    list_filters,
    rename_filter,
    save_filter,
)

router = Router(tags=["Contacts"])
READ, WRITE = ApiKey(Scope.CONTACTS_READ), ApiKey(Scope.CONTACTS_WRITE)


@router.get("", auth=READ, response=list[SavedFilterOut])
def list_all(request: KeyRequest) -> list[SavedFilter]:
    """All saved filters by name. GET /v1/contacts takes what they hold."""
    return list_filters(request.auth.workspace_id)


@router.post("", auth=WRITE, response={201: SavedFilterOut}, openapi_extra=NAMES_A_LIST)
def save(request: KeyRequest, given: SavedFilterIn) -> Status[SavedFilter]:
    """Keep a filter; it takes the place of one of the same name."""
    saved = save_filter(
        workspace_id=request.auth.workspace_id,
        name=given.name,
        wanted=PeopleFilter(given.search, given.list_id, given.tag or None),
        actor=request.auth.actor,
    )
    return Status(201, saved)


@router.patch("/{int:filter_id}", auth=WRITE, response=SavedFilterOut)
def rename(request: KeyRequest, filter_id: int, given: SavedFilterName) -> SavedFilter:
    """Give it another name."""
    saved = access_filter(request.auth.workspace_id, filter_id)
    return rename_filter(saved=saved, name=given.name, actor=request.auth.actor)


@router.delete("/{int:filter_id}", auth=WRITE, response={204: None})
def delete(request: KeyRequest, filter_id: int) -> Status[None]:
    """Delete it. The people whom it finds stay."""
    saved = access_filter(request.auth.workspace_id, filter_id)
    delete_filter(saved=saved, actor=request.auth.actor)
    return Status(204, None)
