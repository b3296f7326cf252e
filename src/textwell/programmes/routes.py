"""By what a text of a programme goes to a person, and when it may."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from textwell.accounts.models import Workspace
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.gateways.rights import load_rights
from textwell.gateways.selectors import is_simulated_kind
from textwell.messaging.law import judge_hours, place_of
from textwell.messaging.plan_law import law_layer
from textwell.messaging.sender_law import class_of, judge_kind
from textwell.programmes import sql


@dataclass(frozen=True, slots=True)
class Route:
    """A gateway and what the handset shows."""

    gateway_id: int
    sender: str
    is_simulated: bool
    is_answerable: bool  # nobody can answer a name


def find_route(
    workspace_id: int, country: str, sender: str = "", *, purpose: str = "marketing"
) -> Route | None:
    """The sender asked for where law lets it be shown there, else the best one; None: there is none."""
    with cursor() as raw:
        raw.execute(sql.ROUTE, {"workspace_id": workspace_id, "country": country, "sender": sender})
        rows = raw.fetchall()
    judge = _judge_of(workspace_id, country, class_of(purpose))
    for gateway_id, provider, value, kind in rows:
        is_simulated = is_simulated_kind(provider)
        if is_simulated or not judge(value, kind):
            return Route(gateway_id, value, is_simulated, kind != "alphanumeric")
    return None


def _judge_of(workspace_id: int, country: str, own: str) -> Callable[[str, str], str]:
    """Says why law lets nobody there be shown a sender of a kind; "" if it may be."""
    today = now().date()
    rights = cache(lambda: load_rights(workspace_id, on=today))  # few countries ask for them
    is_sandbox = Workspace.objects.filter(id=workspace_id, is_sandbox=True).exists()

    def judge(value: str, kind: str) -> str:
        if is_sandbox or not judge_kind(country, kind, own, is_registered=False, on=today):
            return ""
        is_registered = rights().covers(value, country, own, on=today)
        return judge_kind(country, kind, own, is_registered=is_registered, on=today)

    return judge


def lawful_time(contact: Contact, route: Route, at: datetime) -> datetime | None:
    """The first moment from `at` on at which law lets marketing go to them; None: there is none."""
    layer = Workspace.objects.values_list("law_layer", flat=True).get(id=contact.workspace_id)
    asked = law_layer(purpose="marketing", is_simulated=route.is_simulated, layer=layer)
    law = judge_hours(place_of(contact.country, contact.msisdn, contact.zone), at, asked)
    return at if not law.reason else law.lawful_at
