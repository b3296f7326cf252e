"""All that passed between us and one person, in the order of time: read from where it is kept."""

from dataclasses import replace
from datetime import datetime
from itertools import chain

from django.db.models import Q
from django.db.models.functions import Coalesce

from textwell.accounts.selectors import name_actors
from textwell.inbox.models import EntryKind, Reply, Thread, ThreadEntry
from textwell.inbox.types import Happened, History
from textwell.messaging.models import Message
from textwell.messaging.selectors import message_texts

PAGE_ENTRIES = 60


def read_history(
    thread: Thread, *, before: datetime | None = None, limit: int = PAGE_ENTRIES
) -> History:
    """The latest things of a thread, or those before a time.

    Texts that a campaign left out or has not handed off yet are no texts and are not shown; of a
    single message is shown also why it did not go.
    """
    found = sorted(
        chain(
            # Oldest first: those of one moment stay in their order.
            reversed(_replies(thread, before, limit + 1)),
            reversed(_messages(thread, before, limit + 1)),
            reversed(_deeds(thread, before, limit + 1)),
        ),
        key=lambda entry: entry.at,
    )
    kept = found[-limit:]
    older_at = kept[0].at if len(found) > limit else None
    return History(_named(kept), older_at)


def _replies(thread: Thread, before: datetime | None, limit: int) -> list[Happened]:
    found = Reply.objects.filter(workspace_id=thread.workspace_id, contact_id=thread.contact_id)
    if before is not None:
        found = found.filter(received_at__lt=before)
    rows = found.order_by("-received_at", "-id")[:limit]
    return [Happened(row.received_at, "reply", row, text=row.text) for row in rows]


def _messages(thread: Thread, before: datetime | None, limit: int) -> list[Happened]:
    found = Message.objects.filter(workspace_id=thread.workspace_id, contact_id=thread.contact_id)
    found = found.filter(Q(campaign_id=None) | Q(handed_at__isnull=False))
    placed = found.annotate(at=Coalesce("handed_at", "planned_at"))
    if before is not None:
        placed = placed.filter(at__lt=before)
    rows = list(placed.order_by("-at", "-id")[:limit])
    ids = [row.id for row in rows]
    texts = message_texts(ids) if ids else {}
    answers = ThreadEntry.objects.filter(
        thread=thread, kind=EntryKind.ANSWER, message_id__in=ids
    ).values_list("message_id", "actor")
    actors = dict(answers) if ids else {}
    return [
        Happened(row.at, "message", row, texts.get(row.id, ""), actors.get(row.id, ""))
        for row in rows
    ]


def _deeds(thread: Thread, before: datetime | None, limit: int) -> list[Happened]:
    """What colleagues did; their answers stand among the messages."""
    found = thread.entries.exclude(kind=EntryKind.ANSWER)
    if before is not None:
        found = found.filter(at__lt=before)
    rows = found.order_by("-number")[:limit]
    return [Happened(row.at, row.kind, row, row.text, row.actor) for row in rows]


def _named(entries: list[Happened]) -> list[Happened]:
    """With the names of colleagues; who is nobody any more keeps the word of the log."""
    given = {id(entry): _assignee(entry) for entry in entries}
    actors = {entry.actor for entry in entries} | set(given.values())
    names = name_actors(actors - {""})

    def name(actor: str) -> str:
        return names.get(actor, actor)

    return [
        replace(entry, who=name(entry.actor), assignee=name(given[id(entry)])) for entry in entries
    ]


def _assignee(entry: Happened) -> str:
    if entry.kind != EntryKind.ASSIGNED or entry.row.assignee_id is None:
        return ""
    return f"user:{entry.row.assignee_id}"
