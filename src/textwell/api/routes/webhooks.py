"""Webhooks: who is told of what, how it went, and telling it again."""

from typing import Any

from django.http import HttpResponse
from ninja import Router, Status

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.paging import PagingQuery, make_page
from textwell.api.schemas.base import Count, Page
from textwell.api.schemas.webhooks import (
    DeliveryMade,
    DeliveryOut,
    EndpointChange,
    EndpointIn,
    EndpointMade,
    EndpointOut,
    ReplayIn,
    SecretOut,
)
from textwell.webhooks.actions import (
    create_endpoint,
    delete_endpoint,
    replay,
    resend_delivery,
    rotate_secret,
    send_test_event,
    update_endpoint,
)
from textwell.webhooks.models import Delivery, Endpoint
from textwell.webhooks.selectors import (
    access_delivery,
    access_endpoint,
    list_deliveries,
    list_endpoints,
)

router = Router(tags=["Webhooks"])
MAY = ApiKey(Scope.WEBHOOKS_MANAGE)


@router.get("", auth=MAY, response=list[EndpointOut])
def list_all(request: KeyRequest) -> list[Endpoint]:
    """The endpoints of the workspace, newest first; at most fifty."""
    return list(list_endpoints(request.auth.workspace_id))


@router.post("", auth=MAY, response={201: EndpointMade})
def create(request: KeyRequest, response: HttpResponse, new: EndpointIn) -> Status[dict[str, Any]]:
    """Tell this address what happens from now on. The answer holds the signing secret, this once."""
    holder = request.auth
    made, secret = create_endpoint(
        workspace_id=holder.workspace_id, actor=holder.actor, **new.model_dump()
    )
    shown = EndpointOut.from_orm(access_endpoint(holder.workspace_id, made.id)).model_dump()
    response["Location"] = f"{request.path.rstrip('/')}/{made.id}"
    return Status(201, shown | {"secret": secret})


@router.get("/{int:endpoint_id}", auth=MAY, response=EndpointOut)
def get(request: KeyRequest, endpoint_id: int) -> Endpoint:
    """One endpoint with its health."""
    return access_endpoint(request.auth.workspace_id, endpoint_id)


@router.patch("/{int:endpoint_id}", auth=MAY, response=EndpointOut)
def update(request: KeyRequest, endpoint_id: int, change: EndpointChange) -> Endpoint:
    """Change what is given. `is_active` true starts a stopped one again."""
    endpoint = access_endpoint(request.auth.workspace_id, endpoint_id)
    update_endpoint(endpoint=endpoint, actor=request.auth.actor, **change.model_dump())
    return access_endpoint(request.auth.workspace_id, endpoint_id)


@router.delete("/{int:endpoint_id}", auth=MAY, response={204: None})
def delete(request: KeyRequest, endpoint_id: int) -> Status[None]:
    """Tell it nothing more."""
    endpoint = access_endpoint(request.auth.workspace_id, endpoint_id)
    delete_endpoint(endpoint=endpoint, actor=request.auth.actor)
    return Status(204, None)


@router.post("/{int:endpoint_id}/secret", auth=MAY, response=SecretOut)
def renew_secret(request: KeyRequest, endpoint_id: int) -> dict[str, str]:
    """A new signing secret; the old one signs beside it for a day."""
    endpoint = access_endpoint(request.auth.workspace_id, endpoint_id)
    return {"secret": rotate_secret(endpoint=endpoint, actor=request.auth.actor)}


@router.post("/{int:endpoint_id}/test", auth=MAY, response={202: DeliveryMade})
def test(request: KeyRequest, endpoint_id: int) -> Status[dict[str, int]]:
    """Send an event of type `test`."""
    endpoint = access_endpoint(request.auth.workspace_id, endpoint_id)
    return Status(202, {"id": send_test_event(endpoint=endpoint, actor=request.auth.actor)})


@router.post("/{int:endpoint_id}/replay", auth=MAY, response=Count)
def replay_span(request: KeyRequest, endpoint_id: int, span: ReplayIn) -> dict[str, int]:
    """Tell again what happened in a span of the last thirty days; event ids stay the same."""
    endpoint = access_endpoint(request.auth.workspace_id, endpoint_id)
    count = replay(endpoint=endpoint, actor=request.auth.actor, **span.model_dump())
    return {"count": count}


def show_delivery(delivery: Delivery) -> dict[str, Any]:
    happening = delivery.happening
    names = (
        "id", "state", "attempt_count", "next_at", "last_status", "last_error",
        "last_duration_ms", "last_at",
    )  # fmt: skip
    return {
        **{name: getattr(delivery, name) for name in names},
        "event_id": happening.event_id,
        "kind": happening.kind,
        "at": happening.at,
        "data": happening.data,
    }


@router.get("/{int:endpoint_id}/deliveries", auth=MAY, response=Page[DeliveryOut])
def list_tries(
    request: KeyRequest, endpoint_id: int, paging: PagingQuery, state: str | None = None
) -> dict[str, object]:
    """Deliveries, newest first; `state` may be waiting, delivered or failed."""
    endpoint = access_endpoint(request.auth.workspace_id, endpoint_id)
    rows = list_deliveries(
        endpoint, state=state, before_id=paging.after_id(), limit=paging.limit + 1
    )
    return make_page(rows, limit=paging.limit, shown=show_delivery, cursor=lambda row: row.id)


@router.post(
    "/{int:endpoint_id}/deliveries/{int:delivery_id}/resend",
    auth=MAY,
    response={202: DeliveryMade},
)
def resend(request: KeyRequest, endpoint_id: int, delivery_id: int) -> Status[dict[str, int]]:
    """Try this delivery again now."""
    endpoint = access_endpoint(request.auth.workspace_id, endpoint_id)
    delivery = access_delivery(endpoint, delivery_id)
    resend_delivery(delivery=delivery, actor=request.auth.actor)
    return Status(202, {"id": delivery.id})
