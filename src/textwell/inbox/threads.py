"""What colleagues do with a thread but answering: take it, hand it on, note, close, reopen."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.accounts.models import Membership
from textwell.accounts.policy import policy_of
from textwell.accounts.types import Permission
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.errors import FieldError
from textwell.inbox import sql
from textwell.inbox.models import EntryKind, Thread, ThreadEntry
from textwell.inbox.places import place_of
from textwell.inbox.seen import check_seen

MOST_NOTE = 2000  # characters


def lock_thread(thread: Thread) -> Thread:
    """The row as it stands now, ours until the transaction ends: texts and answers wait for it."""
    return Thread.objects.select_for_update().get(id=thread.id)


def append_entry(
    held: Thread,
    kind: EntryKind,
    actor: str,
    *,
    text: str = "",
    message_id: int | None = None,
    assignee_id: int | None = None,
) -> ThreadEntry:
    """The next entry of a thread that is locked; the thread itself is stored by `store_thread`."""
    held.last_entry += 1
    return ThreadEntry.objects.create(
        workspace_id=held.workspace_id,
        thread=held,
        number=held.last_entry,
        kind=kind,
        actor=actor,
        at=now(),
        text=text,
        message_id=message_id,
        assignee_id=assignee_id,
    )


def store_thread(held: Thread) -> None:
    """Keep a thread that is locked, at the place that follows from it."""
    held.place = place_of(waiting_since=held.waiting_since, last_at=held.last_at)
    held.save()


def assign_thread(*, thread: Thread, assignee_id: int | None, actor: str) -> Thread:
    """Give it to a colleague, or with None to nobody. Twice is once.

    Raises:
        FieldError: `assignee_id` is nobody of the workspace who may answer.
    """
    with transaction.atomic():
        held = lock_thread(thread)
        if assignee_id is not None and not hold_agent(thread.workspace_id, assignee_id):
            mend = _("Choose a colleague who may answer.")
            raise FieldError("assignee_id", _("is nobody here who answers"), mend)
        if held.assignee_id == assignee_id:
            return held
        before = {"assignee_id": held.assignee_id}
        held.assignee_id = assignee_id
        append_entry(held, EntryKind.ASSIGNED, actor, assignee_id=assignee_id)
        store_thread(held)
        after = {"assignee_id": assignee_id}
        audit_row(held, "thread", actor, "inbox.assigned", before=before, after=after)
    return held


def give_up_threads(*, workspace_id: int, assignee_id: int) -> int:
    """Let nobody have what somebody had who answers no more; answers how many. Twice is once.

    In one statement and without entries: it is no deed of a colleague in each of them.
    """
    found = Thread.objects.filter(workspace_id=workspace_id, assignee_id=assignee_id)
    return found.update(assignee_id=None)


def end_waiting(*, workspace_id: int, contact_ids: Sequence[int]) -> None:
    """Let these people wait no more, who cannot be answered any more. Twice is once.

    Their threads stay as they are otherwise, unread ones too: what they asked can still be read.
    """
    with cursor() as raw:
        raw.execute(
            sql.END_WAITING, {"workspace_id": workspace_id, "contact_ids": list(contact_ids)}
        )


def retire_threads(*, workspace_id: int, contact_ids: Sequence[int]) -> None:
    """Close the threads of people who are gone. Twice is once; without entries, as no colleague did it."""
    with cursor() as raw:
        raw.execute(
            sql.RETIRE_THREADS, {"workspace_id": workspace_id, "contact_ids": list(contact_ids)}
        )


def may_answer(workspace_id: int, user_id: int) -> bool:
    """Whether somebody is a colleague who may answer here."""
    found = Membership.objects.filter(
        workspace_id=workspace_id, user_id=user_id, user__is_active=True
    ).first()
    return found is not None and policy_of(found).allows(Permission.ANSWER_INBOX)


def hold_agent(workspace_id: int, user_id: int) -> bool:
    """Whether they may answer here, as it stays until this transaction ends.

    Who takes their role away waits for us, and then finds the threads that they were given
    meanwhile. Call it with the thread locked: all take the two locks in this order.
    """
    with cursor() as raw:
        raw.execute(sql.HOLD_MEMBERSHIP, {"workspace_id": workspace_id, "user_id": user_id})
    return may_answer(workspace_id, user_id)


def add_note(*, thread: Thread, text: str, actor: str) -> ThreadEntry:
    """Write something for colleagues; it is never sent.

    Raises:
        FieldError: `text` is empty or too long.
    """
    text = text.strip()
    if not text:
        raise FieldError("text", _("is empty"), _("Write what colleagues shall know."))
    if len(text) > MOST_NOTE:
        mend = _("Shorten it to %(most)d characters.") % {"most": MOST_NOTE}
        raise FieldError("text", _("is too long"), mend)
    with transaction.atomic():
        held = lock_thread(thread)
        entry = append_entry(held, EntryKind.NOTE, actor, text=text)
        store_thread(held)
        audit_row(held, "thread", actor, "inbox.noted", after={"entry": entry.number})
    return entry


def close_thread(*, thread: Thread, seen: int, actor: str) -> Thread:
    """Nothing is left to do; nobody waits any more. A new text of the person reopens. Twice is once.

    Raises:
        ThreadMoved: something happened after the entry `seen`, so that there may be something left.
        FieldError: on `seen`: there is no such entry.
    """
    with transaction.atomic():
        held = lock_thread(thread)
        if not held.is_open:
            return held
        check_seen(held, seen, _("The thread is still open, for you to read it."))
        held.is_open, held.is_unread, held.waiting_since = False, False, None
        held.last_message_id = None  # nobody minds any more whether it arrives
        append_entry(held, EntryKind.CLOSED, actor)
        store_thread(held)
        audit_row(held, "thread", actor, "inbox.closed")
    return held


def reopen_thread(*, thread: Thread, actor: str) -> Thread:
    """Take it up again; nobody waits in it until the person writes. Twice is once."""
    with transaction.atomic():
        held = lock_thread(thread)
        if held.is_open:
            return held
        held.is_open = True
        append_entry(held, EntryKind.REOPENED, actor)
        store_thread(held)
        audit_row(held, "thread", actor, "inbox.reopened")
    return held


def mark_read(*, thread: Thread) -> None:
    """Somebody who may answer has looked at what is there, and at nothing that comes now."""
    if thread.is_unread:
        Thread.objects.filter(id=thread.id, last_entry=thread.last_entry).update(is_unread=False)


def confirm_read(*, thread: Thread, seen: int) -> Thread:
    """A program says that somebody has looked at all up to the entry `seen`. Twice is once.

    Raises:
        ThreadMoved: something happened after it; the thread stays as it is.
        FieldError: on `seen`: there is no such entry.
    """
    with transaction.atomic():
        held = lock_thread(thread)
        check_seen(held, seen, _("It still counts as unread."))
        held.is_unread = False
        store_thread(held)
    return held
