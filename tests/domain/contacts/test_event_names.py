"""Which events a workspace has is known, however busy its neighbours are."""

from importlib import import_module

import pytest
from django.db import connection

from builders import make_workspace
from domain.contacts.test_events import item
from textwell.accounts.models import Workspace
from textwell.contacts.models import EventName
from textwell.contacts.tracked.actions import record_events
from textwell.contacts.tracked.selectors import list_recent_names

pytestmark = pytest.mark.django_db
NEIGHBOUR = """
INSERT INTO contacts_event (workspace_id, name, at, source_key, received_at)
SELECT 999999, 'page_viewed', now(), 'k' || n, now() FROM generate_series(1, 6000) n
"""
EARLIER = "UPDATE contacts_eventname SET seen_on = seen_on - %s WHERE name = %s"


@pytest.fixture(autouse=True)
def _this_month() -> None:
    """Where events of now go: those of the tests are of another month."""
    _run("SELECT contacts_make_event_leaf(current_date)")


def _run(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def test_a_busy_neighbour_hides_no_name(workspace: Workspace) -> None:
    record_events([item(workspace, "a", name="order_paid")])
    record_events([item(make_workspace(name="Other"), "b", name="theirs")])
    _run(NEIGHBOUR)

    assert list_recent_names(workspace.id) == ["order_paid"]


def test_names_of_the_most_days_come_first_and_old_ones_not_at_all(workspace: Workspace) -> None:
    for name in ("cart_viewed", "order_paid", "gone"):
        record_events([item(workspace, f"{name}-1", name=name)])
    _run(EARLIER, 1, "order_paid")
    _run(EARLIER, 91, "gone")
    record_events([item(workspace, f"o-{n}", name="order_paid") for n in range(3)])
    record_events([item(workspace, "o-9", name="order_paid")])

    assert list_recent_names(workspace.id) == ["order_paid", "cart_viewed"]
    assert EventName.objects.get(name="order_paid").day_count == 2


def test_an_event_that_is_told_again_is_no_news(workspace: Workspace) -> None:
    record_events([item(workspace, "a", name="order_paid")])
    _run(EARLIER, 1, "order_paid")
    before = EventName.objects.get().seen_on

    record_events([item(workspace, "a", name="order_paid")])

    assert EventName.objects.get().seen_on == before


def test_names_that_came_before_there_was_a_table_are_taken_over(workspace: Workspace) -> None:
    record_events(
        [item(workspace, "a", name="order_paid"), item(workspace, "b", name="order_paid")]
    )
    _run("UPDATE contacts_event SET at = now()")
    _run(NEIGHBOUR)
    EventName.objects.all().delete()

    _run(import_module("textwell.contacts.migrations.0012_event_names").FILL)

    assert list_recent_names(workspace.id) == ["order_paid"]
    assert list_recent_names(999999) == ["page_viewed"]
