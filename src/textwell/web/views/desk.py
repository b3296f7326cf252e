"""The desk of a small firm: who wrote, remind of a booking, ask for a review; on one screen."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.contacts.models import Contact
from textwell.contacts.selectors import access_contact
from textwell.core.errors import Conflict, FieldError
from textwell.inbox.desk import (
    Sent,
    ask_for_review,
    list_noted,
    ready_reminder,
    ready_request,
    remind_of_booking,
    takes_answers,
)
from textwell.inbox.errors import NotAgreed
from textwell.inbox.listing import list_threads
from textwell.inbox.types import ThreadFilter
from textwell.messaging.actions import cancel_single
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.desk import PersonForm, ReminderForm, RequestForm
from textwell.web.pages import put_error, tell, whole_number
from textwell.web.views.inbox import thread_rows

SHOWN, NOTED = 8, 50
REMIND, ASK = "remind_%s", "ask_%s"  # ids of fields: both forms are on one page


@require_safe
@member_page(Permission.VIEW_INBOX)
def page(request: MemberRequest) -> HttpResponseBase:
    return _show(request)


def _show(
    request: MemberRequest,
    *,
    reminder: ReminderForm | None = None,
    review: RequestForm | None = None,
    unasked: Contact | None = None,
) -> HttpResponseBase:
    here = request.workspace
    threads = list_threads(here, ThreadFilter(), limit=SHOWN)
    picked = _picked(request, reminder or review)
    to = {"contact_id": picked.id if picked else None}
    context = {
        "picked": picked,
        "rows": thread_rows(request, threads),
        "noted": list_noted(here, limit=NOTED),
        "takes_answers": takes_answers(here),
        "unasked": unasked,
        "reminder": reminder
        or ReminderForm(auto_id=REMIND, initial={"text": ready_reminder(here)} | to),
        "review": review or RequestForm(auto_id=ASK, initial={"text": ready_request(here)} | to),
    }
    status = 422 if reminder or review else 200
    return render(request, "inbox/desk.html", context, status=status)


def _picked(request: MemberRequest, form: PersonForm | None) -> Contact | None:
    """The person whom the address, or a form that was refused, names. Raises NotFound."""
    given = form.data.get("contact_id") if form else request.GET.get("contact")
    number = whole_number(given)
    return access_contact(request.workspace.id, number) if number else None


def _say(request: MemberRequest, sent: Sent) -> None:
    zone = ZoneInfo(request.workspace.zone)
    words = _("It is noted and goes at %(when)s (by %(end)s, or not at all).")
    times = {"when": sent.due_at, "end": sent.expires_at}
    local = {name: timezone.localtime(at, zone) for name, at in times.items()}
    said = {name: formats.date_format(at, "DATETIME_FORMAT") for name, at in local.items()}
    messages.success(request, words % said)


@require_POST
@member_page(Permission.SEND_MESSAGES)
def remind(request: MemberRequest) -> HttpResponseBase:
    form = ReminderForm(request.POST, auto_id=REMIND)
    if form.is_valid():
        values = form.cleaned_data
        local = datetime.combine(values["day"], values["time"])
        try:
            sent = remind_of_booking(
                workspace=request.workspace,
                contact_id=values["contact_id"],
                number=values["number"],
                name=values["name"],
                booking_at=local.replace(tzinfo=ZoneInfo(request.workspace.zone)),
                text=values["text"],
                actor=request.actor,
            )
        except (FieldError, Conflict) as error:
            put_error(form, error)
        else:
            _say(request, sent)
            return redirect("web:desk")
    return _show(request, reminder=form)


@require_POST
@member_page(Permission.SEND_MESSAGES)
def ask(request: MemberRequest) -> HttpResponseBase:
    form = RequestForm(request.POST, auto_id=ASK)
    if form.is_valid():
        try:
            sent = ask_for_review(
                workspace=request.workspace, actor=request.actor, **form.cleaned_data
            )
        except NotAgreed as error:
            put_error(form, error)
            return _show(request, review=form, unasked=error.contact)
        except (FieldError, Conflict) as error:
            put_error(form, error)
        else:
            _say(request, sent)
            return redirect("web:desk")
    return _show(request, review=form)


@require_POST
@member_page(Permission.SEND_MESSAGES)
def cancel(request: MemberRequest, message_id: int) -> HttpResponseBase:
    try:
        cancel_single(workspace_id=request.workspace.id, message_id=message_id, actor=request.actor)
    except Conflict as error:
        tell(request, error)
    else:
        messages.success(request, _("Withdrawn: it does not go."))
    return redirect("web:desk")
