"""All that passed between us and one person, in the order of time: read from where it is kept."""

from dataclasses import dataclass, replace
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
    """The latest things of a thread, or those before a time; those of one moment are on one page.

    A page has `limit` things, or more where the earliest of them came together with others. Texts
    that a campaign left out or has not handed off yet are no texts and are not shown; of a single
    message is shown also why it did not go.
    """
    found = _gather(thread, _Span(before=before), limit + 1)
    if len(found) <= limit:
        return History(_named(found), None)
    cut_at = found[-limit].at
    kept = _gather(thread, _Span(at=cut_at), None)
    kept += [entry for entry in found if entry.at > cut_at]
    is_more = found[0].at < cut_at or bool(_gather(thread, _Span(before=cut_at), 1))
    return History(_named(kept), cut_at if is_more else None)


@dataclass(frozen=True, slots=True)
class _Span:
    """Before a time, or at one; neither: whenever."""

    before: datetime | None = None
    at: datetime | None = None

    def within(self, column: str) -> Q:
        """What of rows with this column lies in it."""
        asked = {f"{column}__lt": self.before, column: self.at}
        return Q(**{name: value for name, value in asked.items() if value is not None})


def _gather(thread: Thread, span: _Span, limit: int | None) -> list[Happened]:
    """Of each kind the latest so many, the oldest first; those of one moment stay in their order."""
    return sorted(
        chain(
            reversed(_replies(thread, span, limit)),
            reversed(_messages(thread, span, limit)),
            reversed(_deeds(thread, span, limit)),
        ),
        key=lambda entry: entry.at,
    )


def _replies(thread: Thread, span: _Span, limit: int | None) -> list[Happened]:
    found = Reply.objects.filter(workspace_id=thread.workspace_id, contact_id=thread.contact_id)
    rows = found.filter(span.within("received_at")).order_by("-received_at", "-id")[:limit]
    return [Happened(row.received_at, "reply", row, text=row.text) for row in rows]


def _messages(thread: Thread, span: _Span, limit: int | None) -> list[Happened]:
    found = Message.objects.filter(workspace_id=thread.workspace_id, contact_id=thread.contact_id)
    found = found.filter(Q(campaign_id=None) | Q(handed_at__isnull=False))
    placed = found.annotate(at=Coalesce("handed_at", "planned_at")).filter(span.within("at"))
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


def _deeds(thread: Thread, span: _Span, limit: int | None) -> list[Happened]:
    """What colleagues did; their answers stand among the messages."""
    found = thread.entries.exclude(kind=EntryKind.ANSWER).filter(span.within("at"))
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
