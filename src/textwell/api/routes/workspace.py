"""The workspace of the key, and its stop button."""

from ninja import Router

from textwell.accounts.models import Workspace
from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.schemas.campaigns import ReasonIn
from textwell.api.schemas.gateways import WorkspaceOut
from textwell.campaigns.actions import lift_stop, stop_all

router = Router(tags=["Workspace"])


def _workspace(request: KeyRequest) -> Workspace:
    return Workspace.objects.get(id=request.auth.workspace_id)


@router.get("/workspace", auth=ApiKey(Scope.CAMPAIGNS_READ), response=WorkspaceOut)
def get_workspace(request: KeyRequest) -> Workspace:
    """The workspace that the key belongs to."""
    return _workspace(request)


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
