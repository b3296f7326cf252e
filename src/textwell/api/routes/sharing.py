"""Suppressions shared with other workspaces: the group that the workspace is in."""

from ninja import Router, Status

from textwell.accounts.models import Workspace
from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.openapi import MAY_BE_NONE
from textwell.api.schemas.sharing import JoinIn, SharingCodeIn, SharingCodeOut, SharingOut
from textwell.consent.groups import (
    find_sharing,
    join_sharing_group,
    leave_sharing_group,
    list_sharing_brands,
    make_sharing_code,
)
from textwell.core.errors import NotFound

router = Router(tags=["Suppressions"])
MAY = ApiKey(Scope.WORKSPACE_MANAGE)


@router.get("/suppression-group", auth=MAY, response=SharingOut, openapi_extra=MAY_BE_NONE)
def get(request: KeyRequest) -> dict[str, object]:
    """What the workspace shares, and with whom; 404 where it shares with nobody."""
    return _shown(_workspace(request))


@router.post("/suppression-group/codes", auth=MAY, response={201: SharingCodeOut})
def make_code(request: KeyRequest, given: SharingCodeIn) -> Status[dict[str, object]]:
    """A code by which one other workspace may join; the first one begins the group.

    Give it to the owner of the other workspace: entering it is their consent, making it is yours.
    """
    code, ends_at = make_sharing_code(
        workspace=_workspace(request), reasons=given.reasons, actor=request.auth.actor
    )
    return Status(201, {"code": code, "expires_at": ends_at})


@router.post("/suppression-group/join", auth=MAY, response=SharingOut)
def join(request: KeyRequest, given: JoinIn) -> dict[str, object]:
    """Join the group of a code: whom one brand may not text, for a reason that it shares, no brand texts.

    It holds at once, also for what was put down before and for texts that wait. 409 for a workspace
    that is in a group.
    """
    workspace = _workspace(request)
    join_sharing_group(
        workspace=workspace, code=given.code, reasons=given.reasons, actor=request.auth.actor
    )
    return _shown(workspace)


@router.delete("/suppression-group", auth=MAY, response={204: None})
def leave(request: KeyRequest) -> Status[None]:
    """Share nothing from now on, and be told nothing. What was shared stays until it is lifted.

    Twice is once.
    """
    leave_sharing_group(workspace=_workspace(request), actor=request.auth.actor)
    return Status(204, None)


def _workspace(request: KeyRequest) -> Workspace:
    return Workspace.objects.get(id=request.auth.workspace_id)


def _shown(workspace: Workspace) -> dict[str, object]:
    member = find_sharing(workspace)
    if member is None:
        raise NotFound("suppression-group")
    brands = list_sharing_brands(workspace)
    return {"reasons": member.reasons, "brands": brands, "joined_at": member.joined_at}
