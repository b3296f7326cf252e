"""Threads: who waits, who has them, and what ends it."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection

from builders import make_contact, make_gateway, make_member, make_workspace
from domain.inbox.talks import ACTOR, AT, make_thread, time_of, write, write_as_stranger
from textwell.accounts.actions import change_role
from textwell.accounts.leaving import expel_member
from textwell.accounts.models import AuditEntry, Role, Workspace
from textwell.consent.actions import record_opt_out
from textwell.consent.models import ConsentState
from textwell.consent.sample import remove_sample
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.errors import Conflict, FieldError
from textwell.core.wire import MoItem
from textwell.inbox.actions import record_replies
from textwell.inbox.answering import answer_thread
from textwell.inbox.errors import ThreadMoved
from textwell.inbox.history import read_history
from textwell.inbox.listing import (
    count_unread,
    count_waiting,
    list_agents,
    list_threads,
)
from textwell.inbox.models import Reply, Thread
from textwell.inbox.places import place_of
from textwell.inbox.strangers import take_up
from textwell.inbox.threads import (
    add_note,
    assign_thread,
    close_thread,
    confirm_read,
    mark_read,
    reopen_thread,
)
from textwell.inbox.types import ThreadFilter
from textwell.messaging.models import Message

pytestmark = pytest.mark.django_db


def test_texts_of_a_person_are_one_thread_that_waits_since_the_first(workspace: Workspace) -> None:
    thread = make_thread(workspace)
    contact = Contact.objects.get(id=thread.contact_id)
    gateway_id = make_gateway(workspace=workspace).id

    write(contact, gateway_id, "Are you  there?\nHello", key="2", at=AT + 60)

    thread.refresh_from_db()
    assert Thread.objects.count() == 1
    assert (thread.waiting_since, thread.last_at) == (time_of(AT), time_of(AT + 60))
    assert (thread.last_text, thread.last_entry, thread.is_unread) == (
        "Are you there? Hello",
        2,
        True,
    )
    assert thread.place == int(AT * 1e6)


def test_the_same_text_twice_is_one_entry(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace)
    contact = make_contact(workspace=workspace)
    item = MoItem(gateway.id, "k", contact.msisdn, "BAKERY", "Are you open?", AT)

    record_replies([item, item])
    record_replies([item])

    assert Thread.objects.get().last_entry == 1


@pytest.mark.parametrize("text", ["STOP", "START"])
def test_what_is_handled_at_once_opens_no_thread(workspace: Workspace, text: str) -> None:
    gateway = make_gateway(workspace=workspace)
    contact = make_contact(workspace=workspace)

    write(contact, gateway.id, text)

    assert not Thread.objects.exists()


def test_a_new_text_opens_a_closed_thread_for_whoever_had_it(workspace: Workspace) -> None:
    thread = make_thread(workspace)
    agent = make_member(workspace=workspace, role="agent")
    assign_thread(thread=thread, assignee_id=agent.id, actor=ACTOR)
    close_thread(thread=thread, seen=2, actor=ACTOR)
    closed = Thread.objects.get()
    assert (closed.is_open, closed.waiting_since, closed.is_unread) == (False, None, False)

    contact = Contact.objects.get(id=thread.contact_id)
    write(contact, make_gateway(workspace=workspace).id, "One more thing", key="5", at=AT + 600)

    thread.refresh_from_db()
    assert (thread.is_open, thread.waiting_since) == (True, time_of(AT + 600))
    assert thread.assignee_id == agent.id


def test_closing_and_opening_twice_is_once(workspace: Workspace) -> None:
    thread = make_thread(workspace)

    for _ in range(2):
        close_thread(thread=thread, seen=1, actor=ACTOR)
    for _ in range(2):
        reopen_thread(thread=thread, actor=ACTOR)

    assert [entry.kind for entry in thread.entries.order_by("number")] == ["closed", "reopened"]


def test_no_thread_is_closed_over_a_text_that_was_not_seen(workspace: Workspace) -> None:
    thread = make_thread(workspace)
    contact = Contact.objects.get(id=thread.contact_id)
    write(contact, make_gateway(workspace=workspace).id, "I am allergic!", key="2", at=AT + 5)

    with pytest.raises(ThreadMoved, match=r"The person wrote meanwhile: “I am allergic!”\. The "):
        close_thread(thread=thread, seen=1, actor=ACTOR)
    with pytest.raises(ThreadMoved, match="It still counts as unread"):
        confirm_read(thread=thread, seen=1)

    thread.refresh_from_db()
    assert (thread.is_open, thread.is_unread, thread.last_entry) == (True, True, 2)
    confirm_read(thread=thread, seen=2)
    close_thread(thread=thread, seen=2, actor=ACTOR)
    assert not Thread.objects.filter(is_open=True).exists()


def test_nobody_has_seen_what_is_not_there(workspace: Workspace) -> None:
    thread = make_thread(workspace)

    with pytest.raises(FieldError, match="seen"):
        answer_thread(thread=thread, text="Yes", seen=2, actor=ACTOR)
    with pytest.raises(FieldError, match="seen"):
        close_thread(thread=thread, seen=2, actor=ACTOR)
    with pytest.raises(FieldError, match="seen"):
        confirm_read(thread=thread, seen=2)

    thread.refresh_from_db()
    assert (thread.last_entry, thread.is_open, thread.is_unread) == (1, True, True)


@pytest.mark.parametrize("is_one_batch", [True, False])
def test_whoever_says_stop_waits_no_more(workspace: Workspace, *, is_one_batch: bool) -> None:
    """Nobody could answer them; the thread stays in sight, unread."""
    gateway = make_gateway(workspace=workspace)
    number = make_contact(workspace=workspace).msisdn
    texts = [
        MoItem(gateway.id, str(at), number, "BAKERY", text, AT + at)
        for at, text in enumerate(["Are you open?", "STOP"])
    ]

    for batch in [texts] if is_one_batch else [[text] for text in texts]:
        record_replies(batch)

    thread = Thread.objects.get()
    assert (count_waiting(workspace), thread.waiting_since) == ((0, 0), None)
    assert thread.place == place_of(waiting_since=None, last_at=thread.last_at)
    assert (thread.is_open, thread.is_unread, thread.last_text) == (True, True, "Are you open?")
    record_replies([MoItem(gateway.id, "9", number, "BAKERY", "Why do you ask?", AT + 9)])
    assert count_waiting(workspace) == (1, 0)


def test_whoever_opted_out_elsewhere_waits_no_more(workspace: Workspace) -> None:
    thread = make_thread(workspace)
    other = make_thread(workspace)

    record_opt_out(
        workspace_id=workspace.id,
        contact_id=thread.contact_id,
        msisdn=Contact.objects.get(id=thread.contact_id).msisdn,
        source="desk",
        wording="No more",
        given_at=now(),
        actor=ACTOR,
    )

    waiting = Thread.objects.exclude(waiting_since=None)
    assert [thread.id for thread in waiting] == [other.id]


def test_sample_people_who_are_gone_wait_no_more(workspace: Workspace) -> None:
    gone, stays = (make_thread(workspace) for _ in range(2))
    Contact.objects.filter(id=gone.contact_id).update(is_sample=True)

    remove_sample(workspace_id=workspace.id, actor=ACTOR)

    assert list_threads(workspace, ThreadFilter()) == [stays]
    assert (count_waiting(workspace), count_unread(workspace.id)) == ((1, 0), 1)
    (closed,) = list_threads(workspace, ThreadFilter(is_open=False))
    assert closed.id == gone.id
    assert closed.place == place_of(waiting_since=None, last_at=closed.last_at)


def test_a_thread_is_given_to_colleagues_who_answer_alone(workspace: Workspace) -> None:
    thread = make_thread(workspace)
    agent = make_member(workspace=workspace, role="agent", name="Minh")
    reader = make_member(workspace=workspace, role="reader")
    stranger = make_member(workspace=make_workspace(name="Rival"), role="agent")

    for person in (reader, stranger):
        with pytest.raises(FieldError, match="assignee_id"):
            assign_thread(thread=thread, assignee_id=person.id, actor=ACTOR)
    for assignee in (agent.id, agent.id, None):
        assign_thread(thread=thread, assignee_id=assignee, actor=ACTOR)

    assert [e.assignee_id for e in thread.entries.order_by("number")] == [agent.id, None]
    assert list_agents(workspace.id) == [agent]


def test_a_look_does_not_hide_what_came_after_it(workspace: Workspace) -> None:
    thread = make_thread(workspace)
    contact = Contact.objects.get(id=thread.contact_id)
    write(contact, make_gateway(workspace=workspace).id, "Hello again", key="2", at=AT + 5)

    mark_read(thread=thread)
    assert count_unread(workspace.id) == 1
    mark_read(thread=Thread.objects.get())
    assert count_unread(workspace.id) == 0


def test_no_note_is_empty_or_endless(workspace: Workspace) -> None:
    thread = make_thread(workspace)

    for text in ("  ", "x" * 2001):
        with pytest.raises(FieldError, match="text"):
            add_note(thread=thread, text=text, actor=ACTOR)

    assert not thread.entries.exists()


def test_a_late_text_keeps_who_waits_at_its_own_time(workspace: Workspace) -> None:
    thread = make_thread(workspace)
    contact = Contact.objects.get(id=thread.contact_id)

    write(contact, make_gateway(workspace=workspace).id, "An earlier one", key="0", at=AT - 60)

    thread.refresh_from_db()
    assert thread.waiting_since == time_of(AT) - timedelta(seconds=60)
    assert thread.last_text == "When do you open?"


def test_who_answers_no_more_has_no_thread_any_more(workspace: Workspace) -> None:
    threads = [make_thread(workspace) for _ in range(3)]
    left, demoted, stays = (make_member(workspace=workspace, role="agent") for _ in range(3))
    for thread, agent in zip(threads, (left, demoted, stays), strict=True):
        assign_thread(thread=thread, assignee_id=agent.id, actor=ACTOR)

    expel_member(workspace=workspace, user=left, actor=ACTOR)
    change_role(workspace=workspace, user=demoted, role=Role.READER, actor=ACTOR)
    change_role(workspace=workspace, user=stays, role=Role.MARKETER, actor=ACTOR)

    assigned = Thread.objects.order_by("id").values_list("assignee_id", flat=True)
    assert list(assigned) == [None, None, stays.id]


def test_a_stranger_is_taken_up_by_somebody_and_agrees_to_nothing(workspace: Workspace) -> None:
    first = write_as_stranger(workspace, "Are you open?", "a")
    write_as_stranger(workspace, "Hello?", "b")
    assert not Thread.objects.exists()

    thread = take_up(reply=first, actor=ACTOR)
    again = take_up(reply=Reply.objects.get(id=first.id), actor=ACTOR)

    assert again == thread
    assert (thread.last_entry, thread.waiting_since, thread.is_unread) == (2, time_of(AT), True)
    assert thread.place == int(AT * 1e6)
    contact = Contact.objects.get()
    assert (contact.id, contact.msisdn) == (thread.contact_id, "+33612345699")
    assert not ConsentState.objects.exists()
    assert [e.text for e in read_history(thread).entries] == ["Are you open?", "Hello?"]
    assert AuditEntry.objects.filter(action="inbox.taken_up").count() == 1
    answer_thread(thread=thread, text="Yes", seen=2, actor=ACTOR)
    assert Message.objects.get().msisdn == "+33612345699"


def test_a_stranger_who_only_said_stop_waits_for_nobody(workspace: Workspace) -> None:
    reply = write_as_stranger(workspace, "STOP", "a")

    with pytest.raises(Conflict):
        take_up(reply=reply, actor=ACTOR)

    assert not Contact.objects.exists()


def test_a_name_that_wrote_cannot_be_taken_up(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace)
    record_replies([MoItem(gateway.id, "a", "BANK", "BAKERY", "Your code is 1", AT)])

    with pytest.raises(FieldError, match="msisdn"):
        take_up(reply=Reply.objects.get(), actor=ACTOR)


def test_an_upgrade_lets_wait_who_wrote_within_the_week(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace)
    new, old, stopped, gone = (make_contact(workspace=workspace) for _ in range(4))
    at = now().timestamp()
    write(new, gateway.id, "Long  ago", key="1", at=at - 30 * 86_400)
    write(new, gateway.id, "Are you\nopen?", key="2", at=at - 86_400)
    write(old, gateway.id, "Thanks", at=at - 30 * 86_400)
    write(stopped, gateway.id, "STOP", at=at - 60)
    write(gone, gateway.id, "Hello there?", at=at - 60)
    gone.delete()
    kept = {thread.contact_id: thread for thread in Thread.objects.all()}
    Thread.objects.all().delete()

    with connection.cursor() as cursor:
        cursor.execute(import_module("textwell.inbox.migrations.0003_threads").BACKFILL)

    made = {thread.contact_id: thread for thread in Thread.objects.all()}
    assert set(made) == {new.id, old.id}
    waits, done = made[new.id], made[old.id]
    assert waits.waiting_since == waits.last_at == kept[new.id].last_at
    assert (waits.is_open, waits.is_unread, waits.last_text) == (True, True, "Are you open?")
    assert (done.is_open, done.is_unread, done.waiting_since) == (False, False, None)
    for thread in made.values():
        at_place = place_of(waiting_since=thread.waiting_since, last_at=thread.last_at)
        assert thread.place == at_place
