"""The shared inbox through the API."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from api.conftest import Program
from builders import make_contact, make_gateway, make_member
from textwell.accounts.models import AuditEntry, Workspace
from textwell.contacts.models import Contact
from textwell.core.wire import MoItem
from textwell.inbox.actions import record_replies
from textwell.inbox.models import CannedAnswer, Reply, Thread
from textwell.messaging.models import Batch, Message

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 9, tzinfo=UTC).timestamp()


def make_thread(workspace: Workspace, *, name: str = "Linh", at: float = AT) -> Thread:
    """A person who wrote and waits."""
    gateway = make_gateway(workspace=workspace)
    contact = make_contact(workspace=workspace, first_name=name)
    record_replies([MoItem(gateway.id, name, contact.msisdn, "BAKERY", "Are you open?", at)])
    return Thread.objects.get(contact_id=contact.id)


def test_threads_are_listed_in_pages_by_who_waits_longest(program: Program) -> None:
    threads = [make_thread(program.workspace, name=f"P{n}", at=AT - n) for n in range(3)]
    names = [f"P{n}" for n in (2, 1, 0)]

    first = program.get("/inbox/threads?limit=2").json()
    rest = program.get("/inbox/threads", after=first["next"]).json()
    found = program.get("/inbox/threads", search="P1").json()

    assert [each["first_name"] for each in [*first["items"], *rest["items"]]] == names
    assert rest["next"] is None
    assert [each["id"] for each in found["items"]] == [threads[1].id]
    assert program.get("/inbox/threads?is_open=false").json()["items"] == []
    assert program.get("/inbox/threads?after=7").status_code == 422


def test_the_answer_time_marks_who_is_overdue(program: Program) -> None:
    make_thread(program.workspace)

    before = program.get("/inbox/threads?is_overdue=true").json()["items"]
    changed = program.send("put", "/workspace/answer-time", {"answer_minutes": 30}).json()
    (item,) = program.get("/inbox/threads?is_overdue=true").json()["items"]

    assert (before, changed["answer_minutes"]) == ([], 30)
    assert (item["is_overdue"], item["due_at"]) == (True, "2026-11-24T09:30:00+00:00")
    assert AuditEntry.objects.filter(action="workspace.answer_time_changed").count() == 1


def test_an_answer_is_sent_once_and_stands_in_the_thread(program: Program) -> None:
    thread = make_thread(program.workspace)
    path = f"/inbox/threads/{thread.id}"
    body = {"text": "At seven.", "seen": 1}

    answers = [program.post(f"{path}/answers", body, key=key) for key in ("a", "a", "b")]

    assert [answer.status_code for answer in answers] == [202, 202, 202]
    assert answers[1]["Idempotency-Replayed"] == "true"
    assert [answer.json()["is_repeat"] for answer in answers] == [False, False, True]
    assert Message.objects.count() == 1
    assert (Batch.objects.get().body, Batch.objects.get().lane) == ("At seven.", "urgent")
    shown = program.get(path).json()
    assert [(e["kind"], e["text"], e["actor"]) for e in shown["entries"]] == [
        ("reply", "Are you open?", ""),
        ("message", "At seven.", f"key:{program.key.id}"),
    ]
    assert (shown["waiting_since"], shown["last_entry"], shown["refusal"]) == (None, 2, "")


def test_the_second_answer_is_a_conflict_that_says_who_and_what(program: Program) -> None:
    thread = make_thread(program.workspace)
    path = f"/inbox/threads/{thread.id}/answers"
    program.post(path, {"text": "At seven.", "seen": 1})

    answer = program.post(path, {"text": "At eight.", "seen": 1})

    assert answer.status_code == 409
    assert "Tests (API) has answered meanwhile: “At seven.”" in answer.json()["detail"]
    assert Message.objects.count() == 1


def test_who_said_stop_is_not_answered(program: Program) -> None:
    thread = make_thread(program.workspace)
    number = Contact.objects.get().msisdn
    gateway_id = make_gateway(workspace=program.workspace).id
    record_replies([MoItem(gateway_id, "2", number, "BAKERY", "STOP", AT + 60)])
    path = f"/inbox/threads/{thread.id}"

    answer = program.post(f"{path}/answers", {"text": "Sorry", "seen": 1})

    assert (answer.status_code, answer.json()["errors"][0]["problem"]) == (422, "Opted out")
    shown = program.get(path).json()
    assert shown["refusal"] == "opted_out"
    assert [entry["intent"] for entry in shown["entries"]] == ["question", "opt_out", ""]
    assert Message.objects.count() == 1  # the confirmation of the opt-out


def test_a_thread_is_given_noted_closed_and_opened(program: Program) -> None:
    thread = make_thread(program.workspace)
    agent = make_member(workspace=program.workspace, role="agent")
    path = f"/inbox/threads/{thread.id}"

    given = program.send("put", f"{path}/assignee", {"assignee_id": agent.id}).json()
    noted = program.post(f"{path}/notes", {"text": "A regular"})
    mine = program.get("/inbox/threads", assignee_id=agent.id).json()["items"]
    free = program.get("/inbox/threads?is_unassigned=true").json()["items"]
    read = program.post(f"{path}/read", {"seen": 3}).json()
    closed = program.post(f"{path}/close", {"seen": 3}).json()
    opened = program.post(f"{path}/reopen").json()
    taken = program.send("put", f"{path}/assignee", {"assignee_id": None}).json()

    assert (given["assignee_id"], taken["assignee_id"]) == (agent.id, None)
    assert (noted.status_code, noted.json()["text"]) == (201, "A regular")
    assert ([each["id"] for each in mine], free) == ([thread.id], [])
    assert (read["is_unread"], read["waiting_since"] is None) == (False, False)
    assert (closed["is_open"], opened["is_open"]) == (False, True)
    refused = program.send("put", f"{path}/assignee", {"assignee_id": 2**40})
    assert refused.status_code == 422
    actions = AuditEntry.objects.filter(subject=f"thread:{thread.id}").order_by("id")
    assert [entry.action for entry in actions] == [
        "inbox.assigned", "inbox.noted", "inbox.closed", "inbox.reopened", "inbox.assigned",
    ]  # fmt: skip


def test_no_thread_is_closed_or_read_over_what_was_not_seen(program: Program) -> None:
    thread = make_thread(program.workspace)
    path = f"/inbox/threads/{thread.id}"
    program.post(f"{path}/notes", {"text": "I ring her up"})

    found = {
        (verb, str(seen)): program.post(f"{path}/{verb}", {"seen": seen})
        for verb in ("close", "read")
        for seen in (1, 3)
    }

    statuses = [answer.status_code for answer in found.values()]
    assert statuses == [409, 422, 409, 422]
    assert "has noted meanwhile: “I ring her up”" in found["close", "1"].json()["detail"]
    assert found["read", "3"].json()["errors"][0]["field"] == "seen"
    assert program.post(f"{path}/close").status_code == 422
    beyond = program.post(f"{path}/answers", {"text": "Yes", "seen": 2**62})
    assert (beyond.status_code, beyond.json()["errors"][0]["field"]) == (422, "seen")
    thread.refresh_from_db()
    assert (thread.is_open, thread.is_unread) == (True, True)


def test_canned_answers_are_kept_and_made_for_a_person(program: Program) -> None:
    thread = make_thread(program.workspace)
    body = {
        "name": "Hours",
        "body": "Hi {{ first_name }}, from 7.",
        "fallbacks": {"first_name": "x"},
    }
    made = program.post("/inbox/canned-answers", body)
    path = f"/inbox/canned-answers/{made.json()['id']}"

    text = program.get(f"/inbox/threads/{thread.id}{path.removeprefix('/inbox')}").json()
    changed = program.send("patch", path, {"name": "Opening hours"}).json()
    listed = program.get("/inbox/canned-answers").json()
    refused = program.send("patch", path, {"body": "See {{ link }}"})
    gone = program.send("delete", path, {})

    assert (made.status_code, made["Location"]) == (201, f"/api/v1{path}")
    assert text == {"text": "Hi Linh, from 7."}
    assert (changed["name"], changed["body"]) == ("Opening hours", body["body"])
    assert listed == [changed]
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "body")
    assert gone.status_code == 204
    assert not CannedAnswer.objects.exists()


def test_threads_of_another_workspace_are_not_there(program: Program, stranger: Program) -> None:
    thread = make_thread(program.workspace)
    path = f"/inbox/threads/{thread.id}"

    answers = [
        stranger.get(path),
        stranger.post(f"{path}/answers", {"text": "Yes", "seen": 1}),
        stranger.post(f"{path}/notes", {"text": "Yes"}),
        stranger.send("put", f"{path}/assignee", {"assignee_id": None}),
        stranger.post(f"{path}/close", {"seen": 1}),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert stranger.get("/inbox/threads").json()["items"] == []
    thread.refresh_from_db()
    assert (thread.last_entry, thread.is_open) == (1, True)


def test_a_key_that_reads_answers_nobody(
    workspace: Workspace, program_with: Callable[..., Program]
) -> None:
    thread = make_thread(workspace)
    reader = program_with("inbox:read")
    path = f"/inbox/threads/{thread.id}"

    assert reader.get(path).status_code == 200
    assert reader.get(path).json()["to"] != Contact.objects.get().msisdn
    assert reader.post(f"{path}/answers", {"text": "Yes", "seen": 1}).status_code == 403
    assert not Message.objects.exists()


def test_a_stranger_is_taken_up_and_found_by_their_contact(program: Program) -> None:
    gateway = make_gateway(workspace=program.workspace)
    record_replies([MoItem(gateway.id, "a", "+33612345699", "BAKERY", "Are you open?", AT)])
    reply = Reply.objects.get()

    taken = [program.post("/inbox/threads", {"reply_id": reply.id}).json() for _ in range(2)]
    found = program.get("/inbox/threads", contact_id=taken[0]["contact_id"]).json()["items"]

    assert taken[0] == taken[1]
    assert found == [taken[0]]
    assert program.post("/inbox/threads", {"reply_id": reply.id + 1}).status_code == 404


def test_to_take_up_a_stranger_needs_the_scope_of_contacts_too(
    workspace: Workspace, program_with: Callable[..., Program]
) -> None:
    gateway = make_gateway(workspace=workspace)
    record_replies([MoItem(gateway.id, "a", "+33612345699", "BAKERY", "Are you open?", AT)])
    body = {"reply_id": Reply.objects.get().id}

    refused = program_with("inbox:write").post("/inbox/threads", body)

    assert (refused.status_code, refused.json()["scope"]) == (403, "contacts:write")
    assert not Contact.objects.exists()
    taken = program_with("inbox:write", "contacts:write").post("/inbox/threads", body)
    assert taken.status_code == 200


def test_an_answer_that_did_not_arrive_is_told(program: Program) -> None:
    thread = make_thread(program.workspace)
    program.post(f"/inbox/threads/{thread.id}/answers", {"text": "Yes", "seen": 1})
    Message.objects.update(state="rejected")

    assert program.get(f"/inbox/threads/{thread.id}").json()["last_state"] == "rejected"
