"""Links of a campaign: what the check says is what planning and a test send do."""

from importlib import import_module

import pytest
from django.db import connection

from builders import make_campaign, make_contact
from domain.campaigns.test_planning import run_job
from textwell.accounts.models import Workspace
from textwell.campaigns.actions import create_campaign, launch_campaign, update_campaign
from textwell.campaigns.checks import check_campaign
from textwell.campaigns.models import Campaign
from textwell.campaigns.trial import send_test
from textwell.core.errors import FieldError
from textwell.links.models import LinkRange
from textwell.links.selectors import link_prefix
from textwell.links.tokens import TOKEN_LENGTH
from textwell.messaging.models import Message

pytestmark = pytest.mark.django_db
SHOP = "https://shop.example/"
BAD = [
    ("a login", {"links": [{"url": "https://me:pw@shop.example/"}]}, "links.0.url"),
    ("too long", {"links": [{"url": SHOP}, {"url": SHOP + "a" * 2000}]}, "links.1.url"),
    ("a field in it", {"links": [{"url": SHOP + "?c={{ city }}"}]}, "links.0.url"),
    ("no address", {"links": [{"url": "https://[::1/"}]}, "links.0.url"),
    ("an unknown value", {"utm": {"utm_term": "{{ first_name }}"}}, "utm.utm_term"),
    ("a filter", {"utm": {"utm_term": "{{ campaign | upcase }}"}}, "utm.utm_term"),
]


def linked(workspace: Workspace, **values: object) -> Campaign:
    make_contact(workspace=workspace)
    fields = {"body": "Bread: {{ link }} {{ link_2 }}", "links": [{"url": SHOP}, {"url": SHOP}]}
    return make_campaign(workspace=workspace, name="Spring bread", **(fields | values))


def test_a_campaigns_name_stands_in_its_links_as_the_check_promises(workspace: Workspace) -> None:
    campaign = linked(workspace, utm={"utm_campaign": "{{ campaign }}-{{ link_number }}"})

    assert check_campaign(campaign) == []
    run_job(launch_campaign(campaign=campaign, actor="user:1"))

    assert LinkRange.objects.get().targets == [
        "https://shop.example/?utm_campaign=Spring+bread-1",
        "https://shop.example/?utm_campaign=Spring+bread-2",
    ]


def test_a_test_send_has_the_campaigns_name_in_its_links_too(workspace: Workspace) -> None:
    campaign = linked(workspace, utm={"utm_campaign": "{{ campaign }}"})
    contact = make_contact(workspace=workspace)

    send_test(campaign=campaign, contact=contact, actor="user:1")

    first, _second = LinkRange.objects.get().targets
    assert first == "https://shop.example/?utm_campaign=Spring+bread"


@pytest.mark.parametrize(("_case", "values", "field"), BAD, ids=[case for case, *_rest in BAD])
def test_the_check_names_a_link_that_cannot_be_planned(
    workspace: Workspace, _case: str, values: dict[str, object], field: str
) -> None:
    campaign = linked(workspace, **({"body": "Bread: {{ link }}"} | values))

    (problem,) = check_campaign(campaign)
    assert problem.field == field
    assert problem.mend
    with pytest.raises(FieldError) as caught:
        send_test(campaign=campaign, contact=make_contact(workspace=workspace), actor="user:1")
    assert (caught.value.field, Message.objects.count()) == (field, 0)


@pytest.mark.parametrize(("_case", "values", "field"), BAD, ids=[case for case, *_rest in BAD])
def test_a_draft_does_not_take_a_link_that_cannot_be_made(
    workspace: Workspace, _case: str, values: dict[str, object], field: str
) -> None:
    campaign = linked(workspace)

    with pytest.raises(FieldError) as caught:
        create_campaign(workspace_id=workspace.id, actor="user:1", name="Summer", **values)
    assert caught.value.field == field
    with pytest.raises(FieldError):
        update_campaign(campaign=campaign, actor="user:1", **values)
    campaign.refresh_from_db()
    assert (campaign.utm, campaign.links) == ({}, [{"url": SHOP}, {"url": SHOP}])


def test_the_check_says_which_link_and_what_mends_it(workspace: Workspace) -> None:
    campaign = linked(workspace, links=[{"url": SHOP}, {"url": "https://me@shop.example/"}])

    (problem,) = check_campaign(campaign)

    assert problem.problem == "Link 2: The address holds a user name or password."
    assert problem.mend == "Remove what stands before the @ in the name."


def test_more_links_than_a_message_may_have_are_refused(workspace: Workspace) -> None:
    campaign = linked(workspace, links=[{"url": SHOP}] * 16)

    (problem,) = check_campaign(campaign)

    assert (problem.field, problem.mend) == ("links", "Leave out the rest.")


def test_a_text_is_measured_with_links_as_long_as_they_will_be(workspace: Workspace) -> None:
    link = len(link_prefix(workspace.id)) + TOKEN_LENGTH
    fits = linked(workspace, body="x" * (1600 - link) + "{{ link }}", links=[{"url": SHOP}])
    over = linked(workspace, body="x" * (1601 - link) + "{{ link }}", links=[{"url": SHOP}])

    assert check_campaign(fits) == []
    (problem,) = check_campaign(over)
    assert problem.problem == "The text has 1601 characters; no SMS is longer than 1600."


def test_what_was_planned_without_a_way_out_gets_one(workspace: Workspace) -> None:
    way_out = import_module("textwell.campaigns.migrations.0011_way_out").DEFINE_WAY_OUT
    blocks = {}
    for state, purpose in [
        ("planning", "marketing"), ("sending", "marketing"), ("paused", "marketing"), ("sending", "care"),
        ("finished", "marketing"), ("draft", "marketing"),
    ]:  # fmt: skip
        made = make_campaign(workspace=workspace, purpose=purpose)
        first = None if state == "draft" else made.id * 100
        last = first and first + 9
        Campaign.objects.filter(id=made.id).update(
            state=state, first_message_id=first, last_message_id=last
        )
        blocks[made.id] = (first, last)

    with connection.cursor() as opened:
        opened.execute(way_out)
        opened.execute(way_out)

    made_ranges = LinkRange.objects.order_by("id")
    found = {
        each.campaign_id: (each.first_message_id, each.last_message_id) for each in made_ranges
    }
    assert found == dict(list(blocks.items())[:3])
    assert [each.targets for each in made_ranges] == [[], [], []]
