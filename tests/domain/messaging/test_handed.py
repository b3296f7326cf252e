"""Which messages were handed off, and that tallies and progress count the same ones as the rows."""

from importlib import import_module

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import make_contact, make_gateway, make_workspace
from domain.messaging.ledger import (
    Planned,
    append_dlr,
    append_outcome,
    fold,
    plan_campaign,
    tally_equals_rows,
)
from textwell.accounts.models import Workspace
from textwell.core.clock import now
from textwell.messaging.models import Message, Progress, Tally
from textwell.messaging.plan import reserve_block
from textwell.messaging.selectors import equation
from wide import examples

pytestmark = pytest.mark.django_db

MIGRATIONS = "textwell.messaging.migrations"


def counts(planned: Planned) -> tuple[int, int, int]:
    """Handed off by the rows, by the tallies and by the progress."""
    campaign = planned.campaign.id
    rows = Message.objects.filter(campaign_id=campaign, handed_at__isnull=False).count()
    progress = Progress.objects.filter(campaign_id=campaign).values_list("handed_count", flat=True)
    return rows, equation(campaign, audience=0).handed_count, sum(progress)


def costs(planned: Planned) -> tuple[int, int]:
    """Of what was handed off, by the rows and by the progress."""
    campaign = planned.campaign.id
    rows = Message.objects.filter(campaign_id=campaign, handed_at__isnull=False)
    progress = Progress.objects.filter(campaign_id=campaign)
    return (
        sum(rows.values_list("cost_micros", flat=True)),
        sum(progress.values_list("cost_micros", flat=True)),
    )


@pytest.mark.parametrize(
    ("outcome", "receipt", "is_handed"),
    [
        ("submitted", None, 1),
        ("submitted", "rejected", 1),
        ("submitted", "expired", 1),
        ("submitted", "delivered", 1),
        ("unknown", None, 1),
        ("unknown", "delivered", 1),
        ("rejected", None, 0),
        ("expired", None, 0),
        ("skipped", None, 0),
    ],
)
def test_handed_off_is_what_the_carrier_took_or_may_have_taken(
    workspace: Workspace, outcome: str, receipt: str | None, is_handed: int
) -> None:
    planned = plan_campaign(workspace, people=1)
    (message,) = planned.message_ids
    append_outcome(message, outcome, key=5)
    if receipt:
        append_dlr(receipt, key=5, message_id=message)

    fold()

    assert counts(planned) == (is_handed,) * 3
    assert costs(planned) == (is_handed * 1_000,) * 2
    assert tally_equals_rows(planned.campaign.id)


def test_a_late_refusal_takes_the_hand_off_back(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=1)
    (message,) = planned.message_ids
    append_outcome(message, "unknown")
    fold()
    assert counts(planned) == (1, 1, 1)

    append_outcome(message, "rejected", segments=2)
    fold()

    assert counts(planned) == (0, 0, 0)
    assert costs(planned) == (0, 0)
    found = equation(planned.campaign.id, audience=1)
    assert (found.refused_count, found.refused_segments, found.handed_segments) == (1, 2, 0)


def test_a_lost_answer_that_comes_late_counts_once(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=1)
    (message,) = planned.message_ids
    append_outcome(message, "unknown")
    fold()
    append_outcome(message, "submitted", key=5)
    fold()

    assert counts(planned) == (1, 1, 1)


def test_a_receipt_before_its_outcome_is_counted_when_the_outcome_comes(
    workspace: Workspace,
) -> None:
    planned = plan_campaign(workspace, people=1)
    (message,) = planned.message_ids
    append_dlr("rejected", key=5, message_id=message)
    fold()
    append_outcome(message, "submitted", key=5)

    folded = fold()

    assert counts(planned) == (1, 1, 1)
    assert folded.moved_count == 0
    assert tally_equals_rows(planned.campaign.id)


def test_a_single_message_is_counted_under_its_gateway(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace)
    first, _last = reserve_block(1)
    Message.objects.create(
        id=first, workspace_id=workspace.id, contact_id=make_contact(workspace=workspace).id,
        state="planned", gateway_id=gateway.id, planned_at=now(),
    )  # fmt: skip
    append_outcome(first, "submitted", key=5)
    append_dlr("delivered", key=5, message_id=first)

    fold()

    tally = Tally.objects.get(campaign_id=-gateway.id, state="delivered")
    assert (tally.message_count, tally.handed_count, tally.handed_segments) == (1, 1, 1)


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "submitted",
                    "unknown",
                    "refused",
                    "delivered",
                    "undelivered",
                    "rejected",
                    "expired",
                ]
            ),
            st.booleans(),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_rows_tallies_and_progress_agree_whatever_comes_in_whatever_order(
    db: None, steps: list[tuple[str, bool]]
) -> None:
    planned = plan_campaign(make_workspace(), people=1)
    (message,) = planned.message_ids
    for what, is_folded in steps:
        if what in {"submitted", "unknown", "refused"}:
            outcome = "rejected" if what == "refused" else what
            append_outcome(message, outcome, key=message)
        else:
            append_dlr(what, key=message, message_id=message)
        if is_folded:
            fold()
    fold()

    by_rows, by_tallies, by_progress = counts(planned)
    assert by_rows == by_tallies == by_progress
    cost_by_rows, cost_by_progress = costs(planned)
    assert cost_by_rows == cost_by_progress
    assert tally_equals_rows(planned.campaign.id)


def test_the_cost_of_the_last_days_is_counted_once_from_the_rows(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=2)
    for message in planned.message_ids:
        append_outcome(message, "submitted", segments=2, key=message)
    fold()
    Progress.objects.update(cost_micros=0)

    with connection.cursor() as cursor:
        cursor.execute(import_module(f"{MIGRATIONS}.0013_progress_cost").FORWARD)

    assert costs(planned) == (4_000, 4_000)


def test_counting_what_was_handed_off_takes_single_messages_that_never_were(
    workspace: Workspace,
) -> None:
    gateway = make_gateway(workspace=workspace)
    message_id, _last = reserve_block(1)
    Message.objects.create(
        id=message_id,
        workspace_id=workspace.id,
        contact_id=make_contact(workspace=workspace).id,
        gateway_id=gateway.id,
        msisdn="+84901234567",
        state="canceled",
        planned_at=now(),
        segment_count=2,
    )

    with connection.cursor() as cursor:
        cursor.execute(import_module(f"{MIGRATIONS}.0007_handed_counts").FORWARD)

    [tally] = Tally.objects.filter(campaign_id=-gateway.id)
    assert (tally.message_count, tally.handed_count, tally.handed_segments) == (1, 0, 0)
