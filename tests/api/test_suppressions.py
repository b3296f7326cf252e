"""Numbers that are not texted: listed, added one by one and in bulk, lifted with a reason."""

import pytest

from api.conftest import Program
from builders import make_contact
from domain.messaging.ledger import plan_campaign
from textwell.accounts.models import AuditEntry
from textwell.accounts.types import Scope
from textwell.consent.actions import record_opt_out
from textwell.consent.models import SuppressionReason
from textwell.consent.selectors import list_suppression_reasons
from textwell.core.clock import now
from textwell.messaging.models import Message

pytestmark = pytest.mark.django_db
NUMBER = "+33610000001"


def test_a_number_is_suppressed_once_and_says_why(program: Program) -> None:
    body = {"msisdn": "06 10 00 00 01", "region": "FR", "reason": "complaint", "note": "Called"}

    made = program.post("/suppressions", body)
    again = program.post("/suppressions", {**body, "note": "Again"})

    assert made.status_code == again.status_code == 201
    assert again.json() == made.json()
    given = {key: made.json()[key] for key in ("msisdn", "reason", "note", "source", "actor")}
    assert given == {
        "msisdn": NUMBER, "reason": "complaint", "note": "Called", "source": "api",
        "actor": f"key:{program.key.id}",
    }  # fmt: skip
    assert program.get(f"/suppressions/{made.json()['id']}").json() == made.json()


def test_the_list_is_read_in_pages_and_searched(program: Program) -> None:
    numbers = [f"+3361000000{n}" for n in range(3)]
    program.post("/suppressions/bulk", {"msisdns": numbers, "reason": "register"})
    program.post("/suppressions", {"msisdn": "+33620000001"})

    first = program.get("/suppressions", limit=3).json()
    rest = program.get("/suppressions", limit=3, after=first["next"]).json()

    assert [row["msisdn"] for row in first["items"]] == ["+33620000001", *reversed(numbers[1:])]
    assert [row["msisdn"] for row in rest["items"]] == [numbers[0]]
    assert rest["next"] is None
    found = program.get("/suppressions", search="0610000002", reason="register").json()["items"]
    assert [row["msisdn"] for row in found] == [numbers[2]]


def test_in_bulk_what_is_no_number_is_reported_by_place(program: Program) -> None:
    program.post("/suppressions", {"msisdn": NUMBER})

    answer = program.post("/suppressions/bulk", {"msisdns": [NUMBER, "12", "+33610000002"]}).json()

    assert (answer["added_count"], answer["known_count"]) == (1, 1)
    assert [(row["place"], row["field"]) for row in answer["rejected"]] == [(1, "msisdn")]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"msisdn": "12"}, "msisdn"),
        ({"msisdn": NUMBER, "reason": "opted_out"}, "reason"),
        ({"msisdn": NUMBER, "reason": "whim"}, "reason"),
        ({"msisdn": NUMBER, "region": "ZZ"}, "region"),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    program: Program, body: dict[str, str], field: str
) -> None:
    answer = program.post("/suppressions", body)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not SuppressionReason.objects.exists()


def test_more_than_ten_thousand_are_refused_as_a_whole(program: Program) -> None:
    answer = program.post("/suppressions/bulk", {"msisdns": [NUMBER] * 10_001})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "msisdns"


def test_a_lift_says_why_and_answers_what_is_left(program: Program) -> None:
    complaint = program.post("/suppressions", {"msisdn": NUMBER, "reason": "complaint"}).json()
    program.post("/suppressions", {"msisdn": NUMBER})
    path = f"/suppressions/{complaint['id']}/lift"

    assert program.post(path, {}).status_code == 422
    lifted = program.post(path, {"reason": "Withdrawn"})

    assert [row["reason"] for row in lifted.json()["remaining"]] == ["manual"]
    assert program.post(path, {"reason": "Withdrawn"}).status_code == 404
    assert AuditEntry.objects.get(action="suppressions.lifted").reason == "Withdrawn"


def test_an_opt_out_is_not_lifted_here(program: Program) -> None:
    person = make_contact(workspace=program.workspace)
    record_opt_out(
        workspace_id=program.workspace.id, contact_id=person.id, msisdn=person.msisdn,
        source="SMS", wording="STOP", given_at=now(), actor="mo",
    )  # fmt: skip
    (row,) = list_suppression_reasons(program.workspace.id, person.msisdn)

    answer = program.post(f"/suppressions/{row.id}/lift", {"reason": "They called"})

    assert answer.status_code == 409
    assert "Record their new consent" in answer.json()["detail"]
    assert SuppressionReason.objects.count() == 1


def test_another_workspaces_rows_are_not_there(program: Program, stranger: Program) -> None:
    row = program.post("/suppressions", {"msisdn": NUMBER}).json()

    assert stranger.get("/suppressions").json()["items"] == []
    assert stranger.get(f"/suppressions/{row['id']}").status_code == 404
    assert stranger.post(f"/suppressions/{row['id']}/lift", {"reason": "x"}).status_code == 404
    assert SuppressionReason.objects.count() == 1


def test_numbers_are_masked_without_the_scope_for_them(program: Program) -> None:
    program.post("/suppressions", {"msisdn": NUMBER})
    reader = Program(program.workspace, [Scope.CONTACTS_READ.value])

    (row,) = reader.get("/suppressions").json()["items"]

    assert row["msisdn"] == "+3361•••001"
    assert reader.post("/suppressions", {"msisdn": "+33610000002"}).status_code == 403
    assert SuppressionReason.objects.count() == 1


def test_who_was_left_out_is_told_which_reason_the_number_has(program: Program) -> None:
    planned = plan_campaign(program.workspace, people=1)
    planned.campaign.first_message_id = planned.plan.first_message_id
    planned.campaign.last_message_id = planned.plan.last_message_id
    planned.campaign.save()
    person = planned.people[0]

    program.post(
        "/suppressions", {"msisdn": person.msisdn, "reason": "complaint", "note": "By letter"}
    )

    path = f"/contacts/{person.id}/explanation"
    found = program.get(path, campaign_id=planned.campaign.id).json()
    told = (found["stage"], found["reason"], found["why"])
    assert told == ("handoff", "suppressed", "The number was on the suppression list.")
    assert [(row["reason"], row["note"]) for row in found["suppressions"]] == [
        ("complaint", "By letter")
    ]
    assert Message.objects.get().reason == "suppressed"
