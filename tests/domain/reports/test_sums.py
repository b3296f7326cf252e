"""Sums that are kept are those of the list, and are not used when they may be others."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection

from builders import make_workspace
from domain.reports.sent import HANDED_AT, Sent, make_sent, opt_out
from textwell.accounts.models import Workspace
from textwell.campaigns.models import Campaign
from textwell.core.clock import now
from textwell.messaging.models import Message, Progress
from textwell.messaging.plan import reserve_block
from textwell.messaging.statistics import sum_up_block
from textwell.reports import people
from textwell.reports.figures import Figure, Term
from textwell.reports.people import Whole, each_person, open_people, people_of, sum_people
from textwell.reports.selectors import campaign_report
from textwell.reports.sums.facts import keep_facts, sum_facts
from textwell.reports.sums.tallies import find_sums
from textwell.reports.today import build_today, gateway_counts, workspace_scope
from textwell.reports.types import Sums

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(workspace: Workspace) -> Sent:
    return make_sent(workspace, people=120)


def listed(whole: Whole, figure: Figure) -> Sums:
    """The sums of the people themselves."""
    found = list(each_person(whole, figure))
    segments = sum(person.segment_count for person in found)
    return Sums(len(found), segments, sum(person.cost_micros for person in found))


def of_facts(sent: Sent) -> list[Figure]:
    """Every figure of the report that facts are kept for."""
    report = campaign_report(sent.campaign)
    rows = (*report.failures, *report.segments, *report.countries)
    return [
        *(row.figure for row in rows),
        Figure(term=Term.HANDED, country="FR"),
        Figure(term=Term.REFUSED, country="FR", segments=1),
        Figure(term=Term.FAILED, country="VN"),
    ]


def test_facts_give_the_sums_of_the_list(sent: Sent) -> None:
    keep_facts(sent.campaign)

    figures = of_facts(sent)

    assert len(figures) == 15
    for figure in figures:
        assert sum_facts(sent.campaign, figure) == listed(sent.campaign, figure), figure


def test_facts_are_not_asked_what_they_do_not_hold(sent: Sent) -> None:
    keep_facts(sent.campaign)

    unknown = Figure(operator="SFR"), Figure(state="skipped", reason="no_consent", country="FR")

    assert [sum_facts(sent.campaign, figure) for figure in unknown] == [None, None]


def test_facts_are_not_used_once_a_message_has_moved(sent: Sent) -> None:
    figure = Figure(country="FR", state="delivered")
    keep_facts(sent.campaign)
    before = sum_people(sent.campaign, figure)
    moved = sent.where(country="FR", state="delivered")[0]

    Message.objects.filter(id=moved).update(state="undelivered")
    Progress.objects.create(
        campaign_id=sent.campaign.id, slot_at=now(), state="undelivered", message_count=1
    )

    assert sum_facts(sent.campaign, figure) is None
    assert sum_people(sent.campaign, figure).people_count == before.people_count - 1
    keep_facts(sent.campaign)
    assert sum_facts(sent.campaign, figure) == listed(sent.campaign, figure)


@pytest.mark.parametrize("figure", [Figure(term=Term.HANDED), Figure(term=Term.REFUSED)])
def test_who_was_handed_off_is_told_by_the_tallies(sent: Sent, figure: Figure) -> None:
    assert find_sums(sent.campaign, figure) == listed(sent.campaign, figure)


def test_where_no_tally_says_whose_the_cost_was_messages_are_asked(sent: Sent) -> None:
    refused = sent.where(state="rejected", reason="invalid_number")[0]
    Message.objects.filter(id=refused).update(handed_at=HANDED_AT, cost_micros=7)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE messaging_tally SET cost_micros = cost_micros + 7, handed_count = 1,"
            " handed_segments = 1 WHERE state = 'rejected' AND reason = 'invalid_number'"
        )

    for figure in (Figure(term=Term.HANDED), Figure(term=Term.REFUSED)):
        assert find_sums(sent.campaign, figure) is None
        assert sum_people(sent.campaign, figure) == listed(sent.campaign, figure)


def test_what_a_gateway_took_and_refused_is_told_by_the_tallies(
    workspace: Workspace, sent: Sent
) -> None:
    counts = gateway_counts(workspace.id)[sent.campaign.gateway_id or 0]

    for each in (counts.handed, counts.refused):
        whole = workspace_scope(workspace.id, each.figure)
        found = find_sums(whole, each.figure)
        assert found == listed(whole, each.figure)
        assert found.people_count == each.count


@pytest.mark.parametrize(
    ("description", "launched", "is_told"), [("since", 1, True), ("before", 3, False)]
)
def test_today_is_told_by_the_tallies_of_campaigns_launched_since(
    workspace: Workspace, sent: Sent, description: str, launched: int, *, is_told: bool
) -> None:
    Campaign.objects.update(launched_at=now() - timedelta(hours=launched))
    today = build_today(workspace.id, now().replace(second=0, microsecond=0) - timedelta(hours=2))

    for each in (today.handed, today.delivered, today.failed):
        whole = workspace_scope(workspace.id, each.figure)
        assert (find_sums(whole, each.figure) is not None) == is_told, description
        assert sum_people(whole, each.figure) == listed(whole, each.figure)
        assert sum_people(whole, each.figure).people_count == each.count


@pytest.mark.parametrize("is_rare", [True, False])
def test_summaries_of_pages_find_who_a_walk_finds(
    sent: Sent, monkeypatch: pytest.MonkeyPatch, *, is_rare: bool
) -> None:
    sum_up_block(sent.campaign.first_message_id or 0)
    monkeypatch.setattr(people, "_is_rare", lambda *_args: is_rare)

    for figure in (
        Figure(state="unknown"),
        Figure(state="skipped", reason="no_consent"),
        Figure(state="undelivered", reason="handset_off", code="1"),
    ):
        found = [person.message_id for person in people_of(sent.campaign, figure).people]
        assert found == sent.where(**figure.values())


def test_a_rare_state_is_looked_for_by_summaries_and_a_common_one_is_not(sent: Sent) -> None:
    sent.campaign.planned_count = 1_000_000

    rare = {
        people._is_rare(sent.campaign, Figure(term="delivered"), Sums(count, 0, 0)): count
        for count in (200, 300)
    }

    assert rare == {True: 200, False: 300}


def test_people_and_sums_that_are_found_at_once_are_the_same(sent: Sent) -> None:
    for message_id in sent.where(state="delivered"):
        opt_out(sent, message_id)
    figure = Figure(reaction="opted_out")

    first, sums = open_people(sent.campaign, figure, limit=3)
    second, again = open_people(sent.campaign, figure, after=first.next_after, limit=100)

    assert sums == again == listed(sent.campaign, figure)
    assert [each.message_id for each in (*first.people, *second.people)] == sent.where(
        state="delivered"
    )


def test_an_opt_out_belongs_to_a_text_that_was_planned_before_and_went_out_later(
    workspace: Workspace,
) -> None:
    planned_first, sent = (make_sent(workspace) for _ in range(2))
    message = Message.objects.get(id=sent.where(state="delivered")[0])
    late = planned_first.where(state="delivered")[0]
    later = HANDED_AT + timedelta(minutes=5)
    Message.objects.filter(id=late).update(contact_id=message.contact_id, handed_at=later)
    Progress.objects.create(
        campaign_id=planned_first.campaign.id,
        slot_at=later,
        state="submitted",
        message_count=1,
        handed_count=1,
    )
    opt_out(sent, message.id)

    assert campaign_report(sent.campaign).opted_out_people == 0
    assert campaign_report(planned_first.campaign).opted_out_people == 1


def make_single(sent: Sent, *, done_at: datetime) -> None:
    """A message of no campaign, tallied as the fold does: under minus its gateway."""
    model = sent.messages[0]
    [message_id, _last] = reserve_block(1)
    Message.objects.create(
        id=message_id, workspace_id=model.workspace_id, contact_id=model.contact_id,
        msisdn=model.msisdn, country="FR", state="delivered", gateway_id=model.gateway_id,
        segment_count=2, cost_micros=9, planned_at=done_at, handed_at=done_at, done_at=done_at,
    )  # fmt: skip
    Progress.objects.create(
        campaign_id=-(model.gateway_id or 0), slot_at=done_at, state="delivered", message_count=1,
        handed_count=1,
    )  # fmt: skip


@pytest.mark.parametrize("launched", [1, 3])
def test_single_messages_of_today_are_among_its_people(workspace: Workspace, launched: int) -> None:
    before, sent = make_sent(workspace), make_sent(workspace)
    midnight = now().replace(second=0, microsecond=0) - timedelta(hours=2)
    Campaign.objects.update(launched_at=now() - timedelta(hours=launched))
    Campaign.objects.filter(id=before.campaign.id).update(launched_at=now() - timedelta(days=3))
    Progress.objects.filter(campaign_id=before.campaign.id).delete()
    Message.objects.filter(campaign_id=before.campaign.id).update(done_at=now() - timedelta(days=2))
    make_single(sent, done_at=HANDED_AT)
    make_single(sent, done_at=midnight - timedelta(minutes=1))

    delivered = build_today(workspace.id, midnight).delivered

    whole = workspace_scope(workspace.id, delivered.figure)
    assert delivered.count == len(sent.where(state="delivered")) + 1
    assert sum_people(whole, delivered.figure) == listed(whole, delivered.figure)
    assert sum_people(whole, delivered.figure).people_count == delivered.count
    of_operator = replace(delivered.figure, operator="SFR")
    assert open_people(whole, of_operator)[1] == listed(whole, of_operator)
    page = people_of(whole, delivered.figure, limit=3)
    ids = [each.message_id for each in page.people]
    rest = people_of(whole, delivered.figure, after=page.next_after, limit=100)
    ids += [each.message_id for each in rest.people]
    assert ids == sorted(set(ids))
    assert len(ids) == delivered.count


def test_a_list_of_a_workspace_is_looked_for_between_its_own_messages(
    workspace: Workspace, sent: Sent
) -> None:
    other = make_sent(make_workspace())

    whole = workspace_scope(workspace.id, Figure(term=Term.HANDED))

    assert (whole.first_id, whole.last_id) == (
        sent.campaign.first_message_id, sent.campaign.last_message_id,
    )  # fmt: skip
    first_id = other.campaign.first_message_id or 0
    assert workspace_scope(other.campaign.workspace_id, Figure()).first_id == first_id
