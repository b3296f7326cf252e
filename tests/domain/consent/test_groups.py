"""Workspaces of one company that share whom not to text."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from builders import make_contact, make_workspace
from domain.messaging.ledger import plan_campaign
from textwell.accounts.models import AuditEntry, Workspace
from textwell.consent.actions import record_opt_in, record_opt_out
from textwell.consent.groups import (
    find_sharing,
    join_sharing_group,
    leave_sharing_group,
    list_sharing_brands,
    make_sharing_code,
)
from textwell.consent.models import SharingCode, SharingGroup, SuppressionReason
from textwell.consent.selectors import access_suppression, find_suppression, list_suppressions
from textwell.consent.suppressing import lift_suppression, suppress_number, suppress_numbers
from textwell.contacts.models import Contact
from textwell.core.errors import Conflict, FieldError, NotFound
from textwell.messaging.models import Message

pytestmark = pytest.mark.django_db
ALL = ("opted_out", "complaint", "dead_number")
NUMBER = "+33612345678"


def reasons(workspace: Workspace, msisdn: str = NUMBER) -> list[str]:
    found = SuppressionReason.objects.filter(workspace_id=workspace.id, msisdn=msisdn)
    return sorted(found.values_list("reason", flat=True))


def put(workspace: Workspace, reason: str, msisdn: str = NUMBER) -> SuppressionReason:
    return suppress_number(
        workspace_id=workspace.id, msisdn=msisdn, reason=reason, source="page", actor="user:1"
    )


def join(first: Workspace, other: Workspace, *, gives: tuple[str, ...] = ALL) -> None:
    code, _ends_at = make_sharing_code(workspace=first, reasons=ALL, actor="user:1")
    join_sharing_group(workspace=other, code=code, reasons=gives, actor="user:2")


@pytest.fixture
def other(db: None) -> Workspace:
    return make_workspace(name="Other brand")


@pytest.fixture
def third(db: None) -> Workspace:
    return make_workspace(name="Third brand")


def say_stop(workspace: Workspace, contact_id: int | None, msisdn: str = NUMBER) -> None:
    record_opt_out(
        workspace_id=workspace.id, contact_id=contact_id, msisdn=msisdn, source="reply",
        wording="STOP", given_at=timezone.now(), actor="system",
    )  # fmt: skip


def person_of(workspace: Workspace) -> Contact:
    found = Contact.objects.filter(workspace_id=workspace.id, msisdn=NUMBER).first()
    return found or make_contact(workspace=workspace, msisdn=NUMBER)


def of_the_list(workspace: Workspace) -> None:
    numbers = [NUMBER, "+33612345679"]
    suppress_numbers(
        workspace_id=workspace.id, numbers=numbers, reason="complaint", source="api", actor="key:1"
    )


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (lambda here: say_stop(here, None), "opted_out"),
        (lambda here: say_stop(here, person_of(here).id), "opted_out"),
        (lambda here: put(here, "complaint"), "complaint"),
        (lambda here: put(here, "dead_number"), "dead_number"),
        (of_the_list, "complaint"),
    ],
    ids=["a stranger's stop", "a person's stop", "a complaint", "a dead number", "many at once"],
)
def test_what_one_brand_is_told_holds_for_the_other_too(
    workspace: Workspace, other: Workspace, happens: Callable[[Workspace], None], reason: str
) -> None:
    stranger = make_workspace(name="Stranger")
    join(workspace, other)

    happens(workspace)
    happens(workspace)

    assert reasons(workspace) == [reason]
    assert reasons(other) == ["shared"]
    suppression = find_suppression(other.id, NUMBER)
    assert suppression is not None
    assert suppression.reason == "shared"
    assert reasons(stranger) == []


def test_a_text_that_waits_at_the_other_brand_is_revoked_in_the_same_transaction(
    workspace: Workspace, other: Workspace
) -> None:
    join(workspace, other)
    theirs = make_contact(workspace=other, msisdn=NUMBER)
    plan_campaign(other)
    waiting = Message.objects.get(contact_id=theirs.id)
    assert waiting.state == "planned"

    say_stop(workspace, None)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == ("skipped", "suppressed")


def test_each_brand_shares_what_it_said_and_nothing_else(
    workspace: Workspace, other: Workspace
) -> None:
    join(workspace, other, gives=("dead_number",))

    put(other, "complaint")
    put(other, "dead_number", "+33612345679")
    put(workspace, "manual", "+33612345680")
    put(workspace, "register", "+33612345681")

    assert reasons(workspace) == []
    assert reasons(workspace, "+33612345679") == ["shared"]
    assert reasons(other, "+33612345680") == reasons(other, "+33612345681") == []


def test_who_joins_shares_what_there_is_by_now_both_ways(
    workspace: Workspace, other: Workspace
) -> None:
    put(workspace, "complaint")
    put(other, "dead_number", "+33612345679")
    put(other, "manual", "+33612345680")
    theirs = make_contact(workspace=other, msisdn=NUMBER)
    plan_campaign(other)

    join(workspace, other)

    assert reasons(other) == ["shared"]
    assert reasons(workspace, "+33612345679") == ["shared"]
    assert reasons(workspace, "+33612345680") == []
    assert Message.objects.get(contact_id=theirs.id).state == "skipped"


def test_what_is_lifted_is_lifted_for_the_others_unless_a_third_one_shares_it(
    workspace: Workspace, other: Workspace, third: Workspace
) -> None:
    join(workspace, other)
    join(workspace, third)
    first, second = put(workspace, "complaint"), put(third, "dead_number")
    who = {"why": "Withdrawn", "actor": "user:1"}

    lift_suppression(workspace_id=workspace.id, suppression_id=first.id, **who)
    assert (reasons(workspace), reasons(other), reasons(third)) == (
        ["shared"],
        ["shared"],
        ["dead_number"],
    )

    lift_suppression(workspace_id=third.id, suppression_id=second.id, **who)
    assert (reasons(workspace), reasons(other), reasons(third)) == ([], [], [])
    assert find_suppression(other.id, NUMBER) is None


def test_a_new_yes_lifts_what_the_stop_shared_but_not_another_reason(
    workspace: Workspace, other: Workspace
) -> None:
    join(workspace, other)
    person = make_contact(workspace=workspace, msisdn=NUMBER)
    say_stop(workspace, person.id)
    put(other, "manual")
    assert reasons(other) == ["manual", "shared"]

    record_opt_in(
        workspace_id=workspace.id, contact_id=person.id, source="form", wording="Yes",
        given_at=timezone.now(), actor="user:1",
    )  # fmt: skip

    assert reasons(other) == ["manual"]


def test_leaving_ends_the_sharing_from_then_on(workspace: Workspace, other: Workspace) -> None:
    join(workspace, other)
    shared = put(workspace, "complaint")

    leave_sharing_group(workspace=other, actor="user:2")
    leave_sharing_group(workspace=other, actor="user:2")
    put(workspace, "complaint", "+33612345679")
    put(other, "complaint", "+33612345680")
    lift_suppression(
        workspace_id=workspace.id, suppression_id=shared.id, why="Withdrawn", actor="user:1"
    )

    assert reasons(other) == ["shared"]  # nobody is texted again for that alone
    assert reasons(other, "+33612345679") == []
    assert reasons(workspace, "+33612345680") == []
    assert AuditEntry.objects.filter(action="sharing.left").count() == 1


def test_whom_the_other_brand_texts_is_not_shown(workspace: Workspace, other: Workspace) -> None:
    join(workspace, other)
    put(workspace, "complaint")
    row = SuppressionReason.objects.get(workspace_id=other.id)

    assert list_suppressions(other.id) == []
    assert list_suppressions(other.id, search=NUMBER) == []
    with pytest.raises(NotFound):
        access_suppression(other.id, row.id)

    make_contact(workspace=other, msisdn=NUMBER)
    assert list_suppressions(other.id) == [row]
    assert (row.note, row.source, row.actor) == ("", "group", "system")
    lift_suppression(workspace_id=other.id, suppression_id=row.id, why="New yes", actor="user:2")
    assert reasons(other) == []


def test_a_code_works_once_for_a_day_and_only_for_another_workspace(
    workspace: Workspace, other: Workspace, third: Workspace
) -> None:
    code, _ends_at = make_sharing_code(workspace=workspace, reasons=ALL, actor="user:1")
    old, _ends_at = make_sharing_code(workspace=workspace, reasons=(), actor="user:1")
    SharingCode.objects.filter(id=SharingCode.objects.latest("id").id).update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )

    with pytest.raises(Conflict):  # it is in the group
        join_sharing_group(workspace=workspace, code=code, reasons=ALL, actor="user:1")
    join_sharing_group(workspace=other, code=code, reasons=ALL, actor="user:2")
    for bad in (code, old, "guess", "", "x" * 200, "a\x00b"):
        with pytest.raises(FieldError):
            join_sharing_group(workspace=third, code=bad, reasons=ALL, actor="user:3")
    with pytest.raises(Conflict):
        join_sharing_group(workspace=other, code=code, reasons=ALL, actor="user:2")

    assert find_sharing(third) is None
    assert list_sharing_brands(workspace) == ["Other brand"]
    assert code not in str(list(SharingCode.objects.values()))


@pytest.mark.parametrize("given", [(), ("manual",), ("opted_out", "shared")])
def test_only_what_can_be_shared_is_shared(workspace: Workspace, given: tuple[str, ...]) -> None:
    with pytest.raises(FieldError):
        make_sharing_code(workspace=workspace, reasons=given, actor="user:1")
    assert not SharingGroup.objects.exists()


def test_a_code_of_whom_left_opens_nothing_and_an_empty_group_is_gone(
    workspace: Workspace, other: Workspace
) -> None:
    code, _ends_at = make_sharing_code(workspace=workspace, reasons=ALL, actor="user:1")
    leave_sharing_group(workspace=workspace, actor="user:1")

    with pytest.raises(FieldError):
        join_sharing_group(workspace=other, code=code, reasons=ALL, actor="user:2")
    assert not SharingGroup.objects.exists()
