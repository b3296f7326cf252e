"""The public promise: versions, signatures, and what the plan makes of it."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction

from builders import make_campaign, make_contact, make_gateway
from domain.messaging.handing import hand_off_waiting
from domain.messaging.test_plan import build_plan, give_text, reasons, run_plan
from textwell.accounts.models import AuditEntry, Workspace
from textwell.campaigns.checks import check_campaign
from textwell.campaigns.forecast import build_forecast, build_preview
from textwell.campaigns.planning import build_plan as plan_of
from textwell.consent.models import ConsentState
from textwell.consent.topics import define_topic
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.core.signing import list_public_keys
from textwell.gateways.models import Gateway, Sender
from textwell.messaging.caps import load_steps
from textwell.messaging.models import Batch, Promise
from textwell.messaging.plan import reserve_block
from textwell.messaging.promise_form import check_promise, read_promise
from textwell.messaging.promises import is_outdated, publish_promise

pytestmark = pytest.mark.django_db


def publish(workspace: Workspace, most: int) -> Promise:
    return publish_promise(workspace=workspace, most=most, actor="user:1")


def test_a_promise_names_senders_and_topics_and_is_signed(workspace: Workspace) -> None:
    make_gateway(workspace=workspace)
    define_topic(workspace_id=workspace.id, key="bread", name="Bread", actor="user:1")

    made = publish(workspace, 4)

    keys = {each.key_id: each.value for each in list_public_keys(workspace.id)}
    told = check_promise(made.document.encode(), keys).promise
    assert told is not None
    assert (told.version, told.most, told.days) == (1, 4, 31)
    assert [each.value for each in told.senders] == ["BAKERY"]
    assert [(each.key, each.name) for each in told.topics] == [("bread", "Bread")]
    forged = made.document.replace('"most":4', '"most":9').encode()
    assert check_promise(forged, keys).problem == "the signature is not that of the key"


def test_the_same_again_is_no_new_version(workspace: Workspace) -> None:
    first = publish(workspace, 4)
    same = publish(workspace, 4)
    other = publish(workspace, 2)

    assert (same.id, other.version, other.code) == (first.id, 2, first.code)
    entries = AuditEntry.objects.filter(action="promise.published").order_by("id")
    assert [entry.data["after"] for entry in entries] == [
        {"version": 1, "most": 4},
        {"version": 2, "most": 2},
    ]


def test_a_sender_that_came_later_makes_it_outdated(workspace: Workspace) -> None:
    made = publish(workspace, 4)
    before = is_outdated(made)

    make_gateway(workspace=workspace)

    assert (before, is_outdated(made)) == (False, True)
    assert [
        each.value for each in read_promise(publish(workspace, 4).document).promise.senders
    ] == ["BAKERY"]


@pytest.mark.parametrize("most", [-1, 201, 0])
def test_what_cannot_be_promised_is_refused(workspace: Workspace, most: int) -> None:
    with pytest.raises(FieldError):
        publish(workspace, most)

    assert not Promise.objects.exists()


def test_a_promise_is_never_changed(workspace: Workspace) -> None:
    made = publish(workspace, 4)

    with pytest.raises(ProgrammingError, match="never changed"), transaction.atomic():
        Promise.objects.filter(id=made.id).update(most=9)


def test_the_plan_leaves_out_who_had_what_was_promised_to_them(workspace: Workspace) -> None:
    publish(workspace, 1)
    early, late, fresh = (make_contact(workspace=workspace) for _ in range(3))
    states = ConsentState.objects.filter(contact_id__in=[early.id, fresh.id])
    states.update(since=now() - timedelta(days=400))
    for person in (early, late):
        give_text(person)
    publish(workspace, 2)
    ConsentState.objects.filter(contact_id=late.id).update(since=now())
    campaign = make_campaign(workspace=workspace)

    run_plan(build_plan(workspace, campaign, promise=load_steps(workspace.id)))

    assert reasons(campaign.id) == {early.id: "frequency_cap", late.id: "", fresh.id: ""}


def test_a_promise_takes_batches_from_who_leased_them_on_other_terms(workspace: Workspace) -> None:
    campaign = make_campaign(workspace=workspace)
    make_contact(workspace=workspace)
    run_plan(build_plan(workspace, campaign))
    leased = Batch.objects.filter(campaign_id=campaign.id)
    leased.update(state="leased", leased_by="a", lease_until=now() + timedelta(seconds=30))

    publish(workspace, 1)

    assert list(leased.values_list("state", "leased_by")) == [("planned", "")]


def test_a_sender_or_topic_that_it_does_not_name_reaches_nobody(workspace: Workspace) -> None:
    """Review, preview, plan and hand-off; what was planned before the promise too."""
    campaign = make_campaign(workspace=workspace)
    french = make_contact(workspace=workspace, country="FR", msisdn="+33612345678")
    spanish = make_contact(workspace=workspace, country="ES", msisdn="+34612345678")
    run_plan(build_plan(workspace, campaign))
    Sender.objects.update(country="FR")
    publish(workspace, 4)
    Sender.objects.update(country="")  # since then it may go everywhere

    refused = {french.id: "", spanish.id: "sender_not_promised"}
    assert hand_off_waiting(workspace) == refused
    assert build_forecast(campaign).left_out == {"sender_not_promised": 1}
    assert build_preview(campaign, spanish).reason == "sender_not_promised"
    assert check_campaign(campaign) == []
    later = make_campaign(workspace=workspace, gateway=Gateway.objects.get())
    later.first_message_id, later.last_message_id = reserve_block(10)
    run_plan(plan_of(later))
    assert reasons(later.id) == refused
    define_topic(workspace_id=workspace.id, key="bread", name="Bread", actor="user:1")
    campaign.topic = "bread"
    assert build_forecast(campaign).left_out == {"no_consent": 2}
    assert [each.field for each in check_campaign(campaign)] == ["topic"]
    publish(workspace, 4)
    assert check_campaign(campaign) == []
