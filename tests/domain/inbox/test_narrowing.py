"""A reply that refuses one topic or brand alone: that ends, other texts go on; in doubt all end."""

from datetime import UTC, datetime, timedelta

import pytest

from builders import make_campaign, make_contact, make_gateway
from textwell.accounts.models import Workspace
from textwell.campaigns.models import Campaign
from textwell.consent.actions import record_opt_in
from textwell.consent.models import ConsentState, Suppression
from textwell.consent.topics import define_brand, define_topic
from textwell.consent.types import GENERAL, ConsentScope
from textwell.contacts.models import Contact
from textwell.core.wire import MoItem
from textwell.gateways.models import Gateway
from textwell.inbox.actions import record_replies
from textwell.messaging.models import Batch, Message

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SALE, NEWS, SHOES = ConsentScope(topic="sale"), ConsentScope(topic="news"), ConsentScope(brand="x")


@pytest.fixture
def gateway(workspace: Workspace) -> Gateway:
    return make_gateway(workspace=workspace)


@pytest.fixture
def person(workspace: Workspace) -> Contact:
    """Agreed to texts in general, about two topics, and of a brand."""
    define_topic(workspace_id=workspace.id, key="sale", name="Sales", actor="user:1")
    define_topic(workspace_id=workspace.id, key="news", name="Weekly news", actor="user:1")
    define_brand(workspace_id=workspace.id, key="x", name="Shoe Box", actor="user:1")
    person = make_contact(
        workspace=workspace, msisdn="+33612345678", country="FR", language="en", zone="Europe/Paris"
    )
    for scope in (GENERAL, SALE, NEWS, SHOES):
        record_opt_in(
            workspace_id=workspace.id, contact_id=person.id, source="form", wording="Yes",
            given_at=NOON - timedelta(days=9), actor="user:1", scope=scope,
        )  # fmt: skip
    return person


def plan(person: Contact, campaign: Campaign, *, state: str, number: int) -> int:
    """A text of a campaign; 9,000 and more are long handed off."""
    at = NOON - timedelta(hours=1)
    made = Message.objects.create(
        id=number, workspace_id=person.workspace_id, campaign_id=campaign.id, contact_id=person.id,
        msisdn=person.msisdn, country="FR", state=state, planned_at=at, due_at=at,
        handed_at=at if state == "submitted" else None,
    )  # fmt: skip
    return int(made.id)


def say(gateway: Gateway, person: Contact, text: str, *, key: str = "1") -> None:
    record_replies([MoItem(gateway.id, key, person.msisdn, "Lotus", text, NOON.timestamp())])


def granted(person: Contact) -> set[tuple[str, str]]:
    held = ConsentState.objects.filter(contact_id=person.id, is_granted=True)
    return set(held.values_list("topic", "brand"))


def confirmations() -> list[str]:
    found = Batch.objects.filter(extra__purpose="opt_out_confirmation").order_by("id")
    return [row.body for row in found]


@pytest.mark.parametrize(
    ("text", "answered", "left"),
    [
        ("stop the sale texts", {}, {("", ""), ("news", ""), ("", "x")}),
        ("STOP WEEKLY NEWS", {}, {("", ""), ("sale", ""), ("", "x")}),
        ("no more texts about Sales and weekly news texts", {}, {("", ""), ("", "x")}),
        ("stop this topic", {"topic": "news"}, {("", ""), ("sale", ""), ("", "x")}),
        ("keine SMS mehr zu diesem Thema", {"topic": "sale"}, {("", ""), ("news", ""), ("", "x")}),
        ("退订这个主题", {"topic": "sale"}, {("", ""), ("news", ""), ("", "x")}),
        ("no more texts from this brand", {"brand": "x"}, {("", ""), ("sale", ""), ("news", "")}),
        ("stop texts from Shoe Box", {}, {("", ""), ("sale", ""), ("news", "")}),
        # The safe side: whatever leaves a doubt is a stop of all.
        ("STOP", {"topic": "sale"}, set()),
        ("stop this topic", {}, set()),
        ("stop this brand", {"topic": "sale"}, set()),
        ("I hate your brand, stop", {"brand": "x"}, set()),
        ("I was at the sale, stop texting me", {"topic": "sale"}, set()),
        ("stop all sale texts", {"topic": "sale"}, set()),
        ("only text me about my orders, no sale texts", {"topic": "sale"}, set()),
        ("stop the menu texts", {"topic": "sale"}, set()),
    ],
)  # fmt: skip
def test_a_reply_ends_what_it_names_and_in_doubt_all(
    gateway: Gateway,
    person: Contact,
    text: str,
    answered: dict[str, str],
    left: set[object],
) -> None:
    workspace = Workspace.objects.get(id=person.workspace_id)
    shown = make_campaign(workspace=workspace, gateway=gateway, **answered)
    plan(person, shown, state="submitted", number=9_001)

    say(gateway, person, text)

    assert granted(person) == left
    assert Suppression.objects.exists() is not bool(left)


def test_what_waits_of_the_topic_leaves_at_once_and_the_rest_goes_on(
    gateway: Gateway, workspace: Workspace, person: Contact
) -> None:
    sale, news = (
        make_campaign(workspace=workspace, gateway=gateway, topic=topic)
        for topic in ("sale", "news")
    )
    gone = plan(person, sale, state="held", number=9_101)
    kept = plan(person, news, state="held", number=9_102)

    say(gateway, person, "stop the sale texts")

    found = dict(Message.objects.filter(id__in=[gone, kept]).values_list("id", "state"))
    assert found == {gone: "skipped", kept: "held"}
    assert Message.objects.get(id=gone).reason == "opted_out"


def test_one_confirmation_says_what_ended_and_how_to_end_all(
    gateway: Gateway, person: Contact
) -> None:
    say(gateway, person, "stop the sale texts")
    brand = Workspace.objects.get(id=person.workspace_id).name
    words = f'{brand}: no more "Sales" texts, recorded 2026-03-02 13:00.'
    assert confirmations() == [f"{words} To stop all, reply STOP."]

    say(gateway, person, "STOP", key="2")

    assert granted(person) == set()
    assert len(confirmations()) == 2


def test_a_topic_refused_twice_is_a_stop_of_all(gateway: Gateway, person: Contact) -> None:
    """They still get what they call by that name."""
    say(gateway, person, "stop the sale texts")
    say(gateway, person, "I said stop the sale texts", key="2")

    assert granted(person) == set()


def test_a_topic_that_waits_to_be_known_as_arrived_is_not_guessed(
    gateway: Gateway, workspace: Workspace, person: Contact
) -> None:
    sale, news = (
        make_campaign(workspace=workspace, gateway=gateway, topic=topic)
        for topic in ("sale", "news")
    )
    plan(person, sale, state="submitted", number=9_201)
    plan(person, news, state="queued", number=9_202)

    say(gateway, person, "stop this topic")

    assert granted(person) == set()
