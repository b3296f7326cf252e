"""Threads in lists, and what happened in one: in order, a page at a time."""

from typing import Any

import pytest

from builders import make_contact, make_gateway, make_member, make_workspace
from domain.inbox.talks import ACTOR, AT, make_thread, write
from textwell.accounts.models import Workspace
from textwell.contacts.models import Contact
from textwell.core.errors import NotFound
from textwell.inbox import listing
from textwell.inbox.answering import answer_thread
from textwell.inbox.history import read_history
from textwell.inbox.listing import (
    access_thread,
    count_waiting,
    list_threads,
)
from textwell.inbox.models import Thread
from textwell.inbox.threads import (
    add_note,
    assign_thread,
    close_thread,
)
from textwell.inbox.types import ThreadFilter

pytestmark = pytest.mark.django_db
Queries = Any  # pytest-django's


def test_the_list_has_who_waits_longest_first_then_the_latest_answered(
    workspace: Workspace,
) -> None:
    gateway = make_gateway(workspace=workspace)
    people = [make_contact(workspace=workspace, first_name=f"P{n}") for n in range(5)]
    for n, person in enumerate(people):
        write(person, gateway.id, "Hello, is anybody there?", at=AT - n)
    for person in people[:2]:
        thread = Thread.objects.get(contact_id=person.id)
        answer_thread(thread=thread, text="Yes", seen=1, actor=ACTOR)
    order = [people[n].id for n in (4, 3, 2, 1, 0)]

    everything = list_threads(workspace, ThreadFilter())
    first = list_threads(workspace, ThreadFilter(), limit=3)
    rest = list_threads(workspace, ThreadFilter(), after=(first[-1].place, first[-1].id))

    assert [thread.contact_id for thread in everything] == order
    assert [thread.contact_id for thread in [*first, *rest]] == order
    assert [t.contact_id for t in list_threads(workspace, ThreadFilter(search="P3"))] == [
        people[3].id
    ]
    assert list_threads(make_workspace(name="Rival"), ThreadFilter()) == []


def test_the_answer_time_says_who_is_overdue(workspace: Workspace) -> None:
    thread = make_thread(workspace)
    overdue = ThreadFilter(is_overdue=True)
    assert (list_threads(workspace, overdue), count_waiting(workspace)) == ([], (1, 0))

    workspace.answer_minutes = 30
    assert (list_threads(workspace, overdue), count_waiting(workspace)) == ([thread], (1, 1))

    answer_thread(thread=thread, text="Yes", seen=1, actor=ACTOR)
    assert (list_threads(workspace, overdue), count_waiting(workspace)) == ([], (0, 0))


def test_the_history_is_all_texts_and_deeds_in_order(workspace: Workspace) -> None:
    thread = make_thread(workspace)
    agent = make_member(workspace=workspace, role="agent", name="Minh")
    actor = f"user:{agent.id}"
    assign_thread(thread=thread, assignee_id=agent.id, actor=actor)
    add_note(thread=thread, text="A regular.", actor=actor)
    answer_thread(thread=thread, text="At seven.", seen=3, actor=actor)
    close_thread(thread=thread, seen=4, actor=actor)

    found = read_history(thread)

    assert [(e.kind, e.text, e.who, e.assignee) for e in found.entries] == [
        ("reply", "When do you open?", "", ""),
        ("assigned", "", "Minh", "Minh"),
        ("note", "A regular.", "Minh", ""),
        ("message", "At seven.", "Minh", ""),
        ("closed", "", "Minh", ""),
    ]
    assert found.older_at is None
    page = read_history(thread, limit=2)
    assert [e.kind for e in page.entries] == ["message", "closed"]
    older = read_history(thread, before=page.older_at)
    assert [e.kind for e in older.entries] == ["reply", "assigned", "note"]


@pytest.mark.parametrize("count", [3, 7])
def test_texts_of_one_moment_are_on_one_page(workspace: Workspace, count: int) -> None:
    """Even where they are more than a page has: none of them is passed over."""
    thread = make_thread(workspace)
    contact = Contact.objects.get(id=thread.contact_id)
    gateway_id = make_gateway(workspace=workspace).id
    for n in range(count):
        write(contact, gateway_id, f"At once {n}", key=f"m{n}", at=AT + 60)
    write(contact, gateway_id, "Last", key="last", at=AT + 120)

    page = read_history(thread, limit=3)
    older = read_history(thread, before=page.older_at, limit=3)

    at_once = [f"At once {n}" for n in range(count)]
    assert [e.text for e in page.entries] == [*at_once, "Last"]
    assert [e.text for e in older.entries] == ["When do you open?"]
    assert older.older_at is None


def test_a_thread_of_another_workspace_is_not_found(workspace: Workspace) -> None:
    thread = make_thread(make_workspace(name="Rival"))

    with pytest.raises(NotFound):
        access_thread(workspace.id, thread.id)


def test_many_people_of_a_search_are_found_in_the_same_order(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = [make_thread(workspace) for _ in range(3)]
    few = list_threads(workspace, ThreadFilter(search="Linh"))
    monkeypatch.setattr(listing, "MOST_FOUND", 1)

    many = list_threads(workspace, ThreadFilter(search="Linh"))

    assert many == few == threads


def test_few_threads_of_many_people_are_found_without_walking_the_list(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Queries
) -> None:
    thread = make_thread(workspace)
    for _ in range(4):
        make_contact(workspace=workspace, first_name="Linh")
    monkeypatch.setattr(listing, "MOST_FOUND", 2)

    with django_assert_num_queries(6) as captured:  # people twice, words, replies, notes, threads
        found = list_threads(workspace, ThreadFilter(search="Linh"))

    assert found == [thread]
    assert f'"inbox_thread"."id" IN ({thread.id})' in captured.captured_queries[-1]["sql"]
