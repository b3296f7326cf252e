"""Everything that happened to one message; what became of one whose answer was lost."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.campaigns.models import Campaign
from textwell.contacts.models import Contact
from textwell.core.errors import FieldError, NotFound, TextwellError
from textwell.core.reasons import read_reason
from textwell.gateways.selectors import find_gateway
from textwell.links.models import Click
from textwell.messaging.proving import find_latest, proofs_between
from textwell.messaging.selectors import access_message, find_tested_campaign, message_timeline
from textwell.messaging.settling import Fate, settle_single
from textwell.messaging.states import State
from textwell.web.access import MemberRequest, member_page
from textwell.web.actors import actor_words
from textwell.web.pages import read_fate, tell
from textwell.web.refusals import ask_again

MOST_CLICKS = 50


@require_safe
@member_page(Permission.VIEW_REPORTS)
def timeline(request: MemberRequest, message_id: int) -> HttpResponseBase:
    workspace_id = request.workspace.id
    message = access_message(workspace_id, message_id)
    entries = message_timeline(workspace_id, message_id)
    texts = [entry.data["text"] for entry in entries if entry.data and entry.data.get("text")]
    clicks = Click.objects.filter(workspace_id=workspace_id, message_id=message_id)
    actors = {str(entry.data["by"]) for entry in entries if entry.data and "by" in entry.data}
    tested_id = find_tested_campaign(message)
    proof = find_latest(workspace_id, message_id)
    context = {
        "message": message,
        "is_test": tested_id is not None,
        "is_open": message.state == State.UNKNOWN and message.campaign_id is None,
        "names": actor_words(actors),
        "entries": entries,
        "text": texts[-1] if texts else "",
        "has_proof": proof is not None,
        "proof": proof.judged if proof else None,
        "clicks": clicks.order_by("at")[:MOST_CLICKS],
        "contact": Contact.objects.filter(workspace_id=workspace_id, id=message.contact_id).first(),
        "gateway": find_gateway(workspace_id, message.gateway_id),
        "campaign": Campaign.objects.filter(
            workspace_id=workspace_id, id=message.campaign_id or tested_id or 0
        ).first(),
    }
    return render(request, "messages/timeline.html", context)


@require_safe
@member_page(Permission.EXPORT_REPORTS)
def export_proof(request: MemberRequest, message_id: int) -> HttpResponseBase:
    """The signed proofs of one message, as `textwell proof verify` reads them."""
    message = access_message(request.workspace.id, message_id)
    lines = proofs_between(message.workspace_id, message.id, message.id)
    response = HttpResponse(
        b"".join(line + b"\n" for line in lines), content_type="application/x-ndjson"
    )
    response["Content-Disposition"] = f'attachment; filename="proof-{message.id}.jsonl"'
    return response


@require_POST
@member_page(Permission.SEND_MESSAGES)
def settle(request: MemberRequest, message_id: int) -> HttpResponseBase:
    access_message(request.workspace.id, message_id)
    try:
        fate = read_fate(request.POST.get("fate", ""))
        settle_single(
            workspace_id=request.workspace.id,
            message_id=message_id,
            actor=request.actor,
            fate=fate,
            reason=read_reason(request.POST.get("reason", "")),
        )
    except NotFound:
        raise
    except FieldError as error:
        back = reverse("web:messages.timeline", args=[message_id])
        labels = {"reason": _("How do you know?")}
        return ask_again(request, error, back=back, labels=labels)
    except TextwellError as error:
        tell(request, error)
    else:
        told = {
            Fate.SENT: _("The message is marked as sent."),
            Fate.NOT_SENT: _("The message is marked as not sent."),
        }
        messages.success(request, told[fate])
    return redirect("web:messages.timeline", message_id)
