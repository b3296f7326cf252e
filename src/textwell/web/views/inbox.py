"""The shared inbox: threads with people, and every reply with how it was understood."""

import re
from dataclasses import replace
from typing import Any, Final

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from textwell.accounts.selectors import name_actors
from textwell.accounts.types import Permission
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.errors import Conflict, FieldError
from textwell.inbox.listing import due_at, failed_answers, list_threads
from textwell.inbox.models import Reply, Thread
from textwell.inbox.selectors import intents_in_use
from textwell.inbox.strangers import access_reply, take_up
from textwell.inbox.types import ThreadFilter
from textwell.web.access import MemberRequest, member_page
from textwell.web.pages import tell, whole_number

PAGE_SIZE = 50
_AFTER = re.compile(r"([0-9]{1,18}|[1-4][0-9]{18})\.([0-9]{1,18})")  # two bigints
# What a list shows by its word in the address. Any: lazy translations.
TABS: Final[dict[str, Any]] = {
    "open": _("Open"),
    "mine": _("Mine"),
    "unassigned": _("Nobody’s"),
    "waiting": _("Waiting"),
    "overdue": _("Overdue"),
    "closed": _("Closed"),
}


@require_safe
@member_page(Permission.VIEW_INBOX)
def list_page(request: MemberRequest) -> HttpResponseBase:
    show = request.GET.get("show", "open")
    show = show if show in TABS else "open"
    search = request.GET.get("q", "").strip()[:100]
    after = _read_after(request.GET.get("after", ""))
    wanted = replace(_filter_of(show, request.user.id), search=search)
    found = list_threads(request.workspace, wanted, after=after, limit=PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    last = shown[-1] if len(found) > PAGE_SIZE else None
    context = {
        "rows": thread_rows(request, shown),
        "after": f"{last.place}.{last.id}" if last else "",
        "show": show,
        "tabs": TABS,
        "search": search,
        "is_first_use": not found and show == "open" and not search and after is None,
    }
    name = "inbox/_rows.html" if request.htmx.target == "rows" else "inbox/list.html"
    return render(request, name, context)


def _filter_of(show: str, user_id: int) -> ThreadFilter:
    return {
        "open": ThreadFilter(),
        "mine": ThreadFilter(assignee_id=user_id),
        "unassigned": ThreadFilter(is_unassigned=True),
        "waiting": ThreadFilter(is_waiting=True),
        "overdue": ThreadFilter(is_overdue=True),
        "closed": ThreadFilter(is_open=False),
    }[show]


def _read_after(text: str) -> tuple[int, int] | None:
    """Place and id of the last thread of the page before; None for anything else."""
    found = _AFTER.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else None


def thread_rows(request: MemberRequest, threads: list[Thread]) -> list[dict[str, Any]]:
    """What a row of threads shows: the person, who has the thread, and since when somebody waits."""
    people = Contact.objects.filter(workspace_id=request.workspace.id).in_bulk(
        [thread.contact_id for thread in threads]
    )
    names = name_actors({f"user:{t.assignee_id}" for t in threads if t.assignee_id is not None})
    failed = failed_answers(threads)
    at = now()
    rows = []
    for thread in threads:
        due = due_at(request.workspace, thread)
        rows.append(
            {
                "thread": thread,
                "contact": people.get(thread.contact_id),
                "assignee": names.get(f"user:{thread.assignee_id}", ""),
                "failed": failed.get(thread.id, ""),
                "due_at": due,
                "is_overdue": due is not None and due < at,
            }
        )
    return rows


@require_safe
@member_page(Permission.VIEW_INBOX)
def replies(request: MemberRequest) -> HttpResponseBase:
    """Every text that came, also those that the machine handled and those of strangers."""
    found = Reply.objects.filter(workspace_id=request.workspace.id)
    intent = request.GET.get("intent", "")
    if intent:
        found = found.filter(intent=intent)
    is_of_strangers = request.GET.get("who") == "strangers"
    if is_of_strangers:
        found = found.filter(contact_id=None)
    before = whole_number(request.GET.get("before"))
    if before is not None:
        found = found.filter(id__lt=before)
    rows = list(found.order_by("-id")[: PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    people = Contact.objects.filter(workspace_id=request.workspace.id).in_bulk(
        [reply.contact_id for reply in shown if reply.contact_id]
    )
    context = {
        "rows": [(reply, people.get(reply.contact_id or 0)) for reply in shown],
        "older_id": shown[-1].id if len(rows) > PAGE_SIZE else None,
        "intent": intent,
        "is_of_strangers": is_of_strangers,
        "intents": intents_in_use(request.workspace.id),
    }
    return render(request, "inbox/replies.html", context)


@require_POST
@member_page(Permission.ANSWER_INBOX)
def take(request: MemberRequest, reply_id: int) -> HttpResponseBase:
    """Open the thread of whoever wrote this; a stranger becomes a contact."""
    request.policy.require(Permission.EDIT_CONTACTS)
    reply = access_reply(request.workspace.id, reply_id)
    try:
        thread = take_up(reply=reply, actor=request.actor)
    except (FieldError, Conflict) as error:
        tell(request, error)
        return redirect("web:inbox.replies")
    return redirect("web:inbox.thread", thread.id)
