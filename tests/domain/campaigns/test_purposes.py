"""Marketing goes by bulk and counts against caps, whatever way it took; other texts do neither."""

from importlib import import_module
from types import ModuleType

import pytest
from django.db import connection

from builders import make_campaign, make_contact, make_gateway
from domain.messaging.ledger import build_plan, plan_campaign, run_plan
from textwell.accounts.models import Workspace
from textwell.campaigns.actions import create_campaign, update_campaign
from textwell.campaigns.checks import check_campaign
from textwell.campaigns.forecast import build_preview
from textwell.campaigns.models import Campaign
from textwell.campaigns.trial import send_test
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.messaging import sql
from textwell.messaging.actions import SingleMessage, send_single
from textwell.messaging.caps import Caps
from textwell.messaging.models import Message
from textwell.runtime.connector.content import GENERAL

pytestmark = pytest.mark.django_db


def send_one(workspace: Workspace, contact: Contact, *, purpose: str, lane: str) -> int:
    message = SingleMessage(
        workspace_id=workspace.id,
        contact_id=contact.id,
        msisdn=contact.msisdn,
        country=contact.country,
        body="Hi.",
        purpose=purpose,
        lane=lane,
        gateway_id=make_gateway(workspace=workspace).id,
        sender="BAKERY",
    )
    return send_single(message, actor="system")


def counted(workspace: Workspace, contact: Contact) -> int:
    """Texts that the gate counts for a campaign which begins now."""
    campaign = make_campaign(workspace=workspace, cap_count=1)
    return 1 if build_preview(campaign, contact).reason == "frequency_cap" else 0


@pytest.mark.parametrize("lane", ["urgent", "care"])
def test_marketing_is_refused_any_lane_but_bulk(workspace: Workspace, lane: str) -> None:
    campaign = make_campaign(workspace=workspace)

    with pytest.raises(FieldError) as refused:
        update_campaign(campaign=campaign, actor="user:1", lane=lane)
    with pytest.raises(FieldError):
        create_campaign(workspace_id=workspace.id, actor="user:1", name="Spring", lane=lane)

    assert (refused.value.field, refused.value.mend != "") == ("lane", True)
    assert Campaign.objects.get().lane == "bulk"


def test_a_draft_that_becomes_marketing_goes_by_bulk(workspace: Workspace) -> None:
    campaign = make_campaign(workspace=workspace, purpose="care", lane="urgent")

    changed = update_campaign(campaign=campaign, actor="user:1", purpose="marketing")

    assert Campaign.objects.get(id=campaign.id).lane == changed.lane == "bulk"


def test_a_stored_marketing_campaign_with_another_lane_cannot_be_launched(
    workspace: Workspace,
) -> None:
    make_contact(workspace=workspace)
    campaign = make_campaign(workspace=workspace, lane="urgent")

    assert [problem.field for problem in check_campaign(campaign)] == ["lane"]


@pytest.mark.parametrize(
    ("purpose", "lane", "reason"),
    [
        ("marketing", "urgent", "frequency_cap"),
        ("markting", "bulk", "frequency_cap"),
        ("care", "bulk", ""),
        ("transactional", "urgent", ""),
    ],
)
def test_a_cap_counts_by_purpose_and_not_by_lane(
    workspace: Workspace, purpose: str, lane: str, reason: str
) -> None:
    contact = make_contact(workspace=workspace)
    earlier = make_campaign(workspace=workspace)
    run_plan(build_plan(workspace, earlier, purpose=purpose, lane=lane, needs_consent=False))
    campaign = make_campaign(workspace=workspace)

    run_plan(build_plan(workspace, campaign, cap_count=1))

    assert Message.objects.get(campaign_id=campaign.id, contact_id=contact.id).reason == reason


@pytest.mark.parametrize(("purpose", "is_counted"), [("marketing", 1), ("otp", 0), ("care", 0)])
def test_single_texts_count_if_they_are_marketing(
    workspace: Workspace, purpose: str, is_counted: int
) -> None:
    contact = make_contact(workspace=workspace)

    send_one(workspace, contact, purpose=purpose, lane="bulk")

    assert counted(workspace, contact) == is_counted


def test_a_test_send_counts_against_no_cap(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace)
    campaign = make_campaign(workspace=workspace, cap_count=1)

    for _time in range(2):
        send_test(campaign=campaign, contact=contact, actor="user:1")

    assert [message.is_counted for message in Message.objects.all()] == [False, False]


def test_a_connector_counts_by_purpose_too(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace)
    send_one(workspace, contact, purpose="marketing", lane="urgent")
    send_one(workspace, contact, purpose="care", lane="bulk")
    Message.objects.update(state="submitted", handed_at=now())
    planned = plan_campaign(workspace, people=0)
    mine = Message.objects.get(campaign_id=planned.campaign.id).id

    with connection.cursor() as cursor:
        params = {"first_id": mine, "last_id": mine, "purpose": "marketing", "window_id": 2**40}
        params |= {"register_terms": "[]", "consent_terms": "{}", "invitation_terms": "{}"}
        cursor.execute(sql.READ_WINDOW, params | GENERAL._asdict() | Caps(1, 24).params())
        rows = cursor.fetchall()

    assert [row[11] for row in rows] == [[1, 1, 1]]


def test_rows_from_before_the_rule_are_counted_by_their_purpose(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace)
    care = make_campaign(workspace=workspace, purpose="care")
    plan = build_plan(workspace, care, purpose="care")
    run_plan(plan)
    Campaign.objects.filter(id=care.id).update(
        first_message_id=plan.first_message_id, last_message_id=plan.last_message_id
    )
    single = send_one(workspace, contact, purpose="otp", lane="urgent")
    kept = send_one(workspace, contact, purpose="marketing", lane="urgent")
    waiting = make_campaign(workspace=workspace, lane="urgent", state="scheduled")
    Message.objects.update(is_counted=True)  # as the new column begins

    with connection.cursor() as cursor:
        cursor.execute(migration("messaging", "0006_counted_in_caps").MEND_SINGLES)
        cursor.execute(migration("campaigns", "0002_marketing_by_bulk").MEND_MESSAGES)
        cursor.execute(migration("campaigns", "0002_marketing_by_bulk").MEND_LANES)

    found = dict(Message.objects.values_list("id", "is_counted"))
    assert found == {plan.first_message_id: False, single: False, kept: True}
    assert Campaign.objects.get(id=waiting.id).lane == "bulk"


def migration(app: str, name: str) -> ModuleType:
    return import_module(f"textwell.{app}.migrations.{name}")
