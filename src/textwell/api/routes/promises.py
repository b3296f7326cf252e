"""What the workspace promises in public: how often it texts at most, from which senders, about what."""

from ninja import Router

from textwell.accounts.models import Workspace
from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.openapi import MAY_BE_NONE
from textwell.api.schemas.promises import PromiseIn, PromiseOut
from textwell.core.errors import NotFound
from textwell.messaging.models import Promise
from textwell.messaging.promise_form import read_promise
from textwell.messaging.promises import find_promise, is_outdated, promise_url, publish_promise

router = Router(tags=["Workspace"])


@router.get(
    "/workspace/promise",
    auth=ApiKey(Scope.CAMPAIGNS_READ),
    response=PromiseOut,
    openapi_extra=MAY_BE_NONE,
)
def get(request: KeyRequest) -> dict[str, object]:
    """The present version of the public promise; 404 where there never was one."""
    found = find_promise(request.auth.workspace_id)
    if found is None:
        raise NotFound("promise", request.auth.workspace_id)
    return _shown(found)


@router.put("/workspace/promise", auth=ApiKey(Scope.WORKSPACE_MANAGE), response=PromiseOut)
def put(request: KeyRequest, given: PromiseIn) -> dict[str, object]:
    """Sign and publish it, with today's senders and topics. The gate holds it like a cap.

    A lower number holds for everybody from the next text on, a higher one for those alone who agree
    after it. The same again makes no new version.
    """
    workspace = Workspace.objects.get(id=request.auth.workspace_id)
    return _shown(publish_promise(workspace=workspace, most=given.most, actor=request.auth.actor))


def _shown(promise: Promise) -> dict[str, object]:
    told = read_promise(promise.document).promise
    return {
        "version": promise.version,
        "most": promise.most,
        "days": told.days,
        "senders": told.senders,
        "topics": told.topics,
        "url": promise_url(promise),
        "document": promise.document,
        "is_outdated": is_outdated(promise),
        "published_at": promise.published_at,
    }
