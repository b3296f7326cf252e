"""One thread: its history, and what a colleague does in it.

The page is one form, so that whatever one does, what one has typed elsewhere in it is kept.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.inbox.answering import answer_thread, look_up
from textwell.inbox.canned import access_canned, list_canned, make_for
from textwell.inbox.errors import ThreadMoved
from textwell.inbox.history import read_history
from textwell.inbox.listing import access_thread, due_at, failed_answers, list_agents
from textwell.inbox.models import Thread
from textwell.inbox.threads import add_note, assign_thread, close_thread, mark_read, reopen_thread
from textwell.text.segments import segment_text
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.kept import many_lines
from textwell.web.pages import whole_number

MOST_TYPED = 4000  # characters


@dataclass(slots=True)
class Typed:
    """What stands in the page's form, and what was wrong with it."""

    text: str = ""
    note: str = ""
    error: str = ""  # about the answer
    note_error: str = ""
    status: int = 200
    said: str = ""  # what was done, where the page is shown again at once

    @property
    def is_empty(self) -> bool:
        return not (self.text.strip() or self.note.strip())


def _read(request: MemberRequest) -> Typed:
    return Typed(
        text=many_lines(request.POST.get("text", ""))[:MOST_TYPED],
        note=many_lines(request.POST.get("note", ""))[:MOST_TYPED],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.VIEW_INBOX)
def page(request: MemberRequest, thread_id: int) -> HttpResponseBase:
    thread = access_thread(request.workspace.id, thread_id)
    if request.method != "POST":
        return _show(request, thread, Typed())
    request.policy.require(Permission.ANSWER_INBOX)
    typed = _read(request)
    try:
        _do(request, thread, typed)
    except ThreadMoved as moved:
        typed.error, typed.status = str(moved), 409
    except FieldError as error:
        _put(typed, request.POST.get("then", ""), error)
    if typed.status == 200 and typed.is_empty:  # noqa: PLR2004 - nothing would be lost
        if typed.said:
            messages.success(request, typed.said)
        return redirect("web:inbox.thread", thread.id)
    return _show(request, access_thread(request.workspace.id, thread_id), typed)


def _put(typed: Typed, verb: str, error: FieldError) -> None:
    typed.status = 422
    if verb == "note":
        typed.note_error = error.sentences
    else:
        typed.error = error.sentences


def _do(request: MemberRequest, thread: Thread, typed: Typed) -> None:
    """What the pressed button says; an unknown one shows the page anew.

    Raises:
        TextwellError: it was refused; nothing was done.
    """
    actor = request.actor
    seen = whole_number(request.POST.get("seen")) or 0
    match request.POST.get("then", ""):
        case "answer":
            answer_thread(thread=thread, text=typed.text, seen=seen, actor=actor)
            typed.text, typed.said = "", _("Sent.")
        case "note":
            add_note(thread=thread, text=typed.note, actor=actor)
            typed.note, typed.said = "", _("Noted for colleagues.")
        case "take":
            assign_thread(thread=thread, assignee_id=request.user.id, actor=actor)
            typed.said = _("It is yours.")
        case "assign":
            chosen = whole_number(request.POST.get("assignee"))
            assign_thread(thread=thread, assignee_id=chosen, actor=actor)
            typed.said = _("Saved.")
        case "close":
            close_thread(thread=thread, seen=seen, actor=actor)
            typed.said = _("Closed. A new text of the person opens it again.")
        case "reopen":
            reopen_thread(thread=thread, actor=actor)
            typed.said = _("Open again.")
        case "canned":
            _put_in(request, thread, typed)


def _put_in(request: MemberRequest, thread: Thread, typed: Typed) -> None:
    """A canned answer, as the person would read it, below what stands in the box."""
    chosen = whole_number(request.POST.get("canned"))
    if chosen is None:
        raise FieldError("canned", _("No canned answer is chosen."), _("Choose one."))
    canned = access_canned(request.workspace.id, chosen)
    contact = Contact.objects.filter(
        workspace_id=request.workspace.id, id=thread.contact_id
    ).first()
    made = make_for(canned, contact) if contact else canned.body
    typed.text = f"{typed.text.rstrip()}\n{made}" if typed.text.strip() else made


def _show(request: MemberRequest, thread: Thread, typed: Typed) -> HttpResponseBase:
    workspace = request.workspace
    before = _read_time(request.GET.get("before", ""))
    # Who reads what was earlier does not see the latest, which an answer is about.
    may_answer = before is None and request.policy.allows(Permission.ANSWER_INBOX)
    if may_answer:
        mark_read(thread=thread)
    contact = Contact.objects.filter(workspace_id=workspace.id, id=thread.contact_id).first()
    due = due_at(workspace, thread)
    reached = look_up(thread)
    context: dict[str, Any] = {
        "thread": thread,
        "contact": contact,
        "history": read_history(thread, before=before),
        "may_answer": may_answer,
        "is_latest": before is None,
        "due_at": due,
        "is_overdue": due is not None and due < now(),
        "failed": failed_answers([thread]).get(thread.id, ""),
        "reached": reached,
        "typed": typed,
        "counted": _count(typed.text, reached),
        "agents": list_agents(workspace.id) if may_answer else [],
        "canned": list_canned(workspace.id) if may_answer else [],
    }
    return render(request, "inbox/thread.html", context, status=typed.status)


def _read_time(text: str) -> datetime | None:
    """A time of the address, with its zone; None for anything else."""
    try:
        found = parse_datetime(text)
        if found is None or found.tzinfo is None:
            return None
        return found.astimezone(UTC)  # PostgreSQL reads no offset beyond sixteen hours
    except (ValueError, OverflowError):  # Overflow: before the year 1 or after 9999
        return None


def _count(text: str, reached: Any) -> dict[str, Any]:
    """Segments of the text as it stands, and what they cost."""
    if not text.strip():
        return {}
    segmented = segment_text(text.strip())
    route = reached.route
    cost = segmented.segment_count * route.price_micros if route else 0
    return {
        "segmented": segmented,
        "cost_micros": cost,
        "currency": route.currency if route else "",
    }


@require_POST
@member_page(Permission.ANSWER_INBOX)
def count(request: MemberRequest, thread_id: int) -> HttpResponseBase:
    thread = access_thread(request.workspace.id, thread_id)
    reached = look_up(thread)
    counted = _count(_read(request).text, reached)
    return render(request, "inbox/_count.html", {"counted": counted, "reached": reached})


@require_safe
@member_page(Permission.VIEW_INBOX)
def news(request: MemberRequest, thread_id: int) -> HttpResponseBase:
    """Whether something happened since the page was shown."""
    thread = access_thread(request.workspace.id, thread_id)
    seen = whole_number(request.GET.get("seen"))
    return render(request, "inbox/_news.html", {"thread": thread, "seen": seen})
