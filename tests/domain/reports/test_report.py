"""Every figure of a report equals what is counted again from the rows by other means."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from builders import make_campaign
from domain.reports.sent import PRICE, Sent, click, make_sent, opt_out, progress, reply
from textwell.accounts.models import Workspace
from textwell.contacts.models import FieldDefinition, NumberPlace
from textwell.core.clock import now
from textwell.messaging.models import Message, Progress
from textwell.reports.selectors import campaign_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(workspace: Workspace) -> Sent:
    return make_sent(workspace)


def test_a_campaign_that_is_not_planned_has_an_empty_report(workspace: Workspace) -> None:
    report = campaign_report(make_campaign(workspace=workspace))

    assert (report.equation.total, report.equation.audience) == (0, 0)
    assert (report.failures, report.countries, report.progress) == ((), (), ())
    assert report.clicks.rate == 0.0


def test_the_equation_is_balanced_and_counts_every_row(sent: Sent) -> None:
    report = campaign_report(sent.campaign)

    assert report.equation.is_balanced
    assert report.equation.terms["delivered"] == len(sent.where(state="delivered"))
    waiting = sent.where(state="planned") + sent.where(state="held")
    assert report.equation.terms["waiting"] == len(waiting)
    assert report.equation.cost_micros == sum(m.cost_micros for m in sent.messages)


def test_failures_are_counted_by_state_class_and_code(sent: Sent) -> None:
    expected = Counter(
        (m.state, m.reason, m.code)
        for m in sent.messages
        if m.state in {"undelivered", "rejected", "expired", "unknown"}
    )

    report = campaign_report(sent.campaign)

    found = {(f.state, f.reason, f.code): f.people_count for f in report.failures}
    assert found == dict(expected)


def test_a_failure_says_its_cause_and_who_can_mend_it(sent: Sent) -> None:
    report = campaign_report(sent.campaign)

    failure = next(f for f in report.failures if f.reason == "invalid_number")
    assert failure.who_mends == "list_owner"
    assert failure.is_permanent
    assert failure.cause == "This is not a number that can be texted."


def test_a_message_that_ran_out_of_time_here_says_so(sent: Sent) -> None:
    report = campaign_report(sent.campaign)

    failure = next(f for f in report.failures if f.state == "expired" and not f.reason)
    assert failure.cause == "The message ran out of time before the phone could be reached."


def test_people_left_out_are_counted_by_reason(sent: Sent) -> None:
    expected = Counter(m.reason for m in sent.messages if m.state == "skipped")

    report = campaign_report(sent.campaign)

    assert {each.reason: each.people_count for each in report.left_out} == dict(expected)


@pytest.mark.parametrize("segments", [1, 2])
def test_segments_are_counted_with_their_cost(sent: Sent, segments: int) -> None:
    count = len([m for m in sent.messages if m.handed_at and m.segment_count == segments])

    report = campaign_report(sent.campaign)

    share = next(each for each in report.segments if each.segment_count == segments)
    assert (share.message_count, share.cost_micros) == (count, count * segments * PRICE)


def test_a_person_counts_by_the_surest_click(sent: Sent) -> None:
    one, two, three = sent.where(state="delivered")[:3]
    for kind in ("machine", "unsure", "human"):
        click(sent, one, kind)
    click(sent, one, "human", key="again")
    click(sent, two, "machine")
    click(sent, two, "unsure")
    click(sent, three, "machine")

    clicks = campaign_report(sent.campaign).clicks

    assert (clicks.human_people, clicks.unsure_people, clicks.machine_people) == (1, 1, 1)
    assert (clicks.human_requests, clicks.unsure_requests, clicks.machine_requests) == (2, 2, 3)


def test_the_rate_is_of_those_to_whom_it_was_delivered(sent: Sent) -> None:
    delivered = sent.where(state="delivered")
    click(sent, delivered[0], "human")
    click(sent, sent.where(state="submitted")[0], "human")

    clicks = campaign_report(sent.campaign).clicks

    assert clicks.human_people == 2
    assert clicks.rate == 1 / len(delivered)


def test_clicks_are_counted_by_link(sent: Sent) -> None:
    one, two = sent.where(state="delivered")[:2]
    click(sent, one, "human", link=1)
    click(sent, two, "human", link=1)
    click(sent, two, "human", link=2)

    links = campaign_report(sent.campaign).clicks.links

    assert [(each.link_number, each.people_count) for each in links] == [(1, 2), (2, 1)]


def test_replies_are_counted_by_intent_and_people_once(sent: Sent) -> None:
    one, two = sent.where(state="delivered")[:2]
    reply(sent, one, "stop")
    reply(sent, two, "other")
    reply(sent, two, "other", key="again")

    report = campaign_report(sent.campaign)

    found = {r.intent: (r.people_count, r.reply_count) for r in report.replies}
    assert found == {"stop": (1, 1), "other": (1, 2)}
    assert report.replied_people == 2


def test_an_opt_out_counts_for_seven_days_after_the_hand_off(sent: Sent) -> None:
    one, two, three = sent.where(state="delivered")[:3]
    opt_out(sent, one)
    opt_out(sent, two, at=now() - timedelta(hours=2))  # before the text
    opt_out(sent, three, at=now() + timedelta(days=8))

    assert campaign_report(sent.campaign).opted_out_people == 1


def test_an_opt_out_belongs_to_the_last_text_before_it(workspace: Workspace, sent: Sent) -> None:
    message = Message.objects.get(id=sent.where(state="delivered")[0])
    opt_out(sent, message.id)
    later = make_sent(workspace, people=1, seed=1)
    Message.objects.filter(id=later.messages[0].id).update(
        contact_id=message.contact_id, state="delivered", handed_at=now() - timedelta(minutes=5)
    )

    assert campaign_report(sent.campaign).opted_out_people == 0
    assert campaign_report(later.campaign).opted_out_people == 1


def test_countries_and_operators_add_up_to_the_audience(sent: Sent) -> None:
    report = campaign_report(sent.campaign)

    for groups in (report.countries, report.operators, report.regions):
        assert sum(group.people_count for group in groups) == len(sent.messages)
        assert all(sum(group.terms.values()) == group.people_count for group in groups)


def test_a_country_has_its_own_figures(sent: Sent) -> None:
    expected = sent.where(country="VN", state="delivered")
    click(sent, expected[0], "human")

    report = campaign_report(sent.campaign)

    vietnam = next(group for group in report.countries if group.value == "VN")
    assert vietnam.terms["delivered"] == len(expected)
    assert vietnam.clicked_count == 1
    assert vietnam.cost_micros == sum(m.cost_micros for m in sent.messages if m.country == "VN")


def test_operators_are_those_of_the_numbers(sent: Sent) -> None:
    expected = Counter(sent.contacts[m.contact_id].operator for m in sent.messages)

    report = campaign_report(sent.campaign)

    assert {group.value: group.people_count for group in report.operators} == dict(expected)


def test_the_region_is_where_the_number_was_handed_out(sent: Sent) -> None:
    NumberPlace.objects.create(prefix="+1212", region="New York", local_region="New York")

    report = campaign_report(sent.campaign)

    found = {group.value: group.people_count for group in report.regions}
    american = len(sent.where(country="US"))
    assert found == {"New York": american, "": len(sent.messages) - american}
    assert report.places == ()


def test_people_are_counted_by_their_own_place_field_where_there_is_one(
    workspace: Workspace, sent: Sent
) -> None:
    FieldDefinition.objects.create(workspace_id=workspace.id, name="city", label="City")
    contact = sent.contacts[sent.messages[0].contact_id]
    contact.fields = {"city": "Hà Nội"}
    contact.save()

    report = campaign_report(sent.campaign)

    assert report.place_source == "city"
    found = {group.value: group.people_count for group in report.places}
    assert found == {"Hà Nội": 1, "": len(sent.messages) - 1}


def test_progress_is_gathered_into_steps_that_fit_a_curve(sent: Sent) -> None:
    Progress.objects.all().delete()
    start = datetime(2026, 11, 24, 9, tzinfo=UTC)
    for second in (0, 5, 10, 3600):
        progress(sent, start + timedelta(seconds=second), "submitted", 10)

    report = campaign_report(sent.campaign)

    assert report.progress_step_s == 15
    found = [(point.at, point.counts, point.handed_count) for point in report.progress]
    assert found == [
        (start, {"submitted": 30}, 30),
        (start + timedelta(hours=1), {"submitted": 10}, 10),
    ]


def test_another_campaigns_rows_never_count(workspace: Workspace, sent: Sent) -> None:
    before = campaign_report(sent.campaign)
    other = make_sent(workspace, people=20, seed=9)
    click(other, other.messages[0].id, "human")

    after = campaign_report(sent.campaign)

    assert after.equation == before.equation
    assert after.countries == before.countries
    assert after.clicks == before.clicks


def test_the_number_of_statements_does_not_grow_with_the_campaign(
    workspace: Workspace, sent: Sent
) -> None:
    connection.force_debug_cursor = True
    counts = []
    for campaign in (sent.campaign, make_sent(workspace, people=300).campaign):
        before = len(connection.queries)
        campaign_report(campaign)
        counts.append(len(connection.queries) - before)
    connection.force_debug_cursor = False

    assert counts[0] == counts[1] <= 20


@pytest.mark.django_db(transaction=True)
def test_a_report_is_read_from_one_snapshot_and_writes_nothing(workspace: Workspace) -> None:
    sent = make_sent(workspace, people=5)

    report = campaign_report(sent.campaign)

    assert report.equation.is_balanced
    with connection.cursor() as cursor:  # the transaction of the report is over
        cursor.execute("SHOW transaction_read_only")
        assert cursor.fetchone() == ("off",)
