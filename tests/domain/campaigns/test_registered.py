"""Countries that take approved texts alone, and advertising for so many people at once."""

from itertools import pairwise

import pytest
import time_machine
from django.db.models import Count

from builders import make_campaign, make_crowd, make_gateway, make_registration
from domain.campaigns.test_planning import run_job
from domain.messaging.handing import hand_off_waiting
from domain.messaging.ledger import build_plan, run_plan, tally_equals_rows
from domain.messaging.test_plan import suppress
from textwell.accounts.models import Workspace
from textwell.campaigns import planning as chunks
from textwell.campaigns.actions import launch_campaign
from textwell.campaigns.checks import check_campaign, list_warnings
from textwell.campaigns.models import Campaign
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.messaging import plan as planning
from textwell.messaging.models import Batch, Message
from textwell.messaging.sender_law import BatchLimits, batch_limits, place_length

pytestmark = pytest.mark.django_db

MORNING = "2026-11-24T03:00:00Z"  # ten o'clock in Hanoi
SALE = "[QC] Green Bakery: chao {#var:10#}, giam 20%.\nTu choi: {#var:60#}"  # as it arrives
BODY = "[QC] Green Bakery: chao {{ first_name }}, giam 20%."


def campaign_of(workspace: Workspace, body: str = BODY) -> Campaign:
    gateway = make_gateway(workspace=workspace, provider="smpp")
    return make_campaign(
        workspace=workspace, gateway=gateway, body=body, fallbacks={"first_name": "ban"}
    )


def said(campaign: Campaign) -> list[str]:
    return [each.problem for each in check_campaign(campaign)]


@time_machine.travel(MORNING, tick=False)
def test_a_text_that_is_no_approved_template_is_stopped_with_the_difference(
    workspace: Workspace,
) -> None:
    make_crowd(workspace=workspace, country="VN", count=30, first_name="An")
    make_registration(workspace=workspace, text=SALE)
    campaign = campaign_of(workspace, BODY.replace("20%", "50%"))

    with pytest.raises(FieldError):
        launch_campaign(campaign=campaign, actor="user:1")

    (problem,) = said(campaign)
    assert "The text is no approved template of “BAKERY” in VN." in problem
    assert "“Sale” comes nearest: it has “20%.\nTu choi: ” where “50%.\nTu choi: " in problem
    assert not Message.objects.exists()


@time_machine.travel(MORNING, tick=False)
def test_of_a_batch_those_whose_text_is_another_are_left_out(workspace: Workspace) -> None:
    people = make_crowd(workspace=workspace, country="VN", count=30, first_name="An")
    Contact.objects.filter(id=people[3].id).update(first_name="Nguyen Thi Minh")
    make_registration(workspace=workspace, text=SALE)
    campaign = campaign_of(workspace)

    (warning,) = [each for each in list_warnings(campaign) if "comes nearest" in each.problem]
    run_job(launch_campaign(campaign=campaign, actor="user:1"))
    handed = hand_off_waiting(workspace)

    assert warning.field == "body"
    assert {who: reason for who, reason in handed.items() if reason} == {
        people[3].id: "template_unregistered"
    }
    assert len(handed) == 30


@time_machine.travel(MORNING, tick=False)
def test_without_a_template_nothing_is_written(workspace: Workspace) -> None:
    make_crowd(workspace=workspace, country="VN", count=30)
    make_registration(workspace=workspace).templates.update(state="submitted")
    campaign = campaign_of(workspace)

    assert "No template of “BAKERY” is approved in VN for marketing." in said(campaign)[0]


@pytest.mark.parametrize(("count", "is_stopped"), [(29, True), (30, False)])
@time_machine.travel(MORNING, tick=False)
def test_too_few_for_one_advert_request_are_stopped(
    workspace: Workspace, count: int, is_stopped: bool
) -> None:
    make_crowd(workspace=workspace, country="VN", count=count)
    make_registration(workspace=workspace)
    campaign = campaign_of(workspace)

    told = [each for each in said(campaign) if "30 people at once" in each]
    assert len(told) == is_stopped


def test_every_batch_is_of_a_size_that_is_taken_or_stopped(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "BATCH_SIZE", 7)
    limits = {"VN": BatchLimits(least=3, most=5)}
    make_crowd(workspace=workspace, country="FR", count=2)
    sizes: dict[int, list[int]] = {}
    for people in range(1, 14):
        make_crowd(workspace=workspace, country="VN", count=1)
        campaign = make_campaign(workspace=workspace)
        where = "c.country = 'VN'" if people % 2 else "true"
        plan = build_plan(workspace, campaign, batches=limits, audience_where=where)

        run_plan(plan)
        planning.finish_plan(plan)

        mine = Message.objects.filter(campaign_id=campaign.id, country="VN")
        sizes[people] = [mine.filter(reason="batch_too_small").count()]
        sizes[people] += batch_sizes(campaign)
        assert tally_equals_rows(campaign.id)

    assert [stopped for stopped, *_sizes in sizes.values()] == [1, 2] + [0] * 11
    made = [size for people, (_n, *found) in sizes.items() if people > 2 for size in found]
    assert (min(made), max(made)) == (3, 5)


@time_machine.travel(MORNING, tick=False)
def test_few_of_each_chunk_are_enough_together(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "CHUNK_PEOPLE", 8)
    make_crowd(workspace=workspace, country="VN", count=30)
    make_registration(workspace=workspace)
    campaign = campaign_of(workspace)

    run_job(launch_campaign(campaign=campaign, actor="user:1"))

    mine = Message.objects.filter(campaign_id=campaign.id)
    assert list(mine.values_list("state").annotate(Count("id"))) == [("planned", 30)]
    states = Batch.objects.filter(campaign_id=campaign.id).values_list("state", flat=True)
    assert list(states) == ["planned"] * 4


@time_machine.travel(MORNING, tick=False)
def test_who_opted_out_is_not_counted_and_law_alone_asks_for_no_number(
    workspace: Workspace,
) -> None:
    people = make_crowd(workspace=workspace, country="VN", count=31)
    make_registration(workspace=workspace)
    campaign = campaign_of(workspace)
    for person in people[:2]:
        suppress(person, "opted_out")

    assert [each for each in said(campaign) if "30 people at once" in each]
    Workspace.objects.filter(id=workspace.id).update(law_layer="legal")
    assert not [each for each in said(campaign) if "30 people at once" in each]


def batch_sizes(campaign: Campaign) -> list[int]:
    found = list(Batch.objects.filter(campaign_id=campaign.id).order_by("first_message_id"))
    assert all(b.first_message_id == a.last_message_id + 1 for a, b in pairwise(found))
    return [each.last_message_id - each.first_message_id + 1 for each in found]


def test_the_packs_say_which_countries_ask_that() -> None:
    today = now().date()
    assert batch_limits("VN", "alphanumeric", "marketing", on=today) == BatchLimits(30, 5_000)
    assert batch_limits("VN", "alphanumeric", "otp", on=today) is None
    assert batch_limits("VN", "alphanumeric", "marketing", on=today, layer="legal") is None
    assert batch_limits("FR", "alphanumeric", "marketing", on=today) is None
    assert [place_length(country, on=today) for country in ("IN", "VN")] == [30, 0]
