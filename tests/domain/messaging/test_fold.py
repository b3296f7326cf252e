"""Appended outcomes and receipts become states: in order, once, whatever comes late or twice."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import make_workspace
from domain.messaging.ledger import (
    append_dlr,
    append_outcome,
    fold,
    plan_campaign,
    states,
    tally_equals_rows,
)
from textwell.accounts.models import Workspace
from textwell.core.models import QuarantinedItem
from textwell.messaging.models import Message, PendingReport, Progress
from textwell.messaging.selectors import equation
from textwell.runtime.quarantine import retry_item
from wide import examples

pytestmark = pytest.mark.django_db


def test_an_outcome_moves_its_message_and_counts_its_cost(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=1)
    (message,) = planned.message_ids
    append_outcome(message, "submitted", key=11, segments=2)

    fold()

    row = Message.objects.get(id=message)
    assert (row.state, row.segment_count, row.cost_micros) == ("submitted", 2, 2_000)
    assert row.handed_at is not None
    assert tally_equals_rows(planned.campaign.id)


def test_folding_again_changes_nothing(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=2)
    for message in planned.message_ids:
        append_outcome(message, "submitted", key=message)
    fold()

    assert fold().is_idle
    assert tally_equals_rows(planned.campaign.id)


def test_a_receipt_finds_its_message_by_the_carriers_id(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=1)
    (message,) = planned.message_ids
    append_outcome(message, "submitted", key=77)
    append_dlr("delivered", key=77)

    fold()

    assert states(planned)[message] == "delivered"


def test_a_receipt_that_comes_before_its_submit_is_recorded_waits_for_it(
    workspace: Workspace,
) -> None:
    planned = plan_campaign(workspace, people=1)
    (message,) = planned.message_ids
    append_dlr("undelivered", key=78)
    fold()
    assert PendingReport.objects.count() == 1

    append_outcome(message, "submitted", key=78)
    fold()

    assert states(planned)[message] == "undelivered"
    assert PendingReport.objects.count() == 0


def test_a_lost_answer_is_settled_by_a_late_receipt(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=1)
    (message,) = planned.message_ids
    append_outcome(message, "unknown")
    fold()
    append_dlr("delivered", key=5, message_id=message)

    fold()

    assert states(planned)[message] == "delivered"


def test_the_carriers_word_beats_a_guess_whichever_is_written_last(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=1)
    (message,) = planned.message_ids
    append_outcome(message, "submitted", key=9)
    append_outcome(message, "unknown")

    fold()

    assert states(planned)[message] == "submitted"


@given(
    st.permutations(["submitted", "delivered", "delivered", "undelivered", "accepted"]),
    st.lists(st.booleans(), min_size=5, max_size=5),
)
@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_order_of_arrival_ends_in_a_final_state_and_a_balanced_equation(
    db: None, arrivals: list[str], folds: list[bool]
) -> None:
    planned = plan_campaign(make_workspace(), people=1)
    (message,) = planned.message_ids
    for what, is_folded in zip(arrivals, folds, strict=True):
        if what == "submitted":
            append_outcome(message, what, key=message)
        else:
            append_dlr(what, key=message)
        if is_folded:
            fold()
    fold()
    fold()

    finals = [what for what in arrivals if what in {"delivered", "undelivered"}]
    audience = Message.objects.filter(campaign_id=planned.campaign.id).count()
    assert states(planned)[message] in finals
    assert equation(planned.campaign.id, audience=audience).is_balanced
    assert tally_equals_rows(planned.campaign.id)


def test_outcome_and_receipt_in_one_pass_count_as_two_steps(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=2)
    for message in planned.message_ids:
        append_outcome(message, "submitted", key=message, segments=2)
        append_dlr("delivered", key=message, message_id=message)

    folded = fold()

    campaign = planned.campaign.id
    row = Message.objects.filter(campaign_id=campaign).first()
    assert row is not None
    assert (row.state, row.segment_count, row.cost_micros) == ("delivered", 2, 2_000)
    assert row.handed_at is not None
    assert row.done_at is not None
    steps = Progress.objects.filter(campaign_id=campaign).values_list("state", "message_count")
    assert sorted(steps) == [("delivered", 2), ("submitted", 2)]
    assert folded.moved_count == 4
    assert tally_equals_rows(campaign)


@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    outcomes=st.lists(st.sampled_from(["submitted", "unknown"]), min_size=3, max_size=6),
    reports=st.lists(st.sampled_from(["delivered", "undelivered", "accepted"]), max_size=6),
    most=st.integers(1, 7),
)
def test_the_logs_folded_in_parts_or_at_once_end_the_same(
    db: None, outcomes: list[str], reports: list[str], most: int
) -> None:
    [earlier] = plan_campaign(make_workspace(), people=1).message_ids
    append_outcome(earlier, "submitted", key=earlier)
    append_dlr("delivered", key=earlier)
    fold()  # ids that other tests took are passed over at a stroke, not `most` at a time
    ended = []
    for rows in (most, 1_000):
        planned = plan_campaign(make_workspace(), people=3)
        ids = planned.message_ids
        for place, outcome in enumerate(outcomes):
            append_outcome(ids[place % 3], outcome, key=ids[place % 3])
        for place, report in enumerate(reports):
            append_dlr(report, key=ids[place % 3], message_id=ids[place % 3] if place % 2 else None)
        fold(rows_at_once=rows)
        found = states(planned)
        ended.append([found[message] for message in ids])
        assert tally_equals_rows(planned.campaign.id)

    assert ended[0] == ended[1]


def test_an_outcome_that_no_fold_can_take_is_set_aside_and_let_in_again(
    workspace: Workspace,
) -> None:
    planned = plan_campaign(workspace, people=4)
    first, odd, third, last = planned.message_ids
    append_outcome(first, "submitted", key=1)
    append_outcome(odd, "held", facts='{"until": "when pigs fly"}')
    append_outcome(third, "submitted", key=3)
    append_dlr("delivered", key=3)
    append_outcome(last, "submitted", key=4)

    fold()

    assert states(planned) == {
        first: "submitted", odd: "planned", third: "delivered", last: "submitted",
    }  # fmt: skip
    [item] = QuarantinedItem.objects.all()
    assert (item.stream, item.error.partition(":")[0]) == ("OUTCOME", "InvalidDatetimeFormat")
    item.payload = bytes(item.payload).replace(b"when pigs fly", b"2030-01-02T03:04:05Z")
    retry_item(item)
    fold()
    assert states(planned)[odd] == "held"
    assert QuarantinedItem.objects.count() == 0
