"""The shared inbox: threads with people, what colleagues do in them, canned answers."""

from collections.abc import Sequence

from django.http import HttpResponse
from ninja import Router, Status

from textwell.accounts.models import Workspace
from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest, check_scope
from textwell.api.openapi import NAMES_A_REPLY
from textwell.api.paging import make_page
from textwell.api.schemas.base import Moment, Page
from textwell.api.schemas.inbox import (
    AnswerIn,
    AnswerOut,
    AssigneeIn,
    CannedFields,
    CannedOut,
    CannedText,
    NewCanned,
    NoteIn,
    NoteOut,
    SeenIn,
    TakeUpIn,
    ThreadDetail,
    ThreadOut,
    ThreadQuery,
)
from textwell.contacts.models import Contact
from textwell.contacts.selectors import access_contact
from textwell.core.clock import now
from textwell.inbox.answering import answer_thread, look_up
from textwell.inbox.canned import (
    access_canned,
    create_canned,
    delete_canned,
    list_canned,
    make_for,
    update_canned,
)
from textwell.inbox.history import read_history
from textwell.inbox.listing import access_thread, due_at, failed_answers, list_threads
from textwell.inbox.models import CannedAnswer, Thread
from textwell.inbox.strangers import access_reply, take_up
from textwell.inbox.threads import (
    add_note,
    assign_thread,
    close_thread,
    confirm_read,
    reopen_thread,
)
from textwell.inbox.types import Happened
from textwell.messaging.selectors import access_message
from textwell.text import count_segments

router = Router(tags=["Inbox"])
READ, WRITE = ApiKey(Scope.INBOX_READ), ApiKey(Scope.INBOX_WRITE)


def _shown(workspace_id: int, threads: Sequence[Thread]) -> list[dict[str, object]]:
    workspace = Workspace.objects.get(id=workspace_id)
    people = Contact.objects.filter(workspace_id=workspace_id).in_bulk(
        [thread.contact_id for thread in threads]
    )
    failed = failed_answers(threads)
    return [
        {
            **_show(workspace, thread, people.get(thread.contact_id)),
            "last_state": failed.get(thread.id, ""),
        }
        for thread in threads
    ]


def _show(workspace: Workspace, thread: Thread, contact: Contact | None) -> dict[str, object]:
    names = (
        "id", "contact_id", "is_open", "is_unread", "assignee_id", "waiting_since", "last_at",
        "last_text", "is_last_ours", "last_entry",
    )  # fmt: skip
    due = due_at(workspace, thread)
    return {
        **{name: getattr(thread, name) for name in names},
        "to": contact.msisdn if contact else "",
        "first_name": contact.first_name if contact else "",
        "last_name": contact.last_name if contact else "",
        "due_at": due,
        "is_overdue": due is not None and due < now(),
    }


def _one(thread: Thread) -> dict[str, object]:
    return _shown(thread.workspace_id, [thread])[0]


def _entry(entry: Happened) -> dict[str, object]:
    row = entry.row
    shown: dict[str, object] = {
        "at": entry.at,
        "kind": entry.kind,
        "text": entry.text,
        "actor": entry.actor,
    }
    if entry.kind == "reply":
        return {**shown, "reply_id": row.id, "intent": row.intent}
    if entry.kind == "message":
        facts = {"message_id": row.id, "campaign_id": row.campaign_id, "state": row.state}
        return {**shown, **facts}
    return {**shown, "assignee_id": row.assignee_id}


@router.get("/threads", auth=READ, response=Page[ThreadOut])
def list_all(request: KeyRequest, asked: ThreadQuery) -> dict[str, object]:
    """Threads: who waits longest first, then the latest answered. All that is given must hold."""
    workspace = Workspace.objects.get(id=request.auth.workspace_id)
    rows = list_threads(workspace, asked.wanted(), after=asked.after_place(), limit=asked.limit + 1)
    page = make_page(
        rows,
        limit=asked.limit,
        shown=lambda row: row,
        cursor=lambda row: f"{row.place}.{row.id}",
    )
    return {**page, "items": _shown(workspace.id, page["items"])}


@router.post("/threads", auth=WRITE, response=ThreadOut, openapi_extra=NAMES_A_REPLY)
def take(request: KeyRequest, given: TakeUpIn) -> dict[str, object]:
    """The thread of whoever wrote a text. A stranger becomes a contact, without any consent.

    It needs the scope `contacts:write` too. Twice is once. 409 if all that the person wrote was
    handled by itself, such as STOP.
    """
    check_scope(request.auth, Scope.CONTACTS_WRITE)
    reply = access_reply(request.auth.workspace_id, given.reply_id)
    return _one(take_up(reply=reply, actor=request.auth.actor))


@router.get("/threads/{int:thread_id}", auth=READ, response=ThreadDetail)
def get(request: KeyRequest, thread_id: int, before: Moment | None = None) -> dict[str, object]:
    """One thread with its latest texts, notes and changes of hands, or those before a time.

    Reading it does not mark it as read.
    """
    thread = access_thread(request.auth.workspace_id, thread_id)
    history = read_history(thread, before=before)
    refusal = look_up(thread).refusal
    return {
        **_one(thread),
        "entries": [_entry(entry) for entry in history.entries],
        "older_at": history.older_at,
        "refusal": refusal.reason if refusal else "",
    }


@router.post("/threads/{int:thread_id}/answers", auth=WRITE, response={202: AnswerOut})
def answer(request: KeyRequest, thread_id: int, new: AnswerIn) -> Status[dict[str, object]]:
    """Send one text to the person, by the sender that they wrote to where it still serves.

    409 if somebody answered, noted or wrote after `seen`; `detail` says who and what. 422 if the
    person opted out, or nothing can carry the text. Nothing is sent then. The same answer with the
    same `seen` is sent once, also without an Idempotency-Key.
    """
    holder = request.auth
    thread = access_thread(holder.workspace_id, thread_id)
    taken = answer_thread(thread=thread, text=new.text, seen=new.seen, actor=holder.actor)
    message = access_message(holder.workspace_id, taken.entry.message_id or 0)
    encoding, segment_count = count_segments(taken.entry.text)
    shown = {
        "message_id": message.id,
        "entry": taken.entry.number,
        "sender": message.sender,
        "gateway_id": message.gateway_id,
        "encoding": encoding.value,
        "segment_count": segment_count,
        "is_repeat": taken.is_repeat,
    }
    return Status(202, shown)


@router.post("/threads/{int:thread_id}/notes", auth=WRITE, response={201: NoteOut})
def note(request: KeyRequest, thread_id: int, new: NoteIn) -> Status[dict[str, object]]:
    """Write something for colleagues. It is never sent."""
    thread = access_thread(request.auth.workspace_id, thread_id)
    made = add_note(thread=thread, text=new.text, actor=request.auth.actor)
    return Status(201, {"entry": made.number, "text": made.text, "at": made.at})


@router.put("/threads/{int:thread_id}/assignee", auth=WRITE, response=ThreadOut)
def assign(request: KeyRequest, thread_id: int, whom: AssigneeIn) -> dict[str, object]:
    """Give it to a colleague who may answer, or to nobody. Twice is once."""
    thread = access_thread(request.auth.workspace_id, thread_id)
    actor = request.auth.actor
    return _one(assign_thread(thread=thread, assignee_id=whom.assignee_id, actor=actor))


@router.post("/threads/{int:thread_id}/close", auth=WRITE, response=ThreadOut)
def close(request: KeyRequest, thread_id: int, given: SeenIn) -> dict[str, object]:
    """Nothing is left to do. A new text of the person opens it again. Twice is once.

    409 if somebody answered, noted or wrote after `seen`; `detail` says who and what.
    """
    thread = access_thread(request.auth.workspace_id, thread_id)
    return _one(close_thread(thread=thread, seen=given.seen, actor=request.auth.actor))


@router.post("/threads/{int:thread_id}/reopen", auth=WRITE, response=ThreadOut)
def reopen(request: KeyRequest, thread_id: int) -> dict[str, object]:
    """Take it up again; nobody waits in it until the person writes. Twice is once."""
    thread = access_thread(request.auth.workspace_id, thread_id)
    return _one(reopen_thread(thread=thread, actor=request.auth.actor))


@router.post("/threads/{int:thread_id}/read", auth=WRITE, response=ThreadOut)
def read(request: KeyRequest, thread_id: int, given: SeenIn) -> dict[str, object]:
    """Say that somebody has looked at all up to `seen`. Twice is once.

    409 if somebody answered, noted or wrote after it; `detail` says who and what.
    """
    thread = access_thread(request.auth.workspace_id, thread_id)
    return _one(confirm_read(thread=thread, seen=given.seen))


@router.get(
    "/threads/{int:thread_id}/canned-answers/{int:canned_id}", auth=READ, response=CannedText
)
def get_canned_text(request: KeyRequest, thread_id: int, canned_id: int) -> dict[str, str]:
    """A canned answer as the person of this thread would read it. Nothing is sent."""
    workspace_id = request.auth.workspace_id
    thread = access_thread(workspace_id, thread_id)
    canned = access_canned(workspace_id, canned_id)
    return {"text": make_for(canned, access_contact(workspace_id, thread.contact_id))}


@router.get("/canned-answers", auth=READ, response=list[CannedOut])
def list_answers(request: KeyRequest) -> list[CannedAnswer]:
    """All canned answers, by name; 500 at most."""
    return list_canned(request.auth.workspace_id)


@router.post("/canned-answers", auth=WRITE, response={201: CannedOut})
def create_answer(
    request: KeyRequest, new: NewCanned, response: HttpResponse
) -> Status[CannedAnswer]:
    """Keep an answer. Every field that it shows needs a fallback, as in a campaign."""
    holder = request.auth
    made = create_canned(workspace_id=holder.workspace_id, actor=holder.actor, **new.values())
    response["Location"] = f"{request.path.rstrip('/')}/{made.id}"
    return Status(201, made)


@router.get("/canned-answers/{int:canned_id}", auth=READ, response=CannedOut)
def get_answer(request: KeyRequest, canned_id: int) -> CannedAnswer:
    """One canned answer."""
    return access_canned(request.auth.workspace_id, canned_id)


@router.patch("/canned-answers/{int:canned_id}", auth=WRITE, response=CannedOut)
def update_answer(request: KeyRequest, canned_id: int, change: CannedFields) -> CannedAnswer:
    """Change it: only the fields given. What was sent stays as it was sent."""
    canned = access_canned(request.auth.workspace_id, canned_id)
    return update_canned(canned=canned, actor=request.auth.actor, **change.values())


@router.delete("/canned-answers/{int:canned_id}", auth=WRITE, response={204: None})
def delete_answer(request: KeyRequest, canned_id: int) -> Status[None]:
    """Delete it. What was sent stays."""
    canned = access_canned(request.auth.workspace_id, canned_id)
    delete_canned(canned=canned, actor=request.auth.actor)
    return Status(204, None)
