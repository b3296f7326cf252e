"""A test to a list of colleagues: each gets the text as a campaign would make it for them."""

from datetime import UTC, datetime

import pytest
import time_machine

from builders import make_campaign, make_contact, make_gateway, make_workspace
from textwell.accounts.models import AuditEntry, Workspace
from textwell.campaigns.models import Campaign
from textwell.campaigns.selectors import campaign_equation
from textwell.campaigns.trial import MOST_TESTED, send_test, send_test_to_list
from textwell.contacts.actions import create_list
from textwell.contacts.groups.actions import mark_for_tests
from textwell.contacts.models import Contact, ContactList, ListMember
from textwell.core.clock import now
from textwell.core.errors import FieldError, NotFound
from textwell.gateways.models import Gateway
from textwell.messaging.models import Batch, Message
from textwell.messaging.selectors import find_tested_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(workspace: Workspace) -> Campaign:
    return make_campaign(
        workspace=workspace,
        gateway=make_gateway(workspace=workspace),
        body="Hi {{ first_name }}",
        fallbacks={"first_name": "friend"},
        cap_count=1,
    )


def make_list(*people: Contact, workspace: Workspace, is_for_tests: bool = True) -> ContactList:
    made = create_list(workspace_id=workspace.id, name="Colleagues")
    ListMember.objects.bulk_create(
        [ListMember(list_id=made.id, contact_id=each.id, added_at=now()) for each in people]
    )
    if not is_for_tests:
        return made
    return mark_for_tests(
        workspace_id=workspace.id, list_id=made.id, is_for_tests=True, actor="user:7"
    )


def test_each_person_gets_their_own_text_and_the_others_are_named(
    workspace: Workspace, campaign: Campaign
) -> None:
    ada, bea = (make_contact(workspace=workspace, first_name=name) for name in ("Ada", "Bea"))
    silent = make_contact(workspace=workspace, has_consent=False)
    make_contact(workspace=workspace, first_name="Somebody else")
    chosen = make_list(ada, silent, bea, workspace=workspace)

    tested = send_test_to_list(campaign=campaign, list_id=chosen.id, actor="user:7")

    rows = Message.objects.order_by("id")
    assert [(row.id, row.contact_id) for row in rows] == [
        (tested.message_ids[0], ada.id), (tested.message_ids[1], bea.id),
    ]  # fmt: skip
    assert list(Batch.objects.order_by("id").values_list("body", flat=True)) == ["Hi Ada", "Hi Bea"]
    assert tested.left_out == [{"contact_id": silent.id, "reason": "no_consent"}]
    entry = AuditEntry.objects.get(action="campaigns.test_sent")
    assert (entry.actor, entry.subject) == ("user:7", f"campaign:{campaign.id}")
    assert entry.data["after"] == {
        "list_id": chosen.id, "message_ids": tested.message_ids, "left_out": tested.left_out,
    }  # fmt: skip


def test_a_test_is_marked_and_counted_nowhere(workspace: Workspace, campaign: Campaign) -> None:
    chosen = make_list(make_contact(workspace=workspace), workspace=workspace)
    before = campaign_equation(campaign)

    for _twice in range(2):  # the cap of one text lets both through
        send_test_to_list(campaign=campaign, list_id=chosen.id, actor="user:7")

    messages = list(Message.objects.all())
    assert [find_tested_campaign(message) for message in messages] == [campaign.id] * 2
    assert {(message.campaign_id, message.is_counted) for message in messages} == {(None, False)}
    assert campaign_equation(campaign) == before


def test_a_test_goes_at_any_hour(workspace: Workspace, campaign: Campaign) -> None:
    """Whoever reads it asks for it: a list and one person alike."""
    Gateway.objects.filter(id=campaign.gateway_id).update(provider="smpp")
    person = make_contact(workspace=workspace, country="FR", msisdn="+33612345678")
    chosen = make_list(person, workspace=workspace)

    with time_machine.travel(datetime(2026, 12, 6, 2, tzinfo=UTC), tick=False):
        tested = send_test_to_list(campaign=campaign, list_id=chosen.id, actor="user:7")
        send_test(campaign=campaign, contact=person, actor="user:7")

    assert (len(tested.message_ids), Batch.objects.filter(state="queued").count()) == (1, 2)


@pytest.mark.parametrize(
    ("case", "problem"),
    [
        ("unmarked", "“Colleagues” is no test list."),
        ("empty", "Nobody is on “Colleagues”."),
        ("long", "More than 25 people are on “Colleagues”."),
        ("refused", "Nobody of it may be texted: No consent recorded"),
        ("no route", "is missing"),
    ],
)
def test_what_cannot_be_tested_is_refused_and_nothing_is_sent(
    workspace: Workspace, campaign: Campaign, case: str, problem: str
) -> None:
    count = {"empty": 0, "long": MOST_TESTED + 1}.get(case, 1)
    people = [
        make_contact(workspace=workspace, has_consent=case != "refused") for _ in range(count)
    ]
    chosen = make_list(*people, workspace=workspace, is_for_tests=case != "unmarked")
    campaign.sender = "" if case == "no route" else campaign.sender

    with pytest.raises(FieldError) as refused:
        send_test_to_list(campaign=campaign, list_id=chosen.id, actor="user:7")

    assert refused.value.problem == problem
    assert refused.value.mend
    assert not Message.objects.exists()
    assert not AuditEntry.objects.filter(action="campaigns.test_sent").exists()


def test_a_text_that_comes_out_for_nobody_says_why(
    workspace: Workspace, campaign: Campaign
) -> None:
    chosen = make_list(make_contact(workspace=workspace, fields={"visits": 0}), workspace=workspace)
    campaign.body = "{{ 100 | divided_by: visits }} points"

    with pytest.raises(FieldError) as refused:
        send_test_to_list(campaign=campaign, list_id=chosen.id, actor="user:7")

    assert refused.value.field == "body"


def test_a_list_of_another_workspace_is_not_found(campaign: Campaign) -> None:
    other = make_workspace(name="Other")
    foreign = make_list(make_contact(workspace=other), workspace=other)

    with pytest.raises(NotFound):
        send_test_to_list(campaign=campaign, list_id=foreign.id, actor="user:7")


def test_marking_a_list_leaves_an_entry_and_twice_is_once(workspace: Workspace) -> None:
    made = make_list(workspace=workspace)

    again = mark_for_tests(
        workspace_id=workspace.id, list_id=made.id, is_for_tests=True, actor="user:7"
    )

    assert again.is_for_tests
    entry = AuditEntry.objects.get(action="lists.marked")
    assert entry.data == {"before": {"is_for_tests": False}, "after": {"is_for_tests": True}}
