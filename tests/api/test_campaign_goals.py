"""Goal, measure and holdout of a campaign through the API."""

from typing import Any
from urllib.parse import urlencode

import pytest

from api.conftest import Program
from domain.reports.sent import make_sent
from textwell.accounts.models import AuditEntry
from textwell.campaigns.models import Campaign

pytestmark = pytest.mark.django_db
GOAL = {
    "goal": "discount",
    "goal_at": "2090-03-04T05:06:07+00:00",
    "metric": "events",
    "metric_event": "order_completed",
    "holdout_percent": 10,
}


def test_a_goal_is_stored_changed_and_audited(program: Program) -> None:
    made = program.post("/campaigns", {"name": "Spring"} | GOAL).json()
    path = f"/campaigns/{made['id']}"

    changed = program.send("patch", path, {"holdout_percent": 0, "goal_at": None}).json()

    assert {name: made[name] for name in GOAL} == GOAL
    assert (changed["goal"], changed["goal_at"], changed["holdout_percent"]) == (
        "discount",
        None,
        0,
    )
    told = AuditEntry.objects.get(action="campaigns.updated").data
    assert (told["before"]["holdout_percent"], told["after"]["holdout_percent"]) == (10, 0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("goal", "party"), ("metric", "opens"), ("holdout_percent", 51), ("holdout_percent", -1),
        ("goal_at", "soon"), ("goal_at", "9999-12-31T23:59:00Z"),
        ("expires_at", "2101-01-01T00:00:00Z"), ("scheduled_at", "0001-01-01T00:00:00Z"),
        ("metric_event", "x" * 101), ("metric_event", "x" * 61), ("metric_event", "Order Completed"),
        ("metric_event", "_order"), ("metric_event", "order-paid"), ("metric_event", "order\n"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_by_name(program: Program, field: str, value: Any) -> None:
    answer = program.post("/campaigns", {"name": "Spring", field: value})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not Campaign.objects.exists()


def test_the_report_and_its_file_say_what_it_is_judged_by(program: Program) -> None:
    sent = make_sent(program.workspace)
    Campaign.objects.filter(id=sent.campaign.id).update(**GOAL)
    path = f"/campaigns/{sent.campaign.id}/report"

    measure = program.get(path).json()["measure"]
    lines = b"".join(program.get(f"{path}.csv")).decode()

    assert (measure["goal"], measure["metric"]) == ("discount", "events")
    assert measure["comparison"] is None
    texted = measure["texted"]
    assert texted["did_count"] == 0 < texted["people_count"]
    assert (texted["figure"], texted["did_figure"]["event"]) == (
        {"lot": "texted"},
        "order_completed",
    )
    query = urlencode(texted["did_figure"])
    people = program.get(f"/campaigns/{sent.campaign.id}/people?{query}")
    assert people.json()["items"] == []
    assert "goal,event,order_completed" in lines


@pytest.mark.parametrize("name", ["order_completed", "shop.order.2", "đơn_hàng", ""])
def test_the_event_may_be_any_name_that_can_come_in(program: Program, name: str) -> None:
    answer = program.post("/campaigns", {"name": "Spring", "metric_event": name})

    assert (answer.status_code, answer.json()["metric_event"]) == (201, name)
