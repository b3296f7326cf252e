"""What people answered, and how it was understood."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from textwell.accounts.types import Permission
from textwell.contacts.models import Contact
from textwell.inbox.models import Reply
from textwell.inbox.selectors import intents_in_use
from textwell.web.access import MemberRequest, member_page
from textwell.web.pages import whole_number

PAGE_SIZE = 50


@require_safe
@member_page(Permission.VIEW_INBOX)
def list_page(request: MemberRequest) -> HttpResponseBase:
    found = Reply.objects.filter(workspace_id=request.workspace.id)
    intent = request.GET.get("intent", "")
    if intent:
        found = found.filter(intent=intent)
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
        "intents": intents_in_use(request.workspace.id),
    }
    return render(request, "inbox/list.html", context)
