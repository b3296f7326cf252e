"""Gateways, to read: which there are, how they are, which senders they have."""

from ninja import Router

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.paging import PagingQuery, make_page
from textwell.api.schemas.base import Page
from textwell.api.schemas.gateways import GatewayKindOut, GatewayOut
from textwell.gateways.models import Gateway
from textwell.gateways.providers.base import Provider, SettingField
from textwell.gateways.registry import list_providers
from textwell.gateways.selectors import list_cautions

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
        "cautions": list(list_cautions(gateway)),
        "segments_per_second": gateway.segments_per_second,
        "price_micros": gateway.price_micros,
        "currency": gateway.currency,
        "senders": [
            {"value": sender.value, "kind": sender.kind, "country": sender.country}
            for sender in gateway.senders.all()
            if sender.is_active
        ],
    }


def _show_setting(field: SettingField) -> dict[str, object]:
    return {
        "name": field.name,
        "label": str(field.label),
        "help": str(field.help),
        "kind": field.kind,
        "is_required": field.is_required,
        "default": None if field.is_secret else field.default,
        "choices": [value for value, _label in field.choices],
        "minimum": field.minimum,
        "maximum": field.maximum,
    }


def _show_kind(provider: Provider) -> dict[str, object]:
    settings = [_show_setting(field) for field in provider.fields]
    return {"kind": provider.kind, "label": str(provider.label), "settings": settings}


@router.get("/kinds", auth=ApiKey(Scope.GATEWAYS_READ), response=list[GatewayKindOut])
def list_kinds(request: KeyRequest) -> list[dict[str, object]]:
    """The kinds of gateways and the settings of each: which are required, which are optional."""
    del request
    return [_show_kind(provider) for provider in list_providers()]


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
