"""Words in the texts of threads: of people, of answers, of notes."""

import pytest
from django.db import connection

from builders import make_workspace
from domain.inbox.talks import ACTOR, make_thread
from textwell.accounts.models import Workspace
from textwell.inbox import listing
from textwell.inbox.answering import answer_thread
from textwell.inbox.listing import list_threads
from textwell.inbox.models import Thread
from textwell.inbox.searching import VECTOR, read_words
from textwell.inbox.threads import add_note
from textwell.inbox.types import ThreadFilter

pytestmark = pytest.mark.django_db


def found(workspace: Workspace, search: str) -> list[Thread]:
    return list_threads(workspace, ThreadFilter(search=search))


@pytest.mark.parametrize(
    ("text", "search", "is_found"),
    [
        ("When do you open on Sunday?", "sunday", True),
        ("When do you open on Sunday?", "SUN", True),
        ("When do you open on Sunday?", "open sunday", True),
        ("When do you open on Sunday?", "unday", False),
        ("When do you open on Sunday?", "open monday", False),
        ("Order 4711-B, please", "4711-b", True),
        ("Bánh mì còn không?", "bánh", True),
        ("周日几点开门", "几点", True),
        ("周日几点开门", "点几", False),
        ("Is it don't, or 'not' & !(x)?", "don't '&!(:*", True),
        ("A b c", "b", False),
    ],
)
def test_words_are_found_by_their_beginning(
    workspace: Workspace, text: str, search: str, is_found: bool
) -> None:
    thread = make_thread(workspace, text)

    assert found(workspace, search) == ([thread] if is_found else [])


def test_answers_and_notes_are_searched_too(workspace: Workspace) -> None:
    thread, _other = make_thread(workspace), make_thread(workspace)
    add_note(thread=thread, text="Likes croissants", actor=ACTOR)
    answer_thread(thread=thread, text="From seven o'clock", seen=2, actor=ACTOR)

    assert found(workspace, "croissant") == [thread]
    assert found(workspace, "seven clock") == [thread]


def test_names_are_found_beside_words(workspace: Workspace) -> None:
    first = make_thread(workspace, "I am a friend of Linh")

    assert found(workspace, "friend") == [first]
    assert found(workspace, "Linh") == [first]


def test_nothing_of_another_workspace_is_found(workspace: Workspace) -> None:
    make_thread(make_workspace(name="Rival"), "Sunday")
    thread = make_thread(workspace, "Monday")

    assert found(workspace, "Sunday") == []
    assert found(workspace, f"textwell{workspace.id}") == [thread]  # the word that keeps them apart


def test_many_texts_are_found_as_few_are(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = [make_thread(workspace, "Open on Sunday?") for _ in range(3)]
    add_note(thread=threads[0], text="Sunday", actor=ACTOR)
    make_thread(workspace, "Monday")
    few = found(workspace, "sunday")
    monkeypatch.setattr(listing, "MOST_FOUND", 1)

    assert found(workspace, "sunday") == few == threads


@pytest.mark.parametrize(
    ("table", "rest", "index"),
    [("inbox_reply", "", "reply_words"), ("inbox_threadentry", " AND text <> ''", "entry_words")],
)
def test_the_search_is_of_the_index(
    workspace: Workspace, table: str, rest: str, index: str
) -> None:
    words = read_words(workspace.id, "sun day")

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            f"EXPLAIN SELECT id FROM {table} WHERE {VECTOR} @@ %s::tsquery{rest}", [words]
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert words == f"'textwell{workspace.id}' & ('sun':*) & ('day':*)"
    assert f"Bitmap Index Scan on {index}" in plan
