"""The workspace's own link domain: which it is, and the check that it leads here."""

from ninja import Router, Status

from textwell.accounts.models import Workspace
from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.openapi import MAY_BE_NONE
from textwell.api.schemas.hosts import LinkHostChange, LinkHostIn, LinkHostOut
from textwell.links.host_words import mend_of, problem_of
from textwell.links.hosts import check_link_host, remove_link_host, set_link_host
from textwell.links.models import LinkHost
from textwell.links.selectors import access_link_host, link_prefix

router = Router(tags=["Workspace"])
MAY = ApiKey(Scope.WORKSPACE_MANAGE)


@router.get(
    "/link-domain",
    auth=ApiKey(Scope.CAMPAIGNS_READ),
    response=LinkHostOut,
    openapi_extra=MAY_BE_NONE,
)
def get(request: KeyRequest) -> dict[str, object]:
    """The link domain and what its last check found; 404 where links begin with the installation's."""
    return _shown(access_link_host(request.auth.workspace_id))


@router.put("/link-domain", auth=MAY, response=LinkHostOut)
def put(request: KeyRequest, new: LinkHostIn) -> dict[str, object]:
    """Set it. New links begin with it once a check was good; links of the one before go on working."""
    return _shown(_set(request, new.host))


@router.patch("/link-domain", auth=MAY, response=LinkHostOut, openapi_extra=MAY_BE_NONE)
def update(request: KeyRequest, change: LinkHostChange) -> dict[str, object]:
    """Change the one that there is."""
    present = access_link_host(request.auth.workspace_id)
    return _shown(present if change.host is None else _set(request, change.host))


@router.delete("/link-domain", auth=MAY, response={204: None}, openapi_extra=MAY_BE_NONE)
def delete(request: KeyRequest) -> Status[None]:
    """New links begin with the installation's domain again; links that were sent go on working."""
    remove_link_host(workspace=_workspace(request), actor=request.auth.actor)
    return Status(204, None)


@router.post("/link-domain/check", auth=MAY, response=LinkHostOut, openapi_extra=MAY_BE_NONE)
def check(request: KeyRequest) -> dict[str, object]:
    """Look now whether its links would arrive here: name, certificate, server. Takes some seconds."""
    return _shown(check_link_host(workspace=_workspace(request), actor=request.auth.actor))


def _workspace(request: KeyRequest) -> Workspace:
    return Workspace.objects.get(id=request.auth.workspace_id)


def _set(request: KeyRequest, host: str) -> LinkHost:
    return set_link_host(workspace=_workspace(request), host=host, actor=request.auth.actor)


def _shown(host: LinkHost) -> dict[str, object]:
    return {
        "host": host.host,
        "state": host.state,
        "is_used": host.is_used,
        "prefix": link_prefix(host.workspace_id),
        "code": host.problem,
        "problem": problem_of(host),
        "mend": mend_of(host),
        "checked_at": host.checked_at,
        "created_at": host.created_at,
    }
