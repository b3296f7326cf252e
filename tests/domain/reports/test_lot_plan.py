"""The comparison by lot reads a campaign's own people, however many events others have."""

from datetime import timedelta

import pytest
from django.db import connection

from builders import make_campaign, make_crowd
from domain.messaging.ledger import build_plan, run_plan
from textwell.accounts.models import Workspace
from textwell.contacts.tracked.actions import record_events
from textwell.core.clock import now
from textwell.core.wire import EventItem
from textwell.reports import sql

pytestmark = pytest.mark.django_db
OTHERS = """
INSERT INTO contacts_event (workspace_id, contact_id, name, at, source_key, received_at)
SELECT 999999, 1000000 + n, 'page_viewed', now(), 'k' || n, now() FROM generate_series(1, 20000) n
"""


def test_events_are_found_by_person_and_not_by_reading_all(workspace: Workspace) -> None:
    person, *_others = make_crowd(workspace=workspace, count=40)
    campaign = make_campaign(workspace=workspace)
    plan = build_plan(workspace, campaign, holdout_percent=10)
    run_plan(plan)
    at = now().timestamp()
    record_events([EventItem(workspace_id=workspace.id, name="order", at=at, source_key="1",
                             contact_id=person.id)])  # fmt: skip
    asked = {
        "workspace_id": workspace.id, "campaign_id": campaign.id, "event": "order",
        "first_id": plan.first_message_id, "last_id": plan.last_message_id,
        "since": now() - timedelta(days=7), "until": now() + timedelta(days=7),
    }  # fmt: skip

    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        cursor.execute("ANALYZE contacts_event, messaging_message")
        cursor.execute(f"EXPLAIN {sql.EVENTS_BY_LOT}", asked)
        shown = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute(sql.EVENTS_BY_LOT, asked)
        counted = cursor.fetchall()

    assert "Index Cond: ((contact_id = m.contact_id)" in shown, shown
    assert "Seq Scan on contacts_event" not in shown, shown
    assert sum(did for _is_held_out, _people, did in counted) == 1
