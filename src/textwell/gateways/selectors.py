"""Reads of gateways and senders for others; the workspace comes first."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from textwell.accounts.models import Workspace
from textwell.core.clock import now
from textwell.core.errors import NotFound
from textwell.gateways.approved import list_approved
from textwell.gateways.models import Gateway, GatewayState, Sender
from textwell.gateways.providers.base import Cautious, GatewaySpec, Provider, SenderSpec
from textwell.gateways.registry import find_provider
from textwell.gateways.rights import list_rights
from textwell.gateways.settings import Values, hide_secrets, unseal_settings


def list_gateways(workspace_id: int) -> QuerySet[Gateway]:
    """The gateways of a workspace by name, with senders and health at hand; none that is retired."""
    return _gateways(workspace_id).exclude(state=GatewayState.RETIRED)


def first_route(workspace_id: int) -> tuple[int | None, str]:
    """The first active gateway with an active sender, and that sender; (None, "") for none."""
    active = Gateway.objects.filter(workspace_id=workspace_id, state=GatewayState.ACTIVE)
    for gateway in active.order_by("id").prefetch_related("senders"):
        sender = next((s for s in gateway.senders.all() if s.is_active), None)
        if sender is not None:
            return gateway.id, sender.value
    return None, ""


def list_retired(workspace_id: int) -> QuerySet[Gateway]:
    """The retired gateways of a workspace by name."""
    return _gateways(workspace_id).filter(state=GatewayState.RETIRED)


def _gateways(workspace_id: int) -> QuerySet[Gateway]:
    return (
        Gateway.objects.filter(workspace_id=workspace_id)
        .select_related("gatewayhealth")
        .prefetch_related("senders")
        .order_by("name")
    )


def gateway_currencies(workspace_id: int) -> dict[int, str]:
    """The currency of prices, by gateway."""
    found = Gateway.objects.filter(workspace_id=workspace_id)
    return dict(found.values_list("id", "currency"))


def access_gateway(workspace_id: int, gateway_id: int) -> Gateway:
    """One gateway of the workspace, also a retired one. Raises NotFound, also for another workspace's."""
    found = _gateways(workspace_id).filter(id=gateway_id).first()
    if found is None:
        raise NotFound("gateway", gateway_id)
    return found


def find_gateway(workspace_id: int, gateway_id: int | None) -> Gateway | None:
    """One gateway of the workspace, if there is one of this id."""
    return Gateway.objects.filter(workspace_id=workspace_id, id=gateway_id or 0).first()


def access_sender(workspace_id: int, sender_id: int) -> Sender:
    """One sender of the workspace. Raises NotFound, also for another workspace's."""
    found = Sender.objects.filter(workspace_id=workspace_id, id=sender_id).first()
    if found is None:
        raise NotFound("sender", sender_id)
    return found


def shown_settings(gateway: Gateway) -> Values:
    """Settings of a gateway to show in a page or the API: without secrets.

    None at all where its provider is not installed: nobody can tell which are secret.
    """
    provider = find_provider(gateway.provider)
    return hide_secrets(provider, gateway.settings) if provider else {}


def list_cautions(gateway: Gateway) -> tuple[str, ...]:
    """What its settings allow and should not, or say and is not done, in the reader's language."""
    provider = find_provider(gateway.provider)
    return provider.cautions(gateway.settings) if isinstance(provider, Cautious) else ()


def is_down(gateway: Gateway) -> bool:
    """Whether nothing leaves by it now: switched off, given up, or not connected."""
    health = getattr(gateway, "gatewayhealth", None)
    return gateway.state != GatewayState.ACTIVE or health is None or not health.is_bound


def has_price(gateway: Gateway) -> bool:
    """Whether a segment through it costs something, at least to one country, as far as is known."""
    return gateway.price_micros > 0 or any(gateway.prices.values())


def is_simulated(gateway: Gateway) -> bool:
    """Whether its texts reach no phone."""
    return is_simulated_kind(gateway.provider)


def is_simulated_kind(kind: str | None) -> bool:
    """Whether texts by providers of this kind reach no phone; False for a kind that is not there."""
    provider = find_provider(kind) if kind else None
    return provider is not None and provider.is_simulated


def provider_of(gateway: Gateway) -> Provider:
    """Its provider. Raises NotFound where that is not installed any more."""
    provider = find_provider(gateway.provider)
    if provider is None:
        raise NotFound("provider", gateway.provider)
    return provider


def find_sender(workspace_id: int, gateway_id: int, value: str, country: str) -> Sender | None:
    """The active sender that may be shown in a country; one for the country before one for all."""
    return (
        Sender.objects.filter(
            workspace_id=workspace_id,
            gateway_id=gateway_id,
            value=value,
            is_active=True,
            country__in=[country, ""],
        )
        .order_by("-country")
        .first()
    )


def list_sender_values(workspace_id: int, gateway_id: int) -> list[str]:
    """What may be shown on a gateway, each once, by name."""
    senders = Sender.objects.filter(
        workspace_id=workspace_id, gateway_id=gateway_id, is_active=True
    )
    return sorted(set(senders.values_list("value", flat=True)))


def load_gateway_spec(gateway_id: int) -> GatewaySpec:
    """All that a connector needs, secrets in the clear. For connectors alone.

    Raises:
        NotFound: no such gateway, or its provider is not installed.
        Unsealable: its secrets were sealed with another signing key.
    """
    active = Prefetch("senders", Sender.objects.filter(is_active=True).order_by("id"))
    gateway = Gateway.objects.filter(id=gateway_id).prefetch_related(active).first()
    if gateway is None:
        raise NotFound("gateway", gateway_id)
    return GatewaySpec(
        id=gateway.id,
        workspace_id=gateway.workspace_id,
        name=gateway.name,
        provider=gateway.provider,
        state=gateway.state,
        settings=unseal_settings(provider_of(gateway), gateway.settings),
        segments_per_second=gateway.segments_per_second,
        window=gateway.window,
        price_micros=gateway.price_micros,
        prices=dict(gateway.prices),
        currency=gateway.currency,
        senders=_sender_specs(gateway.senders.all()),
        is_sandbox=_is_sandbox(gateway.workspace_id),
        rights=list_rights(gateway.workspace_id, on=now().date()),
        templates=list_approved(gateway.workspace_id, on=now().date()),
    )


def _is_sandbox(workspace_id: int) -> bool:
    """True also where there is no such workspace: nobody can say that its texts may leave."""
    found = Workspace.objects.filter(id=workspace_id).values_list("is_sandbox", flat=True).first()
    return found is not False


def _sender_specs(senders: Iterable[Sender]) -> tuple[SenderSpec, ...]:
    return tuple(SenderSpec(s.value, s.kind, s.country, s.segments_per_second) for s in senders)
