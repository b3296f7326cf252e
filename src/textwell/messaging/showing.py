"""Where a sender may be shown: the registry and the law together, for whole audiences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

from django.utils.translation import gettext as _

from textwell.accounts.models import Workspace
from textwell.core.clock import now
from textwell.gateways.approved import Approved, list_approved
from textwell.gateways.models import Gateway, Sender
from textwell.gateways.rights import load_rights
from textwell.gateways.selectors import is_simulated
from textwell.messaging.purposes import is_marketing
from textwell.messaging.sender_law import (
    BatchLimits,
    batch_countries,
    class_of,
    classes_of,
    judge_kind,
    limited_countries,
    needs_template,
    refused_countries,
    registry_of,
)


def find_refused(gateway: Gateway | None, *, sender: str, purpose: str, on: date) -> dict[str, str]:
    """Countries whose numbers may not be shown this sender of a gateway, with the gate's reason.

    None where no phone gets its texts: simulated gateways and sandboxes.
    """
    if gateway is None or not sender or not asks_law(gateway):
        return {}
    found = Sender.objects.filter(gateway=gateway, value=sender, is_active=True)
    kinds = dict(found.values_list("country", "kind"))
    own, rights = class_of(purpose), load_rights(gateway.workspace_id, on=on)
    approved = cache(lambda: Approved(list_approved(gateway.workspace_id, on=on, value=sender)))
    return refused_countries(
        kinds,
        own,
        is_registered=lambda country: rights.covers(sender, country, own, on=on),
        has_template=lambda country: bool(approved().find(sender, country, own, on=on)),
        on=on,
    )


def find_batch_limits(
    gateway: Gateway | None, *, sender: str, purpose: str, on: date, layer: str
) -> dict[str, BatchLimits]:
    """Countries where a campaign's advertising by this sender is taken for so many people at once."""
    is_asked = is_marketing(purpose) and batch_countries(on)
    if gateway is None or not sender or not is_asked or not asks_law(gateway):
        return {}
    found = Sender.objects.filter(gateway=gateway, value=sender, is_active=True)
    return limited_countries(
        dict(found.values_list("country", "kind")), purpose, on=on, layer=layer
    )


def judge_senders(workspace_id: int, country: str, purpose: str) -> Callable[[str, str], str]:
    """Says why nobody in a country may be shown a sender (its value, its kind) now; "" if they may.

    The registry is read when a sender is asked about that must be registered, and once.
    """
    today, own, classes = now().date(), class_of(purpose), classes_of(purpose)
    rights = cache(lambda: load_rights(workspace_id, on=today))
    approved = cache(lambda: Approved(list_approved(workspace_id, on=today, country=country)))

    def judge(value: str, kind: str) -> str:
        if not judge_kind(country, kind, own, is_registered=False, on=today):
            return ""
        is_registered = any(rights().covers(value, country, each, on=today) for each in classes)
        has_template = None
        if needs_template(country, kind, own, on=today):
            has_template = bool(approved().find(value, country, own, on=today))
        return judge_kind(
            country, kind, own, is_registered=is_registered, has_template=has_template, on=today
        )

    return judge


def asks_law(gateway: Gateway) -> bool:
    """Whether its texts reach phones, so that senders must be what law wants."""
    if is_simulated(gateway):
        return False
    found = Workspace.objects.filter(id=gateway.workspace_id).values_list("is_sandbox", flat=True)
    return found.first() is not True


def missing_registration(sender: str, country: str, purpose: str, *, on: date) -> str:
    """What is missing where a sender must be registered first, in words."""
    told = _("“%(sender)s” is not registered in %(country)s for %(class)s.") % {
        "sender": sender,
        "country": country,
        "class": class_of(purpose),
    }
    registry = registry_of(country, on)
    return f"{told} {_('Registry: %(name)s.') % {'name': registry}}" if registry else told
