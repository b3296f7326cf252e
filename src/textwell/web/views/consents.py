"""What a person said about permission by another way than a reply."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from textwell.accounts.types import Permission
from textwell.consent.actions import record_opt_out
from textwell.contacts.selectors import access_contact
from textwell.core.clock import now
from textwell.web.access import MemberRequest, member_page


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
        wording=request.POST.get("wording", "").strip()[:500],
        given_at=now(),
        actor=request.actor,
        channel="sms",
        purpose="marketing",
    )
    messages.success(request, _("Recorded. This person gets no marketing text any more."))
    return redirect("web:contacts.person", contact.id)
