"""The job that turns an audience into message rows, a chunk at a time; stops and resumes anywhere."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from textwell.accounts.models import Workspace
from textwell.campaigns import sql as statements
from textwell.campaigns.actions import fail_campaign
from textwell.campaigns.models import Campaign, CampaignState
from textwell.campaigns.terms import (
    batches_of,
    caps_of,
    is_for_samples,
    layer_of,
    scope_of,
    sender_reasons_of,
    unpromised_of,
    workspace_layer,
)
from textwell.campaigns.values import link_values
from textwell.consent.statistics import refresh_standing_statistics
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.jobs import JobContext
from textwell.gateways.models import Sender
from textwell.links.actions import define_links, define_opt_out_links
from textwell.messaging.plan import LEAF_SIZE, Plan, finish_plan, plan_chunk, reserve_block
from textwell.messaging.purposes import needs_consent
from textwell.segments.selectors import compile_audience, count_audience
from textwell.segments.types import parse_audience

CHUNK_PEOPLE = 50_000
SPARE_IDS = 10_000  # message ids beyond the audience as it was counted


def _due_at(campaign: Campaign) -> datetime:
    return campaign.scheduled_at or campaign.launched_at or now()


def _begin(campaign: Campaign) -> None:
    """Count the audience, reserve its block of message ids, say where its links lead. Once."""
    if campaign.first_message_id is not None:
        return
    count = count_audience(campaign.workspace_id, parse_audience(campaign.audience))
    slack = count // 10 + SPARE_IDS  # people who join while the plan is made
    with transaction.atomic():
        wanted = min(count + slack, LEAF_SIZE)
        campaign.first_message_id, campaign.last_message_id = reserve_block(wanted)
        campaign.audience_count = count
        campaign.law_layer = workspace_layer(campaign.workspace_id)
        campaign.save(
            update_fields=["first_message_id", "last_message_id", "audience_count", "law_layer"]
        )
        if campaign.links:
            define_links(
                workspace_id=campaign.workspace_id,
                campaign_id=campaign.id,
                first_message_id=campaign.first_message_id,
                last_message_id=campaign.last_message_id,
                targets=[link["url"] for link in campaign.links],
                utm=campaign.utm,
                values=link_values(campaign.name),
            )
        else:
            define_opt_out_links(
                workspace_id=campaign.workspace_id,
                campaign_id=campaign.id,
                first_message_id=campaign.first_message_id,
                last_message_id=campaign.last_message_id,
            )


def build_plan(campaign: Campaign) -> Plan:
    """The plan's terms from a campaign whose block is reserved."""
    audience = compile_audience(campaign.workspace_id, parse_audience(campaign.audience))
    senders = Sender.objects.filter(
        gateway_id=campaign.gateway_id or 0, value=campaign.sender, is_active=True
    )
    caps, is_simulated = caps_of(campaign), is_for_samples(campaign)
    assert campaign.first_message_id is not None
    assert campaign.last_message_id is not None
    return Plan(
        workspace_id=campaign.workspace_id,
        campaign_id=campaign.id,
        gateway_id=campaign.gateway_id or 0,
        sender=campaign.sender,
        sender_countries=tuple(senders.values_list("country", flat=True)),
        lane=campaign.lane,
        purpose=campaign.purpose,
        needs_consent=needs_consent(campaign.purpose),
        cap_count=caps.count,
        cap_hours=caps.hours,
        workspace_cap_count=caps.workspace_count,
        workspace_cap_hours=caps.workspace_hours,
        promise=caps.promise,
        unpromised=unpromised_of(campaign, caps),
        due_at=_due_at(campaign),
        expires_at=campaign.ends_at,
        holdout_percent=campaign.holdout_percent,
        audience_where=audience.where,
        audience_params=dict(audience.params),
        first_message_id=campaign.first_message_id,
        last_message_id=campaign.last_message_id,
        is_simulated=is_simulated,
        sender_reasons=sender_reasons_of(campaign),
        batches=batches_of(campaign),
        law_layer=layer_of(campaign, is_simulated=is_simulated),
        scope=scope_of(campaign),
    )


def _step(campaign: Campaign, plan: Plan, *, until_contact_id: int) -> bool:
    """One chunk in one transaction; True while people are left."""
    with transaction.atomic():
        locked = Campaign.objects.select_for_update().get(id=campaign.id)
        if locked.state != CampaignState.PLANNING:
            return False
        first_id = plan.first_message_id + locked.planned_count
        if first_id > plan.last_message_id:
            left = _count_left(locked, until_contact_id)
            return _fail_full(locked, left) if left else _finish(locked, plan)
        chunk = plan_chunk(
            plan,
            first_id=first_id,
            after_contact_id=locked.plan_cursor,
            until_contact_id=until_contact_id,
            limit=CHUNK_PEOPLE,
        )
        if chunk.last_contact_id is None:
            return _finish(locked, plan)
        locked.planned_count += chunk.people_count
        locked.plan_cursor = chunk.last_contact_id
        locked.save(update_fields=["planned_count", "plan_cursor"])
    return True


def _count_left(campaign: Campaign, until_contact_id: int) -> int:
    """People of the audience who have no message row yet."""
    audience = compile_audience(campaign.workspace_id, parse_audience(campaign.audience))
    params: dict[str, Any] = {
        **audience.params,
        "workspace_id": campaign.workspace_id,
        "after_id": campaign.plan_cursor,
        "until_id": until_contact_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(statements.COUNT_LEFT.replace("__AUDIENCE__", audience.where), params)
        return int(cursor.fetchone()[0])


def _fail_full(campaign: Campaign, left_count: int) -> bool:
    """Nobody is dropped in silence: what could not be planned is said, and the rest is withdrawn."""
    campaign.audience_count = campaign.planned_count
    campaign.save(update_fields=["audience_count"])
    workspace = Workspace.objects.get(id=campaign.workspace_id)
    with translation.override(workspace.language):
        error = _(
            "There was no room for %(count)s people: the audience grew while the plan was made, or"
            " is larger than %(most)s. Copy the campaign and launch it for those who did not get it."
        ) % {"count": left_count, "most": LEAF_SIZE}
    fail_campaign(campaign, error)
    return False


def _finish(campaign: Campaign, plan: Plan) -> bool:
    finish_plan(plan)
    campaign.state = CampaignState.SENDING
    campaign.audience_count = campaign.planned_count
    campaign.save(update_fields=["state", "audience_count"])
    return False


def plan_campaign(context: JobContext) -> None:
    """Plan a campaign. Run again after a crash it goes on at the chunk where it stood."""
    campaign = Campaign.objects.get(id=int(context.payload["campaign_id"]))
    if campaign.state != CampaignState.PLANNING:
        return
    refresh_standing_statistics(campaign.workspace_id)
    _begin(campaign)
    people = Contact.objects.filter(workspace_id=campaign.workspace_id)
    until = people.aggregate(last=Max("id"))["last"] or 0
    plan = build_plan(campaign)
    while _step(campaign, plan, until_contact_id=until):
        campaign.refresh_from_db(fields=["planned_count"])
        context.save(done_count=campaign.planned_count, total_count=campaign.audience_count)
    _analyze()
    campaign.refresh_from_db()
    context.save(done_count=campaign.planned_count, total_count=campaign.planned_count)


def _analyze() -> None:
    """Fresh statistics of the rows just written: the fold's joins depend on them."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE messaging_message")
