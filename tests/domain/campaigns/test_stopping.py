"""The red button and its history: who pressed it, why, what it held, who lifted it."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from builders import make_campaign, make_workspace
from domain.messaging.ledger import append_outcome, fold, plan_campaign
from textwell.accounts.actions import record_audit
from textwell.accounts.models import AuditEntry, Workspace
from textwell.campaigns.models import Stop
from textwell.campaigns.selectors import access_stop, list_stops
from textwell.campaigns.stopping import lift_stop, stop_all
from textwell.core.clock import now
from textwell.core.errors import NotFound
from textwell.messaging.models import Message
from textwell.reports.stops import stop_csv

pytestmark = pytest.mark.django_db


def counts(stop: Stop) -> list[tuple[int, int, int, int]]:
    return [
        (row.campaign_id, row.planned_count, row.handed_count, row.waiting_count)
        for row in stop.campaigns.all()
    ]


def test_the_audit_tells_who_stopped_how_many(workspace: Workspace) -> None:
    plan_campaign(workspace, people=3)

    stop_all(workspace=workspace, actor="user:7", reason="wrong price")

    entry = AuditEntry.objects.get(action="workspace.stopped")
    assert (entry.actor, entry.reason) == ("user:7", "wrong price")
    assert entry.data == {"after": {"campaigns": 1, "messages": 3}}


def test_the_history_keeps_who_why_what_and_who_lifted(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=3)
    make_campaign(workspace=workspace, state="paused")
    append_outcome(planned.message_ids[0], "submitted")
    fold()

    stop_all(workspace=workspace, actor="user:7", reason=" wrong price ")
    lift_stop(workspace=workspace, actor="key:4")

    stop = list_stops(workspace.id)[0]
    assert (stop.stopped_by, stop.reason, stop.lifted_by) == ("user:7", "wrong price", "key:4")
    assert stop.lifted_at is not None
    assert stop.lifted_at > stop.stopped_at
    assert counts(stop) == [(planned.campaign.id, 3, 1, 2)]


def test_what_was_under_way_at_the_press_is_counted(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=3)
    stop_all(workspace=workspace, actor="user:7")
    assert counts(list_stops(workspace.id)[0]) == [(planned.campaign.id, 3, 0, 3)]

    append_outcome(planned.message_ids[0], "submitted")
    fold()
    assert counts(list_stops(workspace.id)[0]) == [(planned.campaign.id, 3, 1, 2)]

    lift_stop(workspace=workspace, actor="user:7")
    append_outcome(planned.message_ids[0], "submitted")
    fold()
    assert counts(list_stops(workspace.id)[0]) == [(planned.campaign.id, 3, 1, 2)]


def test_pressing_and_lifting_twice_is_once(workspace: Workspace) -> None:
    stop_all(workspace=workspace, actor="user:7", reason="wrong price")
    first = Workspace.objects.get(id=workspace.id).stopped_at
    stop_all(workspace=workspace, actor="user:8", reason="another")

    assert workspace.stopped_at == first
    lift_stop(workspace=workspace, actor="user:7")
    lift_stop(workspace=workspace, actor="user:8")

    assert list(Stop.objects.values_list("stopped_by", "reason", "lifted_by")) == [
        ("user:7", "wrong price", "user:7")
    ]
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["workspace.stopped", "workspace.stop_lifted"]


def test_the_database_refuses_a_second_stop_that_holds(workspace: Workspace) -> None:
    stop_all(workspace=workspace, actor="user:7")

    with pytest.raises(IntegrityError), transaction.atomic():
        Stop.objects.create(workspace_id=workspace.id, stopped_by="user:8", stopped_at=now())


def test_the_file_has_those_handed_off_before_the_lifting_of_every_campaign(
    workspace: Workspace,
) -> None:
    one, other = plan_campaign(workspace, people=2), plan_campaign(workspace, people=1)
    for planned in (one, other):
        planned.campaign.first_message_id = planned.plan.first_message_id
        planned.campaign.last_message_id = planned.plan.last_message_id
        planned.campaign.save()
    early, late = one.message_ids
    same = other.message_ids[0]
    for message_id in (early, late, same):
        append_outcome(message_id, "submitted")
    fold()
    stop_all(workspace=workspace, actor="user:7")
    lift_stop(workspace=workspace, actor="user:7")
    Message.objects.filter(id=late).update(handed_at=now() + timedelta(seconds=5))

    head, *rows = "".join(stop_csv(list_stops(workspace.id)[0])).splitlines()

    assert head.startswith("campaign_id,campaign,message_id,")
    assert [row.split(",")[:3] for row in rows] == [
        [str(one.campaign.id), "Spring bread", str(early)],
        [str(other.campaign.id), "Spring bread", str(same)],
    ]
    assert one.people[0].msisdn not in "".join(rows)


def test_presses_of_before_come_from_the_audit_log(workspace: Workspace) -> None:
    for actor, action in (
        ("user:7", "workspace.stopped"), ("user:8", "workspace.stopped"),
        ("user:9", "workspace.stop_lifted"), ("user:7", "workspace.stopped"),
    ):  # fmt: skip
        record_audit(workspace_id=workspace.id, actor=actor, action=action, reason="wrong price")
    migration = import_module("textwell.campaigns.migrations.0004_stop")

    with connection.cursor() as cursor:
        cursor.execute(migration.FILL_HISTORY)

    found = Stop.objects.order_by("id").values_list("stopped_by", "reason", "lifted_by")
    assert list(found) == [("user:7", "wrong price", "user:9"), ("user:7", "wrong price", "")]


def test_another_workspaces_stop_is_not_found(workspace: Workspace) -> None:
    stop_all(workspace=workspace, actor="user:7")

    with pytest.raises(NotFound):
        access_stop(make_workspace().id, Stop.objects.get().id)
