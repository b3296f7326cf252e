"""What other rule packs would do to texts that wait: which of them they move, and which they stop.

Hours and holidays are judged, and whether there is a pack: for each place and minute once, so that a
million texts are some thousands of questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from django.db import connection

from textwell.campaigns.models import OPEN_STATES, Campaign
from textwell.compliance.choices import read_choices
from textwell.compliance.engine import decide
from textwell.compliance.library import Library
from textwell.compliance.types import (
    Case,
    Consent,
    ConsentKind,
    Decision,
    Layer,
    MessageClass,
    Recipient,
    Verdict,
)
from textwell.messaging.law import NUMBER_STARTS, Place, place_of, zones_of
from textwell.messaging.law_choices import whole_choices
from textwell.messaging.purposes import is_marketing
from textwell.messaging.states import WAITING

_STARTS: Final = orjson.dumps(NUMBER_STARTS).decode()

# A text's place, as `messaging.law.Place`; of a person who is gone no zone is known.
_PLACE = """
    m.country, left(m.msisdn, coalesce((%(starts)s::jsonb ->> m.country)::int, 0)) AS start,
    coalesce(c.zone, '') AS zone
"""
_FROM = """
    FROM messaging_message m
    LEFT JOIN contacts_contact c ON c.id = m.contact_id AND c.workspace_id = m.workspace_id
"""

# Campaigns alone: a single text has no index by its state, and is judged when it is taken.
_THAT_WAIT = f"""
SELECT m.campaign_id, {_PLACE}, date_trunc('minute', m.due_at) AS minute, count(*)
{_FROM}
JOIN campaigns_campaign k ON k.id = m.campaign_id
WHERE k.id = ANY(%(campaign_ids)s) AND m.id BETWEEN k.first_message_id AND k.last_message_id
  AND m.state = ANY(%(waiting)s) AND m.due_at > now()
GROUP BY 1, 2, 3, 4, 5
"""
_IDS_OF_GROUP = f"""
SELECT m.id, m.due_at {_FROM}
WHERE m.id BETWEEN %(first_id)s AND %(last_id)s AND m.campaign_id = %(campaign_id)s
  AND m.state = ANY(%(waiting)s) AND m.country = %(country)s
  AND left(m.msisdn, %(length)s) = %(start)s AND coalesce(c.zone, '') = %(zone)s
  AND m.due_at >= %(minute)s AND m.due_at < %(minute)s + interval '1 minute'
ORDER BY m.id
"""


@dataclass(frozen=True, slots=True)
class Change:
    """Texts of one place and minute that another pack moves or stops; `until` None: it stops them."""

    campaign_id: int
    country: str
    start: str
    zone: str
    minute: datetime
    count: int
    reason: str
    until: datetime | None


def find_changes(campaigns: Iterable[Campaign], old: Library, new: Library) -> Iterator[Change]:
    """Texts of these that wait and may go when they are due under the old packs, not under the new."""
    campaigns = list(campaigns)
    layers = {each.id: each.law_layer for each in campaigns if is_marketing(each.purpose)}
    chosen = {each.workspace_id: "" for each in campaigns}
    chosen = {workspace_id: whole_choices(workspace_id) for workspace_id in chosen}
    choices = {each.id: chosen[each.workspace_id] for each in campaigns}
    params = {"starts": _STARTS, "campaign_ids": list(layers), "waiting": sorted(WAITING)}
    for campaign_id, country, start, zone, minute, count in _fetch(_THAT_WAIT, params):
        layer = (layers[campaign_id] or Layer.RECOMMENDED.value) + choices[campaign_id]
        place = place_of(country, start, zone)
        after = _judge(place, minute, layer, new)
        if after.verdict is Verdict.ALLOW:
            continue
        if _judge(place, minute, layer, old).verdict is Verdict.ALLOW:
            yield Change(
                campaign_id, country, start, zone, minute, count, after.reason.value, after.until
            )


def list_open_campaigns(workspace_id: int | None = None) -> list[Campaign]:
    """Campaigns with texts that may wait; of every workspace without one."""
    found = Campaign.objects.filter(state__in=OPEN_STATES, first_message_id__isnull=False)
    if workspace_id is not None:
        found = found.filter(workspace_id=workspace_id)
    return list(found.order_by("id"))


def list_changed_messages(campaign: Campaign, change: Change) -> list[tuple[int, datetime]]:
    """(message id, when it is due) of a change, by rising id."""
    params = {
        "first_id": campaign.first_message_id,
        "last_id": campaign.last_message_id,
        "campaign_id": campaign.id,
        "waiting": sorted(WAITING),
        "country": change.country,
        "start": change.start,
        "length": len(change.start),
        "zone": change.zone,
        "minute": change.minute,
    }
    return [(int(row[0]), row[1]) for row in _fetch(_IDS_OF_GROUP, params)]


def _fetch(statement: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def _judge(place: Place, minute: datetime, layer: str, library: Library) -> Decision:
    """What is not asked here is as good as it can be: the time decides alone."""
    recipient = Recipient(place.country, number=place.number_start, zones=zones_of(place))
    chosen = read_choices(layer)
    return decide(
        Case(
            at=minute,
            recipient=recipient,
            message_class=MessageClass.MARKETING,
            consent=Consent(ConsentKind.EXPRESS_WRITTEN),
            layer=chosen.layer,
            free_days=chosen.free_days,
            lenient=chosen.lenient,
        ),
        library,
    )
