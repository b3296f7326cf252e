"""The workspace's own cap, through the API, and what it does to single messages."""

from collections.abc import Callable

import pytest

from api.conftest import Program
from builders import make_contact, make_gateway
from domain.messaging.ledger import append_outcome, fold, plan_campaign
from textwell.accounts.models import AuditEntry, Workspace
from textwell.messaging.models import Message

pytestmark = pytest.mark.django_db


def test_a_program_sets_the_cap(program: Program) -> None:
    answer = program.send("put", "/workspace/cap", {"cap_count": 2, "cap_hours": 48})

    assert (answer.json()["cap_count"], answer.json()["cap_hours"]) == (2, 48)
    assert program.get("/workspace").json()["cap_count"] == 2


@pytest.mark.parametrize(("name", "status"), [("Baker", 200), (" ", 422)])
def test_a_program_renames_the_brand(program: Program, name: str, status: int) -> None:
    before = program.workspace.name

    answer = program.send("patch", "/workspace", {"name": name})

    program.workspace.refresh_from_db()
    renamed = AuditEntry.objects.filter(action="workspace.renamed").count()
    assert answer.status_code == status
    assert (program.workspace.name, renamed) == (("Baker", 1) if status == 200 else (before, 0))


@pytest.mark.parametrize(
    ("address", "status"),
    [("https://reviews.example/zahn", 200), ("https://reviews.example/" + "é" * 200, 422)],
)
def test_a_program_chooses_the_one_screen(program: Program, address: str, status: int) -> None:
    wanted = {"is_small": True, "review_url": address}

    answer = program.send("put", "/workspace/small-business", wanted)

    program.workspace.refresh_from_db()
    assert (answer.status_code, program.workspace.is_small) == (status, status == 200)
    assert status == 200 or answer.json()["errors"][0]["field"] == "review_url"


def test_a_program_sets_who_approves(program: Program) -> None:
    wanted = {"needs_approval": True, "approval_above": 500}

    answer = program.send("put", "/workspace/approval", wanted)

    assert answer.json() | wanted == answer.json()
    program.workspace.refresh_from_db()
    assert (program.workspace.needs_approval, program.workspace.approval_above) == (True, 500)


def test_a_key_without_the_scope_may_not(
    program_with: Callable[..., Program], workspace: Workspace
) -> None:
    answer = program_with("campaigns:write").send("put", "/workspace/cap", {"cap_count": 2})

    workspace.refresh_from_db()
    assert (answer.status_code, workspace.cap_count) == (403, 0)


def test_single_marketing_messages_stop_at_the_cap(program: Program) -> None:
    make_gateway(workspace=program.workspace)
    contact = make_contact(workspace=program.workspace)
    program.send("put", "/workspace/cap", {"cap_count": 2})
    new = {"to": contact.msisdn, "body": "Sale!"}

    codes = [program.post("/messages", new).status_code for _ in range(3)]
    refused = program.post("/messages", new).json()
    care = program.post("/messages", new | {"purpose": "care"})

    assert codes == [202, 202, 422]
    assert (refused["reason"], care.status_code) == ("frequency_cap", 202)
    assert Message.objects.filter(contact_id=contact.id, is_counted=True).count() == 2


def test_a_program_reads_who_stopped_why_and_whom_it_was_too_late_for(program: Program) -> None:
    planned = plan_campaign(program.workspace, people=2)
    planned.campaign.first_message_id = planned.plan.first_message_id
    planned.campaign.last_message_id = planned.plan.last_message_id
    planned.campaign.save()
    append_outcome(planned.message_ids[0], "submitted")
    fold()

    stopped = program.post("/stop-all", {"reason": "wrong price"})
    lifted = program.post("/stop-all/lift")

    assert (stopped.json()["is_stopped"], lifted.json()["is_stopped"]) == (True, False)
    page = program.get("/stop-all").json()
    stop = page["items"][0]
    actor = f"key:{program.key.id}"
    assert (stop["stopped_by"], stop["reason"], stop["lifted_by"]) == (actor, "wrong price", actor)
    assert stop["campaigns"] == [
        {"campaign_id": planned.campaign.id, "name": "Spring bread", "planned_count": 2,
         "handed_count": 1, "waiting_count": 1}
    ]  # fmt: skip
    assert page["next"] is None
    file = program.get(f"/stop-all/{stop['id']}/people.csv").getvalue().decode()
    assert len(file.splitlines()) == 2
    assert planned.people[0].msisdn not in file


def test_the_history_comes_in_pages(program: Program) -> None:
    for reason in ("one", "two", "three"):
        program.post("/stop-all", {"reason": reason})
        program.post("/stop-all/lift")

    first = program.get("/stop-all", limit=2).json()
    rest = program.get("/stop-all", limit=2, after=first["next"]).json()

    assert [stop["reason"] for stop in first["items"]] == ["three", "two"]
    assert [stop["reason"] for stop in rest["items"]] == ["one"]
