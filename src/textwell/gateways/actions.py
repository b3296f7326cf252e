"""Every write to gateways and their senders."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row, record_audit
from textwell.core.bus import publish_core_after_commit
from textwell.core.errors import Conflict, FieldError
from textwell.gateways.doors import WEBHOOK_SECRET, forget_gateway, publish_gateway
from textwell.gateways.errors import GatewayRetired
from textwell.gateways.models import Gateway, GatewayState, Sender
from textwell.gateways.providers.base import Provider
from textwell.gateways.registry import find_provider, list_providers
from textwell.gateways.sandbox import check_sandbox
from textwell.gateways.selectors import access_gateway, access_sender, provider_of, shown_settings
from textwell.gateways.settings import (
    Values,
    check_settings,
    merge_settings,
    seal_settings,
    unseal_kept,
)
from textwell.gateways.values import (
    check_country,
    check_currency,
    check_name,
    check_price,
    check_prices,
    check_rate,
    check_sender,
    check_window,
)

CONTROL_SUBJECT: Final = "control.gateways"
_STILLED: Final = frozenset({"gateway.paused", "gateway.retired"})  # what no wall stands against


def create_gateway(
    *,
    workspace_id: int,
    name: str,
    provider: str,
    settings: Mapping[str, object],
    actor: str,
    segments_per_second: float = 100.0,
    window: int = 100,
    price_micros: int = 0,
    prices: Mapping[str, int] | None = None,
    currency: str = "EUR",
) -> Gateway:
    """A new gateway, active at once: a connector takes it up within seconds.

    `settings` by the provider's fields; secrets are sealed. A webhook secret that is not given is
    made. Raises FieldError, also where it would leave a sandbox, or Conflict where the workspace has
    this name already.
    """
    kind = _find_kind(provider)
    values = _with_webhook_secret(check_settings(kind, settings))
    gateway = Gateway(
        workspace_id=workspace_id,
        name=check_name(name),
        provider=provider,
        settings=seal_settings(kind, values),
        segments_per_second=check_rate(segments_per_second),
        window=check_window(window),
        price_micros=check_price("price_micros", price_micros),
        prices=check_prices(prices or {}),
        currency=check_currency(currency),
    )
    _save(gateway, actor=actor, action="gateway.created", before=None)
    return gateway


@transaction.atomic
def update_gateway(
    *,
    workspace_id: int,
    gateway_id: int,
    actor: str,
    name: str | None = None,
    settings: Mapping[str, object] | None = None,
    segments_per_second: float | None = None,
    window: int | None = None,
    price_micros: int | None = None,
    prices: Mapping[str, int] | None = None,
    currency: str | None = None,
) -> Gateway:
    """Change what is given. In `settings` too: what is left out, or a secret left empty, stays.

    A gateway that its connector gave up becomes active again, since its settings may be mended now.
    Raises NotFound, FieldError, Conflict.
    """
    gateway = _access_in_use(workspace_id, gateway_id)
    before = _facts(gateway)
    if name is not None:
        gateway.name = check_name(name)
    if settings is not None:
        gateway.settings = _merge_settings(gateway, settings)
    if segments_per_second is not None:
        gateway.segments_per_second = check_rate(segments_per_second)
    if window is not None:
        gateway.window = check_window(window)
    if price_micros is not None:
        gateway.price_micros = check_price("price_micros", price_micros)
    if prices is not None:
        gateway.prices = check_prices(prices)
    if currency is not None:
        gateway.currency = check_currency(currency)
    if gateway.state == GatewayState.BROKEN:
        gateway.state = GatewayState.ACTIVE
    _save(gateway, actor=actor, action="gateway.updated", before=before)
    return gateway


@transaction.atomic
def pause_gateway(*, workspace_id: int, gateway_id: int, actor: str) -> Gateway:
    """Its connector finishes what is in flight and unbinds. Twice is once."""
    return _set_state(workspace_id, gateway_id, GatewayState.PAUSED, actor, "gateway.paused")


@transaction.atomic
def resume_gateway(*, workspace_id: int, gateway_id: int, actor: str) -> Gateway:
    """Active again, after a pause or after its connector gave up. Twice is once."""
    return _set_state(workspace_id, gateway_id, GatewayState.ACTIVE, actor, "gateway.resumed")


def mark_gateway_broken(*, gateway_id: int, reason: str) -> bool:
    """The carrier refuses us as configured. Messages wait; it is tried seldom until it is mended.

    False if it was not active any more.
    """
    return _turn(gateway_id, GatewayState.ACTIVE, GatewayState.BROKEN, "gateway.broken", reason)


def mark_gateway_mended(*, gateway_id: int) -> bool:
    """The carrier accepts a broken gateway again. False if it was not broken."""
    return _turn(gateway_id, GatewayState.BROKEN, GatewayState.ACTIVE, "gateway.mended", "")


@transaction.atomic
def retire_gateway(*, workspace_id: int, gateway_id: int, actor: str) -> Gateway:
    """Hide a gateway at rest: no connector binds it again, and nothing new goes by it. Twice is once.

    Its door for webhooks stays open, so that late receipts and replies are taken. Raises Conflict while
    it is active. `campaigns.removal` asks whether something waits for it.
    """
    gateway = _lock(workspace_id, gateway_id)
    if gateway.state == GatewayState.ACTIVE:
        raise Conflict(_("The gateway is active. Pause it first."))
    return _change_state(gateway, GatewayState.RETIRED, actor, "gateway.retired")


@transaction.atomic
def restore_gateway(*, workspace_id: int, gateway_id: int, actor: str) -> Gateway:
    """Bring a retired gateway back, paused: who wants it to carry resumes it. Twice is once."""
    gateway = _lock(workspace_id, gateway_id)
    if gateway.state != GatewayState.RETIRED:
        return gateway
    return _change_state(gateway, GatewayState.PAUSED, actor, "gateway.restored")


@transaction.atomic
def delete_gateway(*, workspace_id: int, gateway_id: int, actor: str) -> None:
    """Remove a paused gateway with its senders. Raises Conflict while it is active.

    For one that never carried anything: figures and late receipts of another are found by it, and
    `campaigns.removal` retires it.
    """
    gateway = _lock(workspace_id, gateway_id)
    if gateway.state == GatewayState.ACTIVE:
        raise Conflict(_("The gateway is active. Pause it first."))
    audit_row(gateway, "gateway", actor, "gateway.deleted", before=_facts(gateway))
    gateway.delete()
    forget_gateway(gateway_id)
    publish_core_after_commit(CONTROL_SUBJECT, str(gateway_id).encode())


@transaction.atomic
def add_sender(
    *,
    workspace_id: int,
    gateway_id: int,
    value: str,
    kind: str,
    actor: str,
    country: str = "",
    segments_per_second: float | None = None,
) -> Sender:
    """Allow a sender on a gateway, for one country or ('') all.

    Raises FieldError, NotFound, or Conflict if it is there already.
    """
    gateway = _access_in_use(workspace_id, gateway_id)
    sender = Sender(
        workspace_id=workspace_id,
        gateway=gateway,
        value=check_sender(value.strip(), kind),
        kind=kind,
        country=check_country(country),
        segments_per_second=None
        if segments_per_second is None
        else check_rate(segments_per_second),
    )
    try:
        with transaction.atomic():
            sender.save()
            audit_row(gateway, "gateway", actor, "sender.added", after=_sender_facts(sender))
            publish_core_after_commit(CONTROL_SUBJECT, str(gateway_id).encode())
    except IntegrityError:
        raise Conflict(_("The gateway has this sender for this country already.")) from None
    return sender


@transaction.atomic
def set_sender_active(*, workspace_id: int, sender_id: int, is_active: bool, actor: str) -> Sender:
    """Allow or forbid a sender; what waits is held to it at hand-off. Twice is once."""
    sender, gateway = _lock_sender(workspace_id, sender_id)
    if sender.is_active != is_active:
        sender.is_active = is_active
        _save_sender(sender, gateway, "is_active", actor)
    return sender


@transaction.atomic
def set_sender_rate(
    *, workspace_id: int, sender_id: int, segments_per_second: float | None, actor: str
) -> Sender:
    """A rate of the sender's own beside its gateway's; None: its gateway's alone. Twice is once.

    Raises FieldError or NotFound.
    """
    rate = None if segments_per_second is None else check_rate(segments_per_second)
    sender, gateway = _lock_sender(workspace_id, sender_id)
    if sender.segments_per_second != rate:
        sender.segments_per_second = rate
        _save_sender(sender, gateway, "segments_per_second", actor)
    return sender


# -- inside --------------------------------------------------------------------------------


def _turn(
    gateway_id: int, before: GatewayState, after: GatewayState, action: str, reason: str
) -> bool:
    """What a connector found out about its gateway; False if it was not in the state `before`."""
    with transaction.atomic():
        if not Gateway.objects.filter(id=gateway_id, state=before).update(state=after):
            return False
        record_audit(
            workspace_id=Gateway.objects.get(id=gateway_id).workspace_id,
            actor="system",
            action=action,
            subject=f"gateway:{gateway_id}",
            reason=reason,
        )
        publish_core_after_commit(CONTROL_SUBJECT, str(gateway_id).encode())
    return True


def _set_state(
    workspace_id: int, gateway_id: int, state: GatewayState, actor: str, action: str
) -> Gateway:
    return _change_state(_access_in_use(workspace_id, gateway_id), state, actor, action)


def _change_state(gateway: Gateway, state: GatewayState, actor: str, action: str) -> Gateway:
    if gateway.state != state:
        before = _facts(gateway)
        gateway.state = state
        _save(gateway, actor=actor, action=action, before=before)
    return gateway


def _lock(workspace_id: int, gateway_id: int) -> Gateway:
    """The gateway as it is now, until the present transaction ends: no change is written over.

    Raises NotFound, also for another workspace's.
    """
    mine = Gateway.objects.filter(workspace_id=workspace_id, id=gateway_id)
    mine.select_for_update(no_key=True).first()
    return access_gateway(workspace_id, gateway_id)


def _access_in_use(workspace_id: int, gateway_id: int) -> Gateway:
    """As `_lock`. Raises Conflict for a retired one, which must be brought back before it is changed."""
    gateway = _lock(workspace_id, gateway_id)
    if gateway.state == GatewayState.RETIRED:
        raise GatewayRetired
    return gateway


def _save(gateway: Gateway, *, actor: str, action: str, before: Values | None) -> None:
    try:
        with transaction.atomic():
            if action not in _STILLED:
                check_sandbox(gateway)
            gateway.save()
            audit_row(gateway, "gateway", actor, action, before=before, after=_facts(gateway))
            publish_gateway(gateway)
            publish_core_after_commit(CONTROL_SUBJECT, str(gateway.id).encode())
    except IntegrityError:
        raise Conflict(
            _(
                "There is a gateway of this name already, perhaps a retired one. Choose another name."
            )
        ) from None


def _facts(gateway: Gateway) -> Values:
    """What the audit keeps: everything but secrets."""
    return {
        "name": gateway.name,
        "provider": gateway.provider,
        "state": str(gateway.state),
        "settings": shown_settings(gateway),
        "segments_per_second": gateway.segments_per_second,
        "window": gateway.window,
        "price_micros": gateway.price_micros,
        "prices": gateway.prices,
        "currency": gateway.currency,
    }


def _lock_sender(workspace_id: int, sender_id: int) -> tuple[Sender, Gateway]:
    """Both as they are now, by the gateway's lock. Raises NotFound, or Conflict for a retired one's."""
    gateway_id = access_sender(workspace_id, sender_id).gateway_id
    gateway = _access_in_use(workspace_id, gateway_id)
    return access_sender(workspace_id, sender_id), gateway


def _save_sender(sender: Sender, gateway: Gateway, field: str, actor: str) -> None:
    sender.save(update_fields=[field])
    audit_row(gateway, "gateway", actor, "sender.changed", after=_sender_facts(sender))
    publish_core_after_commit(CONTROL_SUBJECT, str(sender.gateway_id).encode())


def _sender_facts(sender: Sender) -> Values:
    names = ("value", "kind", "country", "is_active", "segments_per_second")
    return {name: getattr(sender, name) for name in names}


def _find_kind(provider: str) -> Provider:
    found = find_provider(provider)
    if found is None:
        kinds = ", ".join(one.kind for one in list_providers())
        raise FieldError(
            "provider", _("is not installed."), _("Use one of: %(kinds)s.") % {"kinds": kinds}
        )
    return found


def _with_webhook_secret(values: Values) -> Values:
    """Make the secret that nobody should have to invent."""
    if WEBHOOK_SECRET in values and not values[WEBHOOK_SECRET]:
        values[WEBHOOK_SECRET] = secrets.token_urlsafe(24)
    return values


def _merge_settings(gateway: Gateway, given: Mapping[str, object]) -> Values:
    provider = provider_of(gateway)
    stored = unseal_kept(provider, gateway.settings, given)
    return seal_settings(provider, merge_settings(provider, stored, given))
