"""The workspace of the key, and its stop button."""

from ninja import Router

from textwell.accounts.actions import set_workspace_cap
from textwell.accounts.models import Workspace
from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.schemas.campaigns import ReasonIn
from textwell.api.schemas.gateways import CapIn, WorkspaceOut
from textwell.campaigns.actions import lift_stop, stop_all

router = Router(tags=["Workspace"])


def _workspace(request: KeyRequest) -> Workspace:
    return Workspace.objects.get(id=request.auth.workspace_id)


@router.get("/workspace", auth=ApiKey(Scope.CAMPAIGNS_READ), response=WorkspaceOut)
def get_workspace(request: KeyRequest) -> Workspace:
    """The workspace that the key belongs to."""
    return _workspace(request)


@router.put("/workspace/cap", auth=ApiKey(Scope.WORKSPACE_MANAGE), response=WorkspaceOut)
def put_cap(request: KeyRequest, cap: CapIn) -> Workspace:
    """At most so many marketing texts a person, over all campaigns and messages; 0: no cap.

    A campaign may be stricter, never looser.
    """
    return set_workspace_cap(
        workspace=_workspace(request),
        actor=request.auth.actor,
        count=cap.cap_count,
        hours=cap.cap_hours,
    )


@router.post("/stop-all", auth=ApiKey(Scope.CAMPAIGNS_WRITE), response=WorkspaceOut)
def stop_everything(request: KeyRequest, why: ReasonIn | None = None) -> Workspace:
    """The red button: within two seconds nothing of this workspace is handed off any more."""
    workspace = _workspace(request)
    stop_all(workspace=workspace, actor=request.auth.actor, reason=why.reason if why else "")
    return workspace


@router.post("/stop-all/lift", auth=ApiKey(Scope.CAMPAIGNS_WRITE), response=WorkspaceOut)
def lift_everything(request: KeyRequest) -> Workspace:
    """Let sending go on where it stood. Lifting twice is once."""
    workspace = _workspace(request)
    lift_stop(workspace=workspace, actor=request.auth.actor)
    return workspace
