"""Messages of a campaign whose answer was lost: who they are, and what a person says became of them."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.campaigns.selectors import access_campaign, campaign_equation
from textwell.campaigns.settling import send_messages_again, settle_messages
from textwell.core.errors import FieldError, TextwellError
from textwell.core.reasons import read_reason
from textwell.gateways.models import Gateway
from textwell.messaging.settling import Fate
from textwell.messaging.states import State
from textwell.reports.figures import Figure
from textwell.reports.people import people_of
from textwell.web.access import MemberRequest, member_page
from textwell.web.pages import read_fate, tell, whole_number
from textwell.web.refusals import ask_again

SHOWN = 200  # rows of each list; "all" means those beyond it too


@require_safe
@member_page(Permission.VIEW_REPORTS)
def page(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    campaign = access_campaign(request.workspace.id, campaign_id)
    gateways = Gateway.objects.filter(workspace_id=request.workspace.id)
    context = {
        "campaign": campaign,
        "equation": campaign_equation(campaign),
        "gateway": gateways.filter(id=campaign.gateway_id or 0).first(),
        "unknown": people_of(campaign, Figure(state=State.UNKNOWN.value), limit=SHOWN),
        "not_sent": people_of(campaign, Figure(state=State.NOT_SENT.value), limit=SHOWN),
    }
    return render(request, "campaigns/unknown.html", context)


def _chosen(request: MemberRequest) -> list[int] | None:
    """The ticked messages; None: all."""
    if request.POST.get("which") == "all":
        return None
    found = (whole_number(text) for text in request.POST.getlist("message"))
    return [number for number in found if number is not None]


def _ask_again(request: MemberRequest, error: FieldError, campaign_id: int) -> HttpResponseBase:
    """What is ticked cannot be mended here: that goes back to the list."""
    back = reverse("web:campaigns.unknown", args=[campaign_id])
    if error.field == "reason":
        return ask_again(request, error, back=back, labels={"reason": _("How do you know?")})
    tell(request, error)
    return redirect(back)


@require_POST
@member_page(Permission.CONTROL_CAMPAIGN)
def settle(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    campaign = access_campaign(request.workspace.id, campaign_id)
    try:
        fate = read_fate(request.POST.get("fate", ""))
        count = settle_messages(
            campaign=campaign,
            actor=request.actor,
            fate=fate,
            reason=read_reason(request.POST.get("reason", "")),
            message_ids=_chosen(request),
        )
    except FieldError as error:
        return _ask_again(request, error, campaign_id)
    except TextwellError as error:
        tell(request, error)
    else:
        told = {
            Fate.SENT: ngettext("%(n)s is marked as sent.", "%(n)s are marked as sent.", count),
            Fate.NOT_SENT: ngettext(
                "%(n)s is marked as not sent.", "%(n)s are marked as not sent.", count
            ),
        }[fate]
        messages.success(request, told % {"n": count})
    return redirect("web:campaigns.unknown", campaign_id)


@require_POST
@member_page(Permission.LAUNCH_CAMPAIGN)
def again(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    campaign = access_campaign(request.workspace.id, campaign_id)
    if not request.POST.get("confirmed"):
        mend = _("Tick that they may be sent now.")
        return _ask_again(
            request, FieldError("confirmed", _("It was not confirmed."), mend), campaign_id
        )
    try:
        count = send_messages_again(
            campaign=campaign,
            actor=request.actor,
            reason=read_reason(request.POST.get("reason", "")),
            message_ids=_chosen(request),
        )
    except FieldError as error:
        return _ask_again(request, error, campaign_id)
    except TextwellError as error:
        tell(request, error)
        return redirect("web:campaigns.unknown", campaign_id)
    told = ngettext("%(n)s waits to be sent again.", "%(n)s wait to be sent again.", count)
    messages.success(request, told % {"n": count})
    return redirect("web:campaigns.live", campaign_id)
