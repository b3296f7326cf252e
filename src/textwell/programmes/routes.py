"""By what a text of a programme goes to a person, and when it may."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from textwell.accounts.models import Workspace
from textwell.contacts.models import Contact
from textwell.core.db import cursor
from textwell.gateways.selectors import is_simulated_kind
from textwell.messaging.caps import judge_person
from textwell.messaging.plan_law import law_layer
from textwell.messaging.showing import judge_senders
from textwell.programmes import sql

_NAME: Final = "alphanumeric"


@dataclass(frozen=True, slots=True)
class Route:
    """A gateway and what the handset shows."""

    gateway_id: int
    sender: str
    is_simulated: bool


def find_route(
    workspace_id: int,
    country: str,
    sender: str = "",
    *,
    purpose: str = "marketing",
    is_answered: bool = False,
) -> Route | None:
    """The sender asked for where law lets it be shown there, else the best one; None: there is none.

    `is_answered`: only one to which people can write back.
    """
    with cursor() as raw:
        raw.execute(sql.ROUTE, {"workspace_id": workspace_id, "country": country, "sender": sender})
        rows = raw.fetchall()
    judge = judge_senders(workspace_id, country, purpose)
    for gateway_id, provider, value, kind, is_sandbox in rows:
        if is_answered and kind == _NAME:
            continue  # nobody can answer a name
        is_simulated = is_simulated_kind(provider)
        if is_simulated or is_sandbox or not judge(value, kind):
            return Route(gateway_id, value, is_simulated)
    return None


def lawful_time(contact: Contact, route: Route, at: datetime) -> datetime | None:
    """The first moment from `at` on at which law lets marketing go to them; None: there is none."""
    workspace = Workspace.objects.only("law_layer", "law_choices").get(id=contact.workspace_id)
    asked = law_layer(purpose="marketing", is_simulated=route.is_simulated, layer=workspace.law)
    law = judge_person(contact, at, asked)
    return at if not law.reason else law.lawful_at
