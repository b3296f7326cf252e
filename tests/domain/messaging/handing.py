"""What the hand-off decides about planned messages, without a connector and its sockets."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from django.db import connection
from psycopg.types.json import set_json_loads

from textwell.accounts.models import Workspace
from textwell.campaigns.models import Campaign
from textwell.core.clock import now
from textwell.gateways.selectors import load_gateway_spec
from textwell.messaging import sql
from textwell.messaging.caps import Caps
from textwell.messaging.law import capped_places
from textwell.messaging.models import Batch, Message
from textwell.messaging.proof.collecting import Collector
from textwell.runtime.connector.content import (
    READ_CAMPAIGN,
    Content,
    content_of_campaign,
    content_of_single,
)
from textwell.runtime.connector.preparing import _HANDED, prepare
from textwell.runtime.connector.window import LeasedBatch, Prepared, Row, Window


def judge(campaign: Campaign, *, at: datetime | None = None, **spec: Any) -> dict[int, str]:
    """Why each person of a planned campaign is left out at the hand-off, "" for those who get it.

    `spec` changes the gateway, as its `provider`.
    """
    message_ids = list(Message.objects.filter(campaign_id=campaign.id).values_list("id", flat=True))
    content = _content(campaign)
    batch = LeasedBatch(
        1, campaign.workspace_id, campaign.id, "bulk", max(message_ids), min(message_ids), content
    )
    found = Prepared()
    gateway = replace(load_gateway_spec(campaign.gateway_id or 0), **spec)
    rows = _rows(batch, min(message_ids), max(message_ids))
    prepare(rows, window=Window(1, batch, 0, 0.0), spec=gateway, at=at or now(), into=found)
    going = {pending.contact_id: "" for pending in found.pending}
    return going | {left.contact_id: left.reason for left in found.left_out}


def handed_before(campaign: Campaign) -> list[datetime]:
    """What the hand-off counts for a cap of law, of the one person of a planned campaign."""
    content = _content(campaign)
    message = Message.objects.get(campaign_id=campaign.id)
    caps = Caps(legal=capped_places(now().date()))
    batch = LeasedBatch(
        1, campaign.workspace_id, campaign.id, "bulk", message.id, message.id, content, caps
    )
    (row,) = _rows(batch, message.id, message.id)
    return list(row[_HANDED] or ())


def _content(campaign: Campaign) -> Content:
    with connection.cursor() as cursor:
        cursor.execute(READ_CAMPAIGN, {"campaign_id": campaign.id})
        return content_of_campaign(cursor.fetchone())


def _rows(batch: LeasedBatch, first: int, last: int) -> list[Row]:
    params = {
        **batch.content.gate_params(),
        **batch.caps.params(),
        "window_id": 1,
        "first_id": first,
        "last_id": last,
    }
    connection.ensure_connection()
    with connection.connection.cursor() as raw:
        set_json_loads(orjson.loads, raw)  # as of a connector's own connection
        raw.execute(sql.READ_WINDOW, params)
        return list(raw.fetchall())


def hand_off_waiting(workspace: Workspace, *, at: datetime | None = None) -> dict[int, str]:
    """The same of all that waits in a workspace, by whatever route it came: campaigns and single texts."""
    found = prepare_waiting(workspace, at or now())
    going = {pending.contact_id: "" for pending in found.pending}
    return going | {left.contact_id: left.reason for left in found.left_out}


def hand_off_waiting_texts(workspace: Workspace) -> dict[int, str]:
    """What each person would get of it."""
    found = prepare_waiting(workspace, now())
    return {pending.contact_id: pending.handoff.text for pending in found.pending}


def _promised(workspace: Workspace) -> dict[str, Any]:
    """As a lease reads it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql.promise_of('%(id)s')}", {"id": workspace.id})
        return dict(orjson.loads(cursor.fetchone()[0]))


def prepare_waiting(
    workspace: Workspace, at: datetime, *, proofs: Collector | None = None
) -> Prepared:
    """All that waits, as a connector would have it ready at that moment."""
    found = Prepared(proofs=proofs)
    open_batches = Batch.objects.filter(workspace_id=workspace.id, state__in=["planned", "queued"])
    for row in open_batches.order_by("id"):
        content = (
            content_of_single(body=row.body, extra=row.extra)
            if row.campaign_id is None
            else _content(Campaign.objects.get(id=row.campaign_id))
        )
        first, last = row.first_message_id, row.last_message_id
        batch = LeasedBatch(
            row.id, workspace.id, row.campaign_id, row.lane, last, first, content,
            content.caps(workspace.cap_count, workspace.cap_hours, _promised(workspace)),
        )  # fmt: skip
        prepare(
            _rows(batch, first, last),
            window=Window(1, batch, 0, 0.0),
            spec=load_gateway_spec(row.gateway_id),
            at=at,
            into=found,
        )
    return found
