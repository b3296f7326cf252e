"""Where a sender may be shown: the registry and the law together, for whole audiences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

from django.utils.translation import gettext as _

from textwell.accounts.models import Workspace
from textwell.core.clock import now
from textwell.gateways.models import Gateway, Sender
from textwell.gateways.rights import load_rights
from textwell.gateways.selectors import is_simulated
from textwell.messaging.sender_law import (
    class_of,
    classes_of,
    judge_kind,
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
    return refused_countries(
        kinds,
        own,
        is_registered=lambda country: rights.covers(sender, country, own, on=on),
        on=on,
    )


def judge_senders(workspace_id: int, country: str, purpose: str) -> Callable[[str, str], str]:
    """Says why nobody in a country may be shown a sender (its value, its kind) now; "" if they may.

    The registry is read when a sender is asked about that must be registered, and once.
    """
    today, own, classes = now().date(), class_of(purpose), classes_of(purpose)
    rights = cache(lambda: load_rights(workspace_id, on=today))

    def judge(value: str, kind: str) -> str:
        if not judge_kind(country, kind, own, is_registered=False, on=today):
            return ""
        is_registered = any(rights().covers(value, country, each, on=today) for each in classes)
        return judge_kind(country, kind, own, is_registered=is_registered, on=today)

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
