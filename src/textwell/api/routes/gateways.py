"""Gateways: which there are, how they are, their settings and senders."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.http import HttpResponse
from ninja import Router, Status

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.paging import PagingQuery, make_page
from textwell.api.schemas.base import Page
from textwell.api.schemas.gateways import (
    GatewayChange,
    GatewayIn,
    GatewayKindOut,
    GatewayOut,
    GatewayWhole,
    RemovedOut,
    SenderChange,
    SenderIn,
    SenderOut,
)
from textwell.campaigns.removal import remove_gateway
from textwell.core.errors import FieldError, NotFound
from textwell.gateways.actions import (
    add_sender,
    create_gateway,
    pause_gateway,
    restore_gateway,
    resume_gateway,
    set_sender_active,
    set_sender_rate,
    update_gateway,
)
from textwell.gateways.models import Gateway, Sender
from textwell.gateways.providers.base import Provider, SettingField
from textwell.gateways.sandbox import list_kinds as list_usable_kinds
from textwell.gateways.selectors import (
    access_gateway,
    access_sender,
    list_cautions,
    list_gateways,
    list_retired,
    shown_settings,
)

router = Router(tags=["Gateways"])
MAY = ApiKey(Scope.GATEWAYS_MANAGE)


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
        "senders": [_show_sender(sender) for sender in gateway.senders.all()],
    }


def _show_sender(sender: Sender) -> dict[str, object]:
    names = ("id", "value", "kind", "country", "is_active", "segments_per_second")
    return {name: getattr(sender, name) for name in names}


def _show_whole(workspace_id: int, gateway_id: int) -> dict[str, object]:
    gateway = access_gateway(workspace_id, gateway_id)
    more = {"settings": shown_settings(gateway), "window": gateway.window, "prices": gateway.prices}
    return _show(gateway) | more


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
    """The kinds of gateways and the settings of each: which are required, which are optional.

    In a sandbox only those that reach no real carrier.
    """
    return [_show_kind(one) for one in list_usable_kinds(is_sandbox=request.auth.is_sandbox)]


@router.get("", auth=ApiKey(Scope.GATEWAYS_READ), response=Page[GatewayOut])
def list_all(
    request: KeyRequest, paging: PagingQuery, *, retired: bool = False
) -> dict[str, object]:
    """The gateways of the workspace; `retired=true`: those alone that are retired.

    Settings and secrets are not shown.
    """
    listed = list_retired if retired else list_gateways
    found = listed(request.auth.workspace_id).filter(id__gt=paging.after_id() or 0)
    rows = found.order_by("id")[: paging.limit + 1]
    return make_page(list(rows), limit=paging.limit, shown=_show, cursor=lambda row: row.id)


@contextmanager
def _settings_named() -> Iterator[None]:
    """A problem of a kind's own setting names it as it stands in the body."""
    try:
        yield
    except FieldError as error:
        if error.field in GatewayIn.model_fields:
            raise
        raise FieldError(f"settings.{error.field}", error.problem, error.mend) from None


@router.post("", auth=MAY, response={201: GatewayWhole})
def create(
    request: KeyRequest, response: HttpResponse, new: GatewayIn
) -> Status[dict[str, object]]:
    """A new gateway, active at once: a connector takes it up within seconds. Then give it a sender."""
    holder = request.auth
    with _settings_named():
        made = create_gateway(
            workspace_id=holder.workspace_id, actor=holder.actor, **new.model_dump()
        )
    response["Location"] = f"{request.path.rstrip('/')}/{made.id}"
    return Status(201, _show_whole(holder.workspace_id, made.id))


@router.get("/{int:gateway_id}", auth=ApiKey(Scope.GATEWAYS_READ), response=GatewayWhole)
def get(request: KeyRequest, gateway_id: int) -> dict[str, object]:
    """One gateway with its settings; secrets are not shown."""
    return _show_whole(request.auth.workspace_id, gateway_id)


@router.patch("/{int:gateway_id}", auth=MAY, response=GatewayWhole)
def update(request: KeyRequest, gateway_id: int, change: GatewayChange) -> dict[str, object]:
    """Change what is given. One that its carrier refused becomes active again."""
    holder = request.auth
    with _settings_named():
        update_gateway(
            workspace_id=holder.workspace_id,
            gateway_id=gateway_id,
            actor=holder.actor,
            **change.model_dump(exclude_unset=True),
        )
    return _show_whole(holder.workspace_id, gateway_id)


@router.delete("/{int:gateway_id}", auth=MAY, response=RemovedOut)
def remove(request: KeyRequest, gateway_id: int) -> dict[str, str]:
    """Take a paused gateway away: deleted if it never carried anything, else retired; the answer says which.

    A retired one stands in no list unless it is asked for and is never bound again; reports keep its
    figures, and late receipts and replies by webhook are taken. 409 while it is active, or while
    campaigns or texts wait for it.
    """
    holder = request.auth
    outcome = remove_gateway(
        workspace_id=holder.workspace_id, gateway_id=gateway_id, actor=holder.actor
    )
    return {"outcome": outcome.value}


@router.post("/{int:gateway_id}/restore", auth=MAY, response=GatewayWhole)
def restore(request: KeyRequest, gateway_id: int) -> dict[str, object]:
    """Bring a retired gateway back, paused. Twice is once."""
    holder = request.auth
    restore_gateway(workspace_id=holder.workspace_id, gateway_id=gateway_id, actor=holder.actor)
    return _show_whole(holder.workspace_id, gateway_id)


@router.post("/{int:gateway_id}/pause", auth=MAY, response=GatewayWhole)
def pause(request: KeyRequest, gateway_id: int) -> dict[str, object]:
    """Finish what is in flight and unbind; messages wait. Twice is once."""
    holder = request.auth
    pause_gateway(workspace_id=holder.workspace_id, gateway_id=gateway_id, actor=holder.actor)
    return _show_whole(holder.workspace_id, gateway_id)


@router.post("/{int:gateway_id}/resume", auth=MAY, response=GatewayWhole)
def resume(request: KeyRequest, gateway_id: int) -> dict[str, object]:
    """Active again. Twice is once."""
    holder = request.auth
    resume_gateway(workspace_id=holder.workspace_id, gateway_id=gateway_id, actor=holder.actor)
    return _show_whole(holder.workspace_id, gateway_id)


@router.post("/{int:gateway_id}/senders", auth=MAY, response={201: SenderOut})
def give_sender(request: KeyRequest, gateway_id: int, new: SenderIn) -> Status[dict[str, object]]:
    """Allow a sender, for one country or all. 409 if the gateway has it already."""
    holder = request.auth
    made = add_sender(
        workspace_id=holder.workspace_id,
        gateway_id=gateway_id,
        actor=holder.actor,
        **new.model_dump(),
    )
    return Status(201, _show_sender(made))


@router.patch("/{int:gateway_id}/senders/{int:sender_id}", auth=MAY, response=SenderOut)
def change_sender(
    request: KeyRequest, gateway_id: int, sender_id: int, change: SenderChange
) -> dict[str, object]:
    """Allow or forbid a sender, or give it a rate of its own."""
    workspace_id = request.auth.workspace_id
    sender = access_sender(workspace_id, sender_id)
    if sender.gateway_id != gateway_id:
        raise NotFound("sender", sender_id)
    actor = request.auth.actor
    with transaction.atomic():
        if change.is_active is not None:
            sender = set_sender_active(
                workspace_id=workspace_id,
                sender_id=sender_id,
                is_active=change.is_active,
                actor=actor,
            )
        if "segments_per_second" in change.model_fields_set:
            sender = set_sender_rate(
                workspace_id=workspace_id,
                sender_id=sender_id,
                segments_per_second=change.segments_per_second,
                actor=actor,
            )
    return _show_sender(sender)
