"""Reads of threads: the list, its counts, and one thread. The workspace comes first."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery

from textwell.accounts.models import Membership, User, Workspace
from textwell.accounts.policy import ROLE_PERMISSIONS
from textwell.accounts.types import Permission
from textwell.contacts.choosing import PeopleFilter, matching
from textwell.core.clock import now
from textwell.core.errors import NotFound
from textwell.inbox import sql
from textwell.inbox.models import Reply, Thread, ThreadEntry
from textwell.inbox.places import MOST_WAITING, microseconds
from textwell.inbox.searching import VECTOR, read_words
from textwell.inbox.types import ThreadFilter
from textwell.messaging.models import Message
from textwell.messaging.states import State

MOST_UNREAD = 100  # is counted; more is shown as 99+
MOST_COUNTED = 1_000
FAILED = (
    State.UNDELIVERED, State.REJECTED, State.EXPIRED, State.SKIPPED, State.UNKNOWN, State.NOT_SENT,
    State.CANCELED,
)  # fmt: skip
MOST_FOUND = 1_000  # people of a search, or their threads, that are asked for by their ids

Threads = QuerySet[Thread]


def access_thread(workspace_id: int, thread_id: int) -> Thread:
    """The thread, or NotFound (also for another workspace's)."""
    found = Thread.objects.filter(workspace_id=workspace_id, id=thread_id).first()
    if found is None:
        raise NotFound("thread", thread_id)
    return found


def find_thread(workspace_id: int, contact_id: int) -> Thread | None:
    """The thread of a person, if they ever wrote something that waited for somebody."""
    return Thread.objects.filter(workspace_id=workspace_id, contact_id=contact_id).first()


def list_threads(
    workspace: Workspace,
    wanted: ThreadFilter,
    *,
    after: tuple[int, int] | None = None,
    limit: int = 50,
) -> list[Thread]:
    """Who waits longest first, then the latest answered; `after` is place and id of the last one seen."""
    found = Thread.objects.filter(workspace_id=workspace.id, is_open=wanted.is_open)
    if wanted.assignee_id is not None:
        found = found.filter(assignee_id=wanted.assignee_id)
    if wanted.is_unassigned:
        found = found.filter(assignee_id=None)
    if wanted.is_waiting:
        found = found.filter(place__lt=MOST_WAITING)
    if wanted.is_overdue:
        found = found.filter(place__lt=_overdue_place(workspace))
    if wanted.contact_id is not None:
        found = found.filter(contact_id=wanted.contact_id)
    if wanted.search.strip():
        found = _matching(found, workspace.id, wanted.search)
    if after is not None:
        place, thread_id = after
        found = found.filter(Q(place__gt=place) | Q(id__gt=thread_id), place__gte=place)
    return list(found.order_by("place", "id")[:limit])


def _matching(found: Threads, workspace_id: int, search: str) -> Threads:
    """Threads of people whom a search finds, and those in whose texts it stands."""
    people = matching(workspace_id, PeopleFilter(search))
    found, chosen = _among(found, "contact_id", people, "id")
    words = read_words(workspace_id, search)
    if words:
        replies = Reply.objects.filter(contact_id__isnull=False)
        found, replied = _among(found, "contact_id", _having(replies, words), "contact_id")
        entries = ThreadEntry.objects.exclude(text="")
        found, written = _among(found, "id", _having(entries, words), "thread_id")
        chosen |= replied | written
    return found.filter(chosen)


def _having(texts: "QuerySet[Any]", words: str) -> "QuerySet[Any]":
    """Those with these words; Any: rows with a text, of either model."""
    condition = f"{VECTOR} @@ %s::tsquery"
    return texts.extra(where=[condition], params=[words])  # noqa: S610 - a constant, a bound value


def _among(
    found: Threads, name: str, rows: "QuerySet[Any]", column: str
) -> tuple[Threads, Q]:  # Any: rows of any model
    """A condition for threads whose `name` is the `column` of some row.

    Of few rows by value, else of few threads by their ids.

    Of many threads some stand near the top of any list: it is walked, and each thread asks for its
    own. A look-up with a limit is what keeps PostgreSQL from reading all of them first.
    """
    ids = rows.values_list(column, flat=True)
    few = list(ids[: MOST_FOUND + 1])
    if len(few) <= MOST_FOUND:
        return found, Q(**{f"{name}__in": few})
    theirs = found.filter(**{f"{name}__in": ids}).values_list("id", flat=True)
    few = list(theirs[: MOST_FOUND + 1])
    if len(few) <= MOST_FOUND:
        return found, Q(id__in=few)
    asked = f"has_{rows.model._meta.model_name}"  # noqa: SLF001 - Django's public door
    one = ids.filter(**{column: OuterRef(name)})[:1]
    return found.alias(**{asked: Subquery(one)}), Q(**{f"{asked}__isnull": False})


def failed_answers(threads: Iterable[Thread]) -> dict[int, str]:
    """By thread: the state of its last answer, where that did not reach the person."""
    asked = {t.last_message_id: t.id for t in threads if t.is_last_ours and t.last_message_id}
    found = Message.objects.filter(id__in=list(asked), state__in=FAILED)
    return {asked[row_id]: state for row_id, state in found.values_list("id", "state")}


def due_at(workspace: Workspace, thread: Thread) -> datetime | None:
    """Until when the person is to be answered; None: nobody waits, or there is no answer time."""
    if thread.waiting_since is None or not workspace.answer_minutes:
        return None
    return thread.waiting_since + timedelta(minutes=workspace.answer_minutes)


def _overdue_place(workspace: Workspace) -> int:
    """Places below it are of people who wait beyond the answer time; 0 where there is none."""
    if not workspace.answer_minutes:
        return 0
    return microseconds(now() - timedelta(minutes=workspace.answer_minutes))


def count_unread(workspace_id: int) -> int:
    """Threads with a text that nobody has looked at; stops at MOST_UNREAD."""
    found = Thread.objects.filter(workspace_id=workspace_id, is_unread=True)
    return found.order_by()[:MOST_UNREAD].count()


def count_waiting(workspace: Workspace) -> tuple[int, int]:
    """People who wait for an answer, and of these beyond the answer time; stops at MOST_COUNTED."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.COUNT_WAITING,
            {
                "workspace_id": workspace.id,
                "most_waiting": MOST_WAITING,
                "overdue": _overdue_place(workspace),
                "most": MOST_COUNTED,
            },
        )
        waiting, overdue = cursor.fetchone()
    return waiting, overdue


def list_agents(workspace_id: int) -> list[User]:
    """Colleagues who may answer, by name: to whom a thread can be given."""
    roles = [role for role, may in ROLE_PERMISSIONS.items() if Permission.ANSWER_INBOX in may]
    members = Membership.objects.filter(
        workspace_id=workspace_id, role__in=roles, user__is_active=True
    )
    people = User.objects.filter(id__in=members.values("user_id"))
    return sorted(people, key=lambda user: ((user.name or user.email).lower(), user.id))
