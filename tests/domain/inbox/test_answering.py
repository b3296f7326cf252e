"""The one answer that goes out: when, by which way, and what becomes of it."""

import pytest

from builders import make_contact, make_gateway, make_member
from domain.inbox.talks import ACTOR, AT, make_thread, write
from textwell.accounts.models import AuditEntry, Workspace
from textwell.contacts.models import Contact
from textwell.core.errors import FieldError
from textwell.inbox.answering import answer_thread, look_up
from textwell.inbox.errors import ThreadMoved
from textwell.inbox.failing import let_failed_wait
from textwell.inbox.listing import (
    failed_answers,
)
from textwell.inbox.models import Thread
from textwell.inbox.places import place_of
from textwell.inbox.threads import (
    add_note,
    close_thread,
    reopen_thread,
)
from textwell.messaging.models import Batch, Message

pytestmark = pytest.mark.django_db


def test_an_answer_goes_out_as_a_single_message_by_the_urgent_lane(workspace: Workspace) -> None:
    thread = make_thread(workspace)
    agent = make_member(workspace=workspace, role="agent")

    answered = answer_thread(
        thread=thread, text=" At seven. ", seen=thread.last_entry, actor=f"user:{agent.id}"
    )

    message = Message.objects.get()
    batch = Batch.objects.get()
    assert (message.id, message.contact_id) == (answered.entry.message_id, thread.contact_id)
    assert (message.lane, message.sender, message.is_counted) == ("urgent", "BAKERY", False)
    assert (batch.body, batch.extra["purpose"]) == ("At seven.", "answer")
    thread.refresh_from_db()
    assert (thread.waiting_since, thread.is_unread, thread.is_last_ours) == (None, False, True)
    assert thread.assignee_id == agent.id
    audit = AuditEntry.objects.get(action="inbox.answered")
    assert (audit.subject, audit.data["after"]) == (
        f"thread:{thread.id}",
        {"message_id": message.id},
    )


def test_the_same_answer_twice_is_sent_once(workspace: Workspace) -> None:
    thread = make_thread(workspace)
    seen = thread.last_entry

    first = answer_thread(thread=thread, text="At seven.", seen=seen, actor=ACTOR)
    second = answer_thread(thread=thread, text="At seven.", seen=seen, actor=ACTOR)

    assert (first.is_repeat, second.is_repeat) == (False, True)
    assert first.entry == second.entry
    assert Message.objects.count() == 1


def test_a_second_agent_is_told_who_answered_what(workspace: Workspace) -> None:
    thread = make_thread(workspace)
    agent = make_member(workspace=workspace, role="agent", name="Minh")
    seen = thread.last_entry
    answer_thread(thread=thread, text="At seven.", seen=seen, actor=f"user:{agent.id}")

    with pytest.raises(ThreadMoved, match=r"Minh has answered meanwhile: “At seven\.”"):
        answer_thread(thread=thread, text="At eight.", seen=seen, actor=ACTOR)

    assert Message.objects.count() == 1


def test_an_answer_is_not_sent_over_a_text_or_a_note_that_was_not_seen(
    workspace: Workspace,
) -> None:
    thread = make_thread(workspace)
    contact = Contact.objects.get(id=thread.contact_id)
    seen = thread.last_entry
    add_note(thread=thread, text="I ring her up.", actor=ACTOR)

    with pytest.raises(ThreadMoved, match=r"has noted meanwhile: “I ring her up\.”"):
        answer_thread(thread=thread, text="At eight.", seen=seen, actor="user:2")
    write(contact, make_gateway(workspace=workspace).id, "Never mind", key="9", at=AT + 9)
    with pytest.raises(ThreadMoved, match="The person wrote meanwhile: “Never mind”"):
        answer_thread(thread=thread, text="At eight.", seen=seen, actor="user:2")

    assert not Message.objects.exists()


def test_nobody_who_said_stop_is_answered(workspace: Workspace) -> None:
    thread = make_thread(workspace)
    contact = Contact.objects.get(id=thread.contact_id)
    write(contact, make_gateway(workspace=workspace).id, "STOP", key="2", at=AT + 60)

    with pytest.raises(FieldError) as refused:
        answer_thread(thread=thread, text="Sorry", seen=thread.last_entry, actor=ACTOR)

    assert refused.value.field == "thread"
    assert refused.value.problem == "Opted out"
    assert [batch.extra["purpose"] for batch in Batch.objects.all()] == ["opt_out_confirmation"]


def test_an_answer_needs_a_way(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace, state="paused")
    contact = make_contact(workspace=workspace)
    write(contact, gateway.id, "Hello there, are you open?")
    thread = Thread.objects.get()

    with pytest.raises(FieldError, match="No active gateway has a sender for this person"):
        answer_thread(thread=thread, text="Yes", seen=1, actor=ACTOR)
    make_gateway(workspace=workspace)
    Workspace.objects.filter(id=workspace.id).update(is_stopped=True)
    with pytest.raises(FieldError, match="The workspace is stopped"):
        answer_thread(thread=thread, text="Yes", seen=1, actor=ACTOR)

    assert not Message.objects.exists()


def test_an_answer_goes_by_the_sender_that_the_person_wrote_to(workspace: Workspace) -> None:
    make_gateway(workspace=workspace)
    other = make_gateway(workspace=workspace, sender="OTHER")
    mine = make_gateway(workspace=workspace, sender="BAKERY", price_micros=40_000)
    contact = make_contact(workspace=workspace)
    write(contact, other.id, "What is new?")
    write(contact, mine.id, "And you?", key="2", at=AT + 9)

    route = look_up(Thread.objects.get()).route

    assert route is not None
    assert (route.gateway_id, route.sender, route.price_micros) == (mine.id, "BAKERY", 40_000)


@pytest.mark.parametrize("text", ["", "  ", "Hi {{ first_name }}", "x" * 2000])
def test_a_text_that_cannot_be_sent_is_refused(workspace: Workspace, text: str) -> None:
    thread = make_thread(workspace)

    with pytest.raises(FieldError) as refused:
        answer_thread(thread=thread, text=text, seen=1, actor=ACTOR)

    assert refused.value.field == "text"
    assert not Message.objects.exists()


def test_an_answer_that_did_not_arrive_is_told(workspace: Workspace) -> None:
    failed, fine = (make_thread(workspace) for _ in range(2))
    for thread, state in ((failed, "undelivered"), (fine, "delivered")):
        entry = answer_thread(thread=thread, text="Yes", seen=1, actor=ACTOR).entry
        Message.objects.filter(id=entry.message_id).update(state=state)

    found = failed_answers(Thread.objects.all())

    assert found == {failed.id: "undelivered"}


@pytest.mark.parametrize("state", ["undelivered", "rejected", "expired", "skipped"])
def test_whoever_got_no_answer_waits_again(workspace: Workspace, state: str) -> None:
    failed, fine, undecided = (make_thread(workspace) for _ in range(3))
    states = {failed.id: state, fine.id: "delivered", undecided.id: "submitted"}
    for thread in (failed, fine, undecided):
        entry = answer_thread(thread=thread, text="Yes", seen=1, actor=ACTOR).entry
        Message.objects.filter(id=entry.message_id).update(state=states[thread.id])

    let_failed_wait()
    let_failed_wait()

    (waiting,) = Thread.objects.exclude(waiting_since=None)
    assert (waiting.id, waiting.waiting_since) == (failed.id, waiting.last_at)
    assert waiting.place == place_of(waiting_since=waiting.last_at, last_at=waiting.last_at)
    assert failed_answers(Thread.objects.all()) == {failed.id: state}
    answer_thread(thread=failed, text="Once more", seen=2, actor=ACTOR)
    assert let_failed_wait() == 0


def test_a_failed_answer_in_a_closed_thread_is_nobodys_business(workspace: Workspace) -> None:
    thread = make_thread(workspace)
    entry = answer_thread(thread=thread, text="Yes", seen=1, actor=ACTOR).entry
    close_thread(thread=thread, seen=2, actor=ACTOR)
    Message.objects.filter(id=entry.message_id).update(state="undelivered")

    assert let_failed_wait() == 0
    reopen_thread(thread=thread, actor=ACTOR)
    assert let_failed_wait() == 0
