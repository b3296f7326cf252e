"""By what a text of a programme goes to a person, and when it may."""

from dataclasses import dataclass
from datetime import datetime

from textwell.accounts.models import Workspace
from textwell.contacts.models import Contact
from textwell.core.db import cursor
from textwell.gateways.selectors import is_simulated_kind
from textwell.messaging.law import judge_hours, place_of
from textwell.messaging.plan_law import law_layer
from textwell.programmes import sql


@dataclass(frozen=True, slots=True)
class Route:
    """A gateway and what the handset shows."""

    gateway_id: int
    sender: str
    is_simulated: bool
    is_answerable: bool  # nobody can answer a name


def find_route(workspace_id: int, country: str, sender: str = "") -> Route | None:
    """The sender asked for where it may be shown there, else the best one; None: there is none."""
    with cursor() as raw:
        raw.execute(sql.ROUTE, {"workspace_id": workspace_id, "country": country, "sender": sender})
        row = raw.fetchone()
    if row is None:
        return None
    return Route(row[0], row[2], is_simulated_kind(row[1]), row[3] != "alphanumeric")


def lawful_time(contact: Contact, route: Route, at: datetime) -> datetime | None:
    """The first moment from `at` on at which law lets marketing go to them; None: there is none."""
    layer = Workspace.objects.values_list("law_layer", flat=True).get(id=contact.workspace_id)
    asked = law_layer(purpose="marketing", is_simulated=route.is_simulated, layer=layer)
    law = judge_hours(place_of(contact.country, contact.msisdn, contact.zone), at, asked)
    return at if not law.reason else law.lawful_at
