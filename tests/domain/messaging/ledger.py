"""A planned campaign in a few lines, and appended logs, for the tests of the ledger."""

from dataclasses import dataclass, replace
from datetime import timedelta

import psycopg
from django.db import connection, transaction

from builders import make_campaign, make_contact, make_crowd, make_gateway
from textwell.accounts.models import Workspace
from textwell.campaigns.models import Campaign
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.messaging import sql
from textwell.messaging.actions import SingleMessage, send_single
from textwell.messaging.fold import CHUNK_ROWS, Folded, fold_once
from textwell.messaging.models import Batch, Message
from textwell.messaging.plan import Plan, plan_chunk, reserve_block


@dataclass
class Planned:
    """A campaign whose messages are planned."""

    campaign: Campaign
    plan: Plan
    people: list[Contact]

    @property
    def message_ids(self) -> list[int]:
        found = Message.objects.filter(campaign_id=self.campaign.id, state="planned")
        return list(found.order_by("id").values_list("id", flat=True))


def build_plan(workspace: Workspace, campaign: Campaign, **changes: object) -> Plan:
    first, last = reserve_block(1_000)
    plan = Plan(
        workspace_id=workspace.id,
        campaign_id=campaign.id,
        gateway_id=campaign.gateway_id or 0,
        sender="BAKERY",
        sender_countries=("",),
        lane="bulk",
        purpose="marketing",
        needs_consent=True,
        cap_count=0,
        cap_hours=24,
        due_at=now(),
        expires_at=None,
        audience_where="true",
        audience_params={},
        first_message_id=first,
        last_message_id=last,
    )
    return replace(plan, **changes)  # type: ignore[arg-type]


def run_plan(plan: Plan, *, limit: int = 1_000) -> int:
    """Plan everybody in one chunk; answers how many are sendable."""
    with transaction.atomic():
        chunk = plan_chunk(
            plan,
            first_id=plan.first_message_id,
            after_contact_id=0,
            until_contact_id=2**60,
            limit=limit,
        )
    return chunk.sendable_count


def plan_campaign(workspace: Workspace, *, people: int = 3, **changes: object) -> Planned:
    gateway = make_gateway(workspace=workspace)
    campaign = make_campaign(workspace=workspace, gateway=gateway, state="sending")
    contacts = make_crowd(workspace=workspace, count=people)
    plan = build_plan(workspace, campaign, **changes)
    run_plan(plan)
    return Planned(campaign, plan, contacts)


def append_outcome(
    message_id: int,
    outcome: str,
    *,
    key: int | None = None,
    segments: int = 1,
    reason: str = "",
    facts: str | None = None,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO messaging_outcome (message_id, gateway_id, at, outcome, provider_key,"
            " segment_count, cost_micros, reason, facts)"
            " VALUES (%s, 1, now(), %s, %s, %s, %s, %s, %s)",
            [message_id, outcome, key, segments, segments * 1_000, reason, facts],
        )


def append_dlr(state: str, *, key: int, message_id: int | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO messaging_dlr (gateway_id, message_id, provider_key, state, received_at)"
            " VALUES (1, %s, %s, %s, now())",
            [message_id, key, state],
        )


def fold(*, rows_at_once: int = CHUNK_ROWS) -> Folded:
    """Fold on Django's own connection, inside the test's transaction."""
    connection.ensure_connection()
    raw: psycopg.Connection = connection.connection  # type: ignore[type-arg]
    return fold_once(raw, chunk_rows=rows_at_once)


def states(planned: Planned) -> dict[int, str]:
    found = Message.objects.filter(campaign_id=planned.campaign.id)
    return dict(found.values_list("id", "state"))


def tally_equals_rows(campaign_id: int) -> bool:
    """The kept tallies equal a count of the rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, reason, count(*), sum(segment_count), sum(cost_micros), count(handed_at),"
            " coalesce(sum(segment_count) FILTER (WHERE handed_at IS NOT NULL), 0)"
            " FROM messaging_message WHERE campaign_id = %s GROUP BY 1, 2 ORDER BY 1, 2",
            [campaign_id],
        )
        rows = [tuple(row) for row in cursor.fetchall()]
        cursor.execute(sql.COUNT_BY_STATE + " ORDER BY 1, 2", {"campaign_id": campaign_id})
        kept = [tuple(row) for row in cursor.fetchall()]
    return rows == kept


def lose_answers(
    workspace: Workspace, *, people: int = 3, count: int = 2
) -> tuple[Planned, list[int]]:
    """A campaign whose first `count` messages have no answer, and the ids of those."""
    planned = plan_campaign(workspace, people=people)
    Campaign.objects.filter(id=planned.campaign.id).update(
        first_message_id=planned.plan.first_message_id,
        last_message_id=planned.plan.last_message_id,
        audience_count=people,
    )
    planned.campaign.refresh_from_db()
    ids = planned.message_ids[:count]
    Batch.objects.filter(campaign_id=planned.campaign.id).update(state="done")
    for message_id in ids:
        append_outcome(message_id, "unknown", reason="answer_lost")
    fold()
    return planned, ids


def send_text(workspace: Workspace) -> tuple[Contact, int]:
    """A text outside campaigns to somebody, and its id."""
    contact = make_contact(workspace=workspace)
    message = SingleMessage(
        workspace_id=workspace.id, contact_id=contact.id, msisdn=contact.msisdn, country="FR",
        body="Hi", purpose="service", lane="care",
        gateway_id=make_gateway(workspace=workspace).id, sender="BAKERY",
    )  # fmt: skip
    return contact, send_single(message, actor="test")


def lose_single(workspace: Workspace) -> int:
    """A message outside campaigns whose answer was lost; its id."""
    _contact, message_id = send_text(workspace)
    append_outcome(message_id, "unknown", reason="answer_lost")
    fold()
    return message_id


SOON = timedelta(hours=1)
