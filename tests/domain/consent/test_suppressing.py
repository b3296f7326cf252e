"""Numbers that are not texted: several reasons for one, what lifts which, and what it does at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from builders import make_contact, make_workspace
from domain.messaging.ledger import plan_campaign
from textwell.accounts.models import AuditEntry, Workspace
from textwell.consent import suppressing
from textwell.consent.actions import record_opt_in, record_opt_out
from textwell.consent.events import NumbersSuppressed
from textwell.consent.models import Suppression, SuppressionReason
from textwell.consent.selectors import (
    find_suppression,
    list_suppression_reasons,
    list_suppressions,
)
from textwell.consent.suppressing import lift_suppression, suppress_number, suppress_numbers
from textwell.contacts.models import Contact
from textwell.core.errors import Conflict, FieldError, NotFound
from textwell.core.events import publish_now
from textwell.messaging.models import Message

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 5, 1, tzinfo=UTC)


def suppress(workspace: Workspace, msisdn: str, **changes: Any) -> SuppressionReason:
    given: dict[str, Any] = {"reason": "manual", "source": "page", "actor": "user:7"} | changes
    return suppress_number(workspace_id=workspace.id, msisdn=msisdn, **given)


def lift(row: SuppressionReason, why: str = "Wrong number") -> list[SuppressionReason]:
    return lift_suppression(
        workspace_id=row.workspace_id, suppression_id=row.id, why=why, actor="user:7"
    )


def stop(contact: Contact, at: datetime) -> None:
    record_opt_out(
        workspace_id=contact.workspace_id, contact_id=contact.id, msisdn=contact.msisdn,
        source="SMS", wording="STOP", given_at=at, actor="mo",
    )  # fmt: skip


def agree(contact: Contact, at: datetime) -> None:
    record_opt_in(
        workspace_id=contact.workspace_id, contact_id=contact.id, source="Form", wording="Yes",
        given_at=at, actor="system",
    )  # fmt: skip


def reasons(contact: Contact) -> tuple[str, list[str]]:
    """The foremost, which the gate reads, and all."""
    foremost = find_suppression(contact.workspace_id, contact.msisdn)
    found = list_suppression_reasons(contact.workspace_id, contact.msisdn)
    return foremost.reason if foremost else "", [row.reason for row in found]


def test_a_stop_comes_before_a_manual_reason_and_hides_none(workspace: Workspace) -> None:
    person = make_contact(workspace=workspace)
    suppress(workspace, person.msisdn)

    stop(person, DAY)

    assert reasons(person) == ("opted_out", ["opted_out", "manual"])


@pytest.mark.parametrize("reason", ["manual", "complaint", "register", "dead_number"])
@pytest.mark.parametrize("is_stop_first", [True, False])
def test_what_others_said_of_a_number_outlives_its_new_consent(
    workspace: Workspace, reason: str, *, is_stop_first: bool
) -> None:
    person = make_contact(workspace=workspace)
    if is_stop_first:
        stop(person, DAY)
    suppress(workspace, person.msisdn, reason=reason)
    if not is_stop_first:
        stop(person, DAY)

    agree(person, DAY + timedelta(days=1))

    assert reasons(person) == (reason, [reason])


def test_lifting_one_reason_leaves_the_other(workspace: Workspace) -> None:
    person = make_contact(workspace=workspace)
    complaint = suppress(workspace, person.msisdn, reason="complaint")
    manual = suppress(workspace, person.msisdn)

    assert [row.reason for row in lift(complaint)] == ["manual"]
    assert reasons(person) == ("manual", ["manual"])
    assert lift(manual) == []
    assert reasons(person) == ("", [])


def test_an_opt_out_can_be_neither_given_nor_lifted_by_hand(workspace: Workspace) -> None:
    person = make_contact(workspace=workspace)
    stop(person, DAY)
    (row,) = list_suppression_reasons(workspace.id, person.msisdn)

    with pytest.raises(FieldError) as refused:
        suppress(workspace, "+33610000001", reason="opted_out")
    with pytest.raises(Conflict, match="Record their new consent"):
        lift(row)

    assert refused.value.field == "reason"
    assert reasons(person) == ("opted_out", ["opted_out"])
    assert Suppression.objects.count() == 1


def test_a_lift_without_a_reason_changes_nothing(workspace: Workspace) -> None:
    row = suppress(workspace, "+33610000001")

    with pytest.raises(FieldError) as refused:
        lift(row, why=" ")

    assert refused.value.field == "reason"
    assert SuppressionReason.objects.get() == row


def test_a_row_of_another_workspace_is_not_there(workspace: Workspace) -> None:
    theirs = suppress(make_workspace(name="Other"), "+33610000001")

    with pytest.raises(NotFound):
        lift_suppression(
            workspace_id=workspace.id, suppression_id=theirs.id, why="Mine", actor="user:7"
        )
    assert list_suppressions(workspace.id) == []


def test_what_waits_for_a_suppressed_number_is_left_out_at_once(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=2)

    suppress(workspace, planned.people[0].msisdn)

    found = Message.objects.order_by("contact_id").values_list("contact_id", "state", "reason")
    assert list(found) == [
        (planned.people[0].id, "skipped", "suppressed"),
        (planned.people[1].id, "planned", ""),
    ]


def test_what_waits_for_many_is_left_out_some_people_at_a_time(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [person.msisdn for person in plan_campaign(workspace, people=3).people]
    monkeypatch.setattr(suppressing, "PEOPLE_AT_ONCE", 2)
    slices: list[int] = []

    def break_off(event: NumbersSuppressed) -> None:
        assert Suppression.objects.count() == 3
        slices.append(len(event.contact_ids))
        if len(slices) == 2:
            raise InterruptedError
        publish_now(event)

    monkeypatch.setattr(suppressing, "publish_now", break_off)
    with pytest.raises(InterruptedError):
        suppress_numbers(workspace_id=workspace.id, numbers=numbers, source="api", actor="key:3")
    assert Message.objects.filter(state="skipped").count() == 2

    suppress_numbers(workspace_id=workspace.id, numbers=numbers, source="api", actor="key:3")

    assert slices == [2, 1, 2, 1]
    assert Message.objects.filter(state="skipped", reason="suppressed").count() == 3


def test_many_are_told_apart_by_what_was_done(workspace: Workspace) -> None:
    suppress(workspace, "+33610000001", note="Called us")

    done = suppress_numbers(
        workspace_id=workspace.id,
        numbers=["06 10 00 00 01", "0610000002", "+33610000002", "12", ""],
        region="FR",
        source="api",
        actor="key:3",
    )

    assert (done.added_count, done.known_count) == (1, 1)
    assert [(row.place, row.error.field) for row in done.rejected] == [(3, "msisdn"), (4, "msisdn")]
    assert [row.note for row in list_suppressions(workspace.id)] == ["", "Called us"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": "whim"}, "reason"),
        ({"region": "ZZ"}, "region"),
        ({"note": "x" * 501}, "note"),
        ({"msisdn": "12"}, "msisdn"),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    workspace: Workspace, change: dict[str, str], field: str
) -> None:
    with pytest.raises(FieldError) as refused:
        suppress(workspace, **({"msisdn": "+33610000001"} | change))

    assert refused.value.field == field
    assert not Suppression.objects.exists()


def test_the_list_is_searched_by_number_and_reason(workspace: Workspace) -> None:
    one = suppress(workspace, "+33610000001")
    other = suppress(workspace, "+33620000001", reason="register")

    assert list_suppressions(workspace.id) == [other, one]
    assert list_suppressions(workspace.id, search="+33 610") == [one]
    assert list_suppressions(workspace.id, search="0620000001") == [other]
    assert list_suppressions(workspace.id, reason="register") == [other]
    assert list_suppressions(workspace.id, before_id=other.id) == [one]
    for given, field in (({"search": "Linh"}, "search"), ({"reason": "whim"}, "reason")):
        with pytest.raises(FieldError) as refused:
            list_suppressions(workspace.id, **given)
        assert refused.value.field == field


def test_adding_and_lifting_leave_entries_without_the_number(workspace: Workspace) -> None:
    row = suppress(workspace, "+33610000001", note="Called us")
    suppress(workspace, "+33610000001")
    lift(row)

    added, lifted = AuditEntry.objects.filter(action__startswith="suppressions.").order_by("id")
    assert (added.action, added.actor, added.subject) == (
        "suppressions.added", "user:7", f"suppression:{row.id}",
    )  # fmt: skip
    assert added.data["after"] == {"reason": "manual", "count": 1, "note": "Called us"}
    assert (lifted.subject, lifted.reason) == (f"suppression:{row.id}", "Wrong number")
    assert lifted.data["before"]["reason"] == "manual"
    assert "+33610000001" not in str(lifted.data)


@pytest.mark.parametrize("is_known", [True, False])
def test_an_opt_out_that_is_told_after_a_later_yes_keeps_nothing_back(*, is_known: bool) -> None:
    """A program that tells its opt-outs every night, or a carrier whose STOP comes late."""
    workspace = make_workspace()
    contact = plan_campaign(workspace, people=1).people[0]
    waiting = Message.objects.filter(contact_id=contact.id)
    if is_known:
        stop(contact, DAY)
        waiting.update(state="planned")
    agree(contact, DAY + timedelta(days=1))

    stop(contact, DAY)

    assert reasons(contact) == ("", [])
    assert waiting.get().state == "planned"


def test_an_opt_out_of_another_number_than_the_persons_suppresses_that_one() -> None:
    contact = make_contact(workspace=make_workspace())
    record_opt_out(
        workspace_id=contact.workspace_id, contact_id=contact.id, msisdn="+33699999999",
        source="SMS", wording="STOP", given_at=datetime.now(UTC), actor="mo",
    )  # fmt: skip

    assert find_suppression(contact.workspace_id, "+33699999999") is not None
    assert find_suppression(contact.workspace_id, contact.msisdn) is not None
