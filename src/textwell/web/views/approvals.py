"""Four eyes on a campaign: hand it in, say yes, or give it back with a reason."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from textwell.accounts.types import Permission
from textwell.accounts.workspaces import set_approval
from textwell.campaigns.approval import decide_campaign, submit_campaign
from textwell.campaigns.selectors import access_campaign
from textwell.core.errors import FieldError, TextwellError
from textwell.core.reasons import read_reason
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.settings import ApprovalForm
from textwell.web.pages import tell
from textwell.web.refusals import ask_again, ask_form_again


@require_POST
@member_page(Permission.EDIT_CAMPAIGNS)
def submit(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    campaign = access_campaign(request.workspace.id, campaign_id)
    try:
        submit_campaign(campaign=campaign, actor=request.actor)
    except TextwellError as error:
        tell(request, error)
    else:
        messages.success(request, _("Handed in. Somebody else approves it now."))
    return redirect("web:campaigns.review", campaign.id)


@require_POST
@member_page(Permission.APPROVE_CAMPAIGN)
def decide(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    campaign = access_campaign(request.workspace.id, campaign_id)
    is_approved = request.POST.get("decision") == "approve"
    try:
        decide_campaign(
            campaign=campaign,
            actor=request.actor,
            is_approved=is_approved,
            seen_hash=request.POST.get("seen", ""),
            reason=read_reason(request.POST.get("reason", "")),
        )
    except FieldError as error:
        back = reverse("web:campaigns.review", args=[campaign.id])
        return ask_again(request, error, back=back, labels={"reason": _("Note")})
    except TextwellError as error:
        tell(request, error)
    else:
        messages.success(request, _("Approved.") if is_approved else _("Given back."))
    return redirect("web:campaigns.review", campaign.id)


@require_POST
@member_page(Permission.MANAGE_WORKSPACE)
def choose(request: MemberRequest) -> HttpResponseBase:
    form = ApprovalForm(request.POST)
    if form.is_valid():
        set_approval(
            workspace=request.workspace,
            actor=request.actor,
            is_needed=form.cleaned_data["needs_approval"],
            above=form.cleaned_data["approval_above"] or 0,
        )
        messages.success(request, _("Saved."))
    else:
        error = FieldError("approval_above", "", _("Write a whole number of people, 0 or more."))
        back = reverse("web:settings")
        return ask_form_again(request, form, error, back=back, names=["approval_above"])
    return redirect("web:settings")
