"""Topics and brands in the settings: defined, renamed, counted, closed."""

import pytest
from django.test import Client

from builders import make_campaign, make_contact
from textwell.accounts.models import Workspace
from textwell.campaigns.checks import check_campaign
from textwell.consent.actions import record_opt_in, record_opt_out
from textwell.consent.models import Brand, ConsentState, Topic
from textwell.consent.topics import close_topic, count_people, define_brand, define_topic
from textwell.consent.types import ConsentScope
from textwell.core.clock import now
from textwell.core.errors import FieldError

pytestmark = pytest.mark.django_db


def test_a_topic_is_defined_renamed_and_closed_for_good(
    owner_client: Client, workspace: Workspace
) -> None:
    new = {"topic-name": "Offers", "topic-key": "offers", "topic-description": "Twice a month"}
    owner_client.post("/settings/topics/new", new)
    topic = Topic.objects.get(workspace_id=workspace.id)
    own = f"/settings/topics/{topic.id}"
    owner_client.post(own, {"name": "Sales", "description": ""})
    owner_client.post(own, {"then": "close"})

    again = owner_client.post("/settings/topics/new", new | {"topic-name": "Sales"})

    topic.refresh_from_db()
    page = again.content.decode()
    assert (topic.name, topic.closed_at is not None, again.status_code) == ("Sales", True, 422)
    assert 'value="close"' not in page


def test_a_brand_is_defined_renamed_and_closed(owner_client: Client, workspace: Workspace) -> None:
    owner_client.post("/settings/brands/new", {"brand-name": "Lotus", "brand-key": "lotus"})
    brand = Brand.objects.get(workspace_id=workspace.id)
    owner_client.post(f"/settings/brands/{brand.id}", {"name": "Rose"})
    owner_client.post(f"/settings/brands/{brand.id}", {"then": "close"})

    brand.refresh_from_db()
    assert (brand.name, brand.closed_at is not None) == ("Rose", True)


def test_people_are_counted_once_a_topic_and_once_a_brand(workspace: Workspace) -> None:
    people = [make_contact(workspace=workspace) for _ in range(3)]
    ConsentState.objects.filter(contact_id=people[0].id).update(topic="offers", brand="lotus")
    ConsentState.objects.filter(contact_id=people[1].id).update(topic="stock", brand="lotus")
    given = ConsentState.objects.get(contact_id=people[0].id, topic="offers")
    given.topic = "stock"
    given.save(force_insert=True)

    by_topic, by_brand = count_people(workspace.id)

    assert (by_topic, by_brand) == ({"offers": 1, "stock": 2}, {"lotus": 2})


def test_a_closed_topic_takes_no_new_yes_and_still_a_no(workspace: Workspace) -> None:
    person = make_contact(workspace=workspace)
    topic = define_topic(workspace_id=workspace.id, key="offers", name="Offers", actor="user:1")
    said = {
        "workspace_id": workspace.id, "contact_id": person.id, "source": "form", "wording": "Yes",
        "given_at": now(), "actor": "user:1", "scope": ConsentScope("offers"),
    }  # fmt: skip
    record_opt_in(**said)
    close_topic(topic=topic, actor="user:1")

    with pytest.raises(FieldError):
        record_opt_in(**said)
    record_opt_out(**said, msisdn=person.msisdn)

    state = ConsentState.objects.get(contact_id=person.id, topic="offers")
    assert state.is_granted is False


def test_a_campaign_names_its_topic_and_brand_and_none_that_is_closed(
    owner_client: Client, workspace: Workspace
) -> None:
    topic = define_topic(workspace_id=workspace.id, key="offers", name="Spring", actor="user:1")
    define_brand(workspace_id=workspace.id, key="lotus", name="Lotus", actor="user:1")
    campaign = make_campaign(workspace=workspace)
    own = f"/campaigns/{campaign.id}/compose"
    sent = {"name": "Spring", "purpose": "marketing", "body": campaign.body, "audience_kind": "all",
            "validity_hours": "24", "cap_count": "0", "cap_hours": "24"}  # fmt: skip
    owner_client.post(own, sent | {"topic": "offers", "brand": "lotus"})
    owner_client.post(own, sent)  # of a page that was open before there were topics
    campaign.refresh_from_db()
    chosen = (campaign.topic, campaign.brand)
    review = owner_client.get(f"/campaigns/{campaign.id}/review?whole=1").content.decode()

    close_topic(topic=topic, actor="user:1")
    fields = [each.field for each in check_campaign(campaign)]

    assert chosen == ("offers", "lotus")
    assert "<strong>Spring</strong>" in review
    assert "<strong>Lotus</strong>" in review
    assert "topic" in fields


def test_a_workspace_without_topics_is_asked_for_none(
    owner_client: Client, workspace: Workspace
) -> None:
    campaign = make_campaign(workspace=workspace)

    form = owner_client.get(f"/campaigns/{campaign.id}/compose").context["form"]

    assert form.scope == []
