"""Events are kept once, by time, and belong to the person that they name."""

from datetime import UTC, datetime
from typing import Any

import pytest

from builders import make_contact, make_workspace
from textwell.accounts.models import Workspace
from textwell.contacts.models import Event
from textwell.contacts.tracked.actions import record_events
from textwell.contacts.tracked.selectors import list_events
from textwell.core.clock import now
from textwell.core.wire import EventItem

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def item(workspace: Workspace, key: str = "o-1", **values: Any) -> EventItem:
    given: dict[str, Any] = {"name": "order_paid", "at": AT.timestamp(), "source_key": key}
    return EventItem(workspace_id=workspace.id, **(given | values))


def test_an_event_belongs_to_the_person_that_it_names(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace, external_id="c-7")
    record_events(
        [
            item(workspace, "a", contact_id=contact.id),
            item(workspace, "b", msisdn=contact.msisdn),
            item(workspace, "c", external_id="c-7", properties={"amount": 25.5}),
        ]
    )

    events = list_events(workspace.id, contact.id)

    assert {event.source_key for event in events} == {"a", "b", "c"}
    assert {event.at for event in events} == {AT}
    assert Event.objects.get(source_key="c").properties == {"amount": 25.5}


def test_the_same_event_again_is_one(workspace: Workspace) -> None:
    first = record_events([item(workspace), item(workspace)])
    later = record_events([item(workspace, at=AT.timestamp() + 60)])

    assert (first, later, Event.objects.count()) == (1, 0, 1)


def test_the_key_is_the_workspaces_own(workspace: Workspace) -> None:
    assert record_events([item(workspace), item(make_workspace(name="Other"))]) == 2


def test_an_event_of_nobody_we_know_is_kept_with_its_name(workspace: Workspace) -> None:
    stranger = make_contact(workspace=make_workspace(name="Other"))

    record_events(
        [
            item(workspace, "a", contact_id=stranger.id),
            item(workspace, "b", external_id="nobody"),
        ]
    )

    assert list(Event.objects.values_list("contact_id", flat=True)) == [None, None]
    assert Event.objects.get(source_key="b").external_id == "nobody"


@pytest.mark.parametrize(
    "at", [datetime(1999, 1, 1, tzinfo=UTC), datetime(2015, 1, 1, tzinfo=UTC), AT]
)
def test_every_time_has_its_leaf(workspace: Workspace, at: datetime) -> None:
    record_events([item(workspace, at=at.timestamp())])

    assert Event.objects.get().at == at


def test_a_clock_that_is_ahead_and_a_nul_keep_nothing_out(workspace: Workspace) -> None:
    ahead = now().timestamp() + 200

    record_events([item(workspace, "x\x00y", at=ahead, properties={"a": "1\x002"})])

    event = Event.objects.get()
    assert (event.source_key, event.properties) == ("xy", {"a": "12"})
    assert event.at <= now()
