"""What a person said about permission by another way than a reply."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from textwell.accounts.types import Permission
from textwell.consent.actions import record_opt_in, record_opt_out
from textwell.consent.pausing import USUAL_DAYS, end_pause, pause_person
from textwell.consent.preferring import choose_channels
from textwell.contacts.models import Contact
from textwell.contacts.selectors import access_contact
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.imports import OptInForm
from textwell.web.pages import put_error, whole_number


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.RECORD_CONSENT)
def opt_in(request: MemberRequest, contact_id: int) -> HttpResponseBase:
    """The person said yes by another way (counter, call, paper), with the proof of it."""
    contact = access_contact(request.workspace.id, contact_id)
    form = OptInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            record_opt_in(
                workspace_id=request.workspace.id,
                contact_id=contact.id,
                actor=request.actor,
                **form.cleaned_data,
            )
        except FieldError as error:
            put_error(form, error)
        else:
            messages.success(request, _("The consent is recorded."))
            return redirect(_after(request, contact))
    context = {"form": form, "contact": contact}
    return render(request, "contacts/opt_in.html", context, status=422 if form.errors else 200)


def _after(request: MemberRequest, contact: Contact) -> str:
    """A small firm goes on at its desk, where it wanted to ask the person."""
    if request.workspace.is_small and request.policy.allows(Permission.VIEW_INBOX):
        return f"{reverse('web:desk')}?contact={contact.id}#to"
    return reverse("web:contacts.person", args=[contact.id])


@require_POST
@member_page(Permission.RECORD_CONSENT)
def opt_out(request: MemberRequest, contact_id: int) -> HttpResponseBase:
    """The person said stop by another way (call, letter, counter): it counts at once."""
    contact = access_contact(request.workspace.id, contact_id)
    record_opt_out(
        workspace_id=request.workspace.id,
        contact_id=contact.id,
        msisdn=contact.msisdn,
        source="page",
        wording=request.POST.get("wording", "").strip(),
        given_at=now(),
        actor=request.actor,
        channel="sms",
        purpose="marketing",
    )
    messages.success(request, _("Recorded. This person gets no marketing text any more."))
    return redirect("web:contacts.person", contact.id)


@require_POST
@member_page(Permission.RECORD_CONSENT)
def pause(request: MemberRequest, contact_id: int) -> HttpResponseBase:
    """The person asked for a rest; what they agreed to counts again at its end."""
    days = whole_number(request.POST.get("days"))
    if days not in USUAL_DAYS:
        days = USUAL_DAYS[0]
    pause_person(
        workspace_id=request.workspace.id,
        contact_id=contact_id,
        until=now() + timedelta(days=days),
        source="page",
        actor=request.actor,
    )
    messages.success(request, _("Paused. Marketing texts go on by themselves at the end."))
    return redirect("web:contacts.person", contact_id)


@require_POST
@member_page(Permission.RECORD_CONSENT)
def unpause(request: MemberRequest, contact_id: int) -> HttpResponseBase:
    end_pause(workspace_id=request.workspace.id, contact_id=contact_id, actor=request.actor)
    messages.success(request, _("The pause is over."))
    return redirect("web:contacts.person", contact_id)


@require_POST
@member_page(Permission.RECORD_CONSENT)
def channels(request: MemberRequest, contact_id: int) -> HttpResponseBase:
    """By which way the person wants to hear from us, in their words."""
    back = reverse(
        "web:contacts.person", args=[access_contact(request.workspace.id, contact_id).id]
    )
    try:
        choose_channels(
            workspace_id=request.workspace.id,
            contact_id=contact_id,
            choice=request.POST.get("choice", ""),
            source="page",
            wording=request.POST.get("wording", "").strip(),
            given_at=now(),
            actor=request.actor,
        )
    except FieldError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Recorded. It holds at once."))
    return redirect(back)
