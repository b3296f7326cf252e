"""Two agents never answer the same thread at once: one message in each of many races."""

from collections import Counter
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection

from builders import make_crowd, make_gateway, make_member
from textwell.accounts.actions import remove_member
from textwell.accounts.models import Workspace
from textwell.core.wire import MoItem
from textwell.inbox import answering, threads
from textwell.inbox.actions import record_replies
from textwell.inbox.answering import answer_thread
from textwell.inbox.errors import ThreadMoved
from textwell.inbox.models import Thread as Conversation
from textwell.inbox.threads import assign_thread
from textwell.messaging.models import Message
from wide import WIDE

pytestmark = pytest.mark.django_db(transaction=True)
AT = 1_772_000_000.0
RACES = 1_000 if WIDE else 250


def _make_threads(workspace: Workspace, count: int) -> list[Conversation]:
    gateway = make_gateway(workspace=workspace)
    people = make_crowd(workspace=workspace, count=count)
    texts = [
        MoItem(gateway.id, str(p.id), p.msisdn, "BAKERY", "Are you open today?", AT) for p in people
    ]
    record_replies(texts)
    return list(Conversation.objects.order_by("id"))


def _race(threads: list[Conversation], actors: tuple[str, str]) -> dict[str, list[str]]:
    """Both answer each thread in the same moment; what came of it, by actor."""
    found: dict[str, list[str]] = {actor: [] for actor in actors}
    line = Barrier(len(actors))

    def run(actor: str) -> None:
        for thread in threads:
            line.wait()
            try:
                answer_thread(thread=thread, text=f"Yes, says {actor}", seen=1, actor=actor)
            except ThreadMoved:
                found[actor].append("told")
            except IntegrityError:
                found[actor].append("refused")
            else:
                found[actor].append("sent")
        connection.close()

    runners = [Thread(target=run, args=(actor,)) for actor in actors]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    return found


def test_of_two_agents_one_answers_in_each_of_many_races(workspace: Workspace) -> None:
    threads = _make_threads(workspace, RACES)

    found = _race(threads, ("key:1", "key:2"))

    pairs = Counter(tuple(sorted(pair)) for pair in zip(*found.values(), strict=True))
    assert pairs == {("sent", "told"): RACES}
    texts = Counter(Message.objects.values_list("contact_id", flat=True))
    assert texts == {thread.contact_id: 1 for thread in threads}
    assert set(Conversation.objects.values_list("last_entry", flat=True)) == {2}


def test_without_the_lock_the_database_still_refuses_the_second(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And so shows that the two do meet: the lock is what makes the second one read first."""
    threads = _make_threads(workspace, 50)
    monkeypatch.setattr(
        answering, "lock_thread", lambda thread: Conversation.objects.get(id=thread.id)
    )

    found = _race(threads, ("key:1", "key:2"))

    both = Counter(tuple(sorted(pair)) for pair in zip(*found.values(), strict=True))
    assert both[("refused", "sent")] > 0
    assert Message.objects.count() == 50


@pytest.mark.parametrize("is_answer", [False, True])
def test_who_leaves_meanwhile_is_given_no_thread(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, *, is_answer: bool
) -> None:
    """Between the look whether they may answer and the row that says that it is theirs."""
    agent = make_member(workspace=workspace, role="agent")
    (thread,) = _make_threads(workspace, 1)

    def leave() -> None:
        remove_member(workspace=workspace, user=agent, actor="user:1")
        connection.close()

    leaver = Thread(target=leave)
    store = threads.store_thread

    def store_late(held: Conversation) -> None:
        leaver.start()
        leaver.join(1)  # in vain where the membership is held
        store(held)

    monkeypatch.setattr(answering if is_answer else threads, "store_thread", store_late)
    if is_answer:
        answer_thread(thread=thread, text="Yes", seen=1, actor=f"user:{agent.id}")
    else:
        assign_thread(thread=thread, assignee_id=agent.id, actor="user:1")
    leaver.join()

    assert Conversation.objects.get().assignee_id is None
