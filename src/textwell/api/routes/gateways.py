"""Gateways, to read: which there are, how they are, which senders they have."""

from ninja import Router

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.paging import PagingQuery, make_page
from textwell.api.schemas.base import Page
from textwell.api.schemas.gateways import GatewayOut
from textwell.gateways.models import Gateway

router = Router(tags=["Gateways"])


def _show(gateway: Gateway) -> dict[str, object]:
    health = getattr(gateway, "gatewayhealth", None)
    return {
        "id": gateway.id,
        "name": gateway.name,
        "provider": gateway.provider,
        "state": gateway.state,
        "is_bound": bool(health and health.is_bound),
        "last_error": health.last_error if health else "",
        "segments_per_second": gateway.segments_per_second,
        "price_micros": gateway.price_micros,
        "currency": gateway.currency,
        "senders": [
            {"value": sender.value, "kind": sender.kind, "country": sender.country}
            for sender in gateway.senders.all()
            if sender.is_active
        ],
    }


@router.get("", auth=ApiKey(Scope.GATEWAYS_READ), response=Page[GatewayOut])
def list_all(request: KeyRequest, paging: PagingQuery) -> dict[str, object]:
    """The gateways of the workspace. Settings and secrets are not shown."""
    found = Gateway.objects.filter(workspace_id=request.auth.workspace_id)
    rows = (
        found.filter(id__gt=paging.after_id() or 0)
        .select_related("gatewayhealth")
        .prefetch_related("senders")
        .order_by("id")[: paging.limit + 1]
    )
    return make_page(list(rows), limit=paging.limit, shown=_show, cursor=lambda row: row.id)
