"""Write a campaign, see what it will do, launch it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from textwell.accounts.models import User
from textwell.accounts.types import Permission
from textwell.campaigns.actions import create_campaign, launch_campaign, update_campaign
from textwell.campaigns.approval import content_hash, find_approval, may_decide, needs_approval
from textwell.campaigns.checks import check_campaign
from textwell.campaigns.forecast import build_forecast
from textwell.campaigns.goals import explain_no_holdout
from textwell.campaigns.models import Campaign, CampaignState
from textwell.campaigns.selectors import access_campaign
from textwell.campaigns.trial import send_test, send_test_to_list
from textwell.consent.sample import find_sample_person
from textwell.consent.topics import name_scope
from textwell.contacts.actions import read_msisdn
from textwell.contacts.models import Contact
from textwell.contacts.selectors import find_contact, list_test_lists
from textwell.core.errors import FieldError, TextwellError
from textwell.core.reasons import read_reason
from textwell.gateways.selectors import find_gateway, first_route, is_simulated
from textwell.messaging.purposes import is_marketing
from textwell.messaging.templates import access_template
from textwell.segments.figures import is_large
from textwell.web import charts, words
from textwell.web.access import MemberRequest, member_page
from textwell.web.formats import format_count
from textwell.web.forms.compose import ComposeForm, initial_of
from textwell.web.pages import tell, whole_number
from textwell.web.refusals import ask_again


def _blank(request: MemberRequest) -> Campaign:
    """A draft that is not stored yet, with the obvious choices made."""
    campaign = Campaign(workspace_id=request.workspace.id, audience={"all": True})
    campaign.gateway_id, campaign.sender = first_route(request.workspace.id)
    return campaign


def _begin_with(campaign: Campaign, template_id: int) -> None:
    """Copy a saved text into an unsaved draft.

    Raises:
        NotFound: it is not one of the workspace.
    """
    template = access_template(campaign.workspace_id, template_id)
    for name in ("name", "purpose", "topic", "brand", "body", "fallbacks", "versions"):
        setattr(campaign, name, getattr(template, name))


def _page(
    request: MemberRequest, campaign: Campaign, form: ComposeForm, status: int = 200
) -> HttpResponseBase:
    is_alone = campaign.goal and not campaign.holdout_percent
    context = {
        "campaign": campaign,
        "form": form,
        "no_holdout": explain_no_holdout(campaign) if is_alone else "",
    }
    return render(request, "campaigns/compose.html", context, status=status)


def _store(request: MemberRequest, campaign: Campaign, form: ComposeForm) -> Campaign:
    values = form.values()
    if not campaign.id:
        return create_campaign(workspace_id=request.workspace.id, actor=request.actor, **values)
    return update_campaign(campaign=campaign, actor=request.actor, **values)


def _answer(request: MemberRequest, campaign: Campaign) -> HttpResponseBase:
    initial = initial_of(campaign)
    if request.method != "POST":
        return _page(
            request, campaign, ComposeForm(initial=initial, workspace_id=request.workspace.id)
        )
    form = ComposeForm(request.POST, initial=initial, workspace_id=request.workspace.id)
    if not form.is_valid():
        return _page(request, campaign, form, status=422)
    try:
        stored = _store(request, campaign, form)
    except TextwellError as error:
        form.refuse(error)
        return _page(request, campaign, form, status=422)
    verb, _colon, _language = request.POST.get("then", "").partition(":")
    if verb in {"add", "remove"}:
        added = request.POST.get("add_language", "") if verb == "add" else ""
        page = reverse("web:campaigns.compose", args=[stored.id])
        return redirect(f"{page}#{'version-' + added if added else 'languages'}")
    if verb == "review":
        return redirect("web:campaigns.review", stored.id)
    messages.success(request, _("Draft saved."))
    return redirect("web:campaigns.compose", stored.id)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.EDIT_CAMPAIGNS)
def new(request: MemberRequest) -> HttpResponseBase:
    campaign = _blank(request)
    template_id = whole_number(request.GET.get("template"))
    if template_id is not None:
        _begin_with(campaign, template_id)
    return _answer(request, campaign)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.EDIT_CAMPAIGNS)
def edit(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    campaign = access_campaign(request.workspace.id, campaign_id)
    if campaign.state != CampaignState.DRAFT:
        return redirect("web:campaigns.live", campaign.id)
    return _answer(request, campaign)


def approval_context(request: MemberRequest, campaign: Campaign) -> dict[str, Any]:
    """What the review shows of the second person's word; Any: a template context."""
    if not request.workspace.needs_approval:
        return {"needs_approval": False}
    approval = find_approval(campaign)
    decided_by = approval.decided_by.removeprefix("user:") if approval else ""
    person = User.objects.filter(id=int(decided_by)).first() if decided_by.isdigit() else None
    try:
        is_needed = needs_approval(campaign)
    except FieldError:
        is_needed = True  # the audience cannot be read yet; what is wrong is among the problems
    return {
        "needs_approval": is_needed,
        "approval": approval,
        "seen": content_hash(campaign),
        "may_decide": may_decide(campaign, request.actor),
        "decided_by": (person.name or person.email) if person else decided_by,
    }


@require_safe
@member_page(Permission.VIEW_CAMPAIGNS)
def review(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    """The last look: everything that launching would do, with all that speaks against it."""
    campaign = access_campaign(request.workspace.id, campaign_id)
    if campaign.state != CampaignState.DRAFT:
        return redirect("web:campaigns.live", campaign.id)
    if "whole" not in request.GET and is_large(campaign.workspace_id):
        # To judge hundreds of thousands takes seconds: the page says so, and asks for the whole.
        return render(request, "campaigns/review_waiting.html", {"campaign": campaign})
    problems = check_campaign(campaign)
    try:
        forecast = build_forecast(campaign)
    except FieldError:
        forecast = None  # what is wrong is among the problems
    left_out = sorted(forecast.left_out.items(), key=lambda pair: -pair[1]) if forecast else []
    terms = (
        {"delivered": forecast.sendable_count, "skipped": sum(forecast.left_out.values())}
        if forecast
        else {}
    )
    gateway = find_gateway(campaign.workspace_id, campaign.gateway_id)
    has_no_phones = gateway is not None and is_simulated(gateway)
    context = {
        **approval_context(request, campaign),
        "campaign": campaign,
        "scope": name_scope(campaign.workspace_id, campaign.topic, campaign.brand),
        "problems": problems,
        "forecast": forecast,
        "left_out": left_out,
        "slices": charts.stack(terms),
        "needs_reason": not is_marketing(campaign.purpose),
        "gateway": gateway,
        "test_lists": list_test_lists(campaign.workspace_id),
        "sample_person": find_sample_person(campaign.workspace_id) if has_no_phones else None,
    }
    return render(request, "campaigns/review.html", context)


def _find_tester(request: MemberRequest) -> Contact:
    """Who gets the test: whose number is given, or a sample person. Raises FieldError for nobody."""
    workspace = request.workspace
    if request.POST.get("sample"):
        contact = find_sample_person(workspace.id)
    else:
        number = read_msisdn(request.POST.get("msisdn", ""), workspace.country).e164
        contact = find_contact(workspace.id, number or "")
    if contact is None:
        raise FieldError(
            "msisdn",
            _("Nobody with this number is among your contacts."),
            _("Add the person first, with consent."),
        )
    return contact


def _test_list(request: MemberRequest, campaign: Campaign, list_id: int) -> HttpResponseBase:
    try:
        tested = send_test_to_list(campaign=campaign, list_id=list_id, actor=request.actor)
    except FieldError as error:
        tell(request, error)
        return redirect("web:campaigns.review", campaign.id)
    sent, left_out = len(tested.message_ids), len(tested.left_out)
    text = ngettext(
        "The test is on its way to %(n)s person.", "The test is on its way to %(n)s people.", sent
    )
    messages.success(request, text % {"n": format_count(sent)})
    if left_out:
        said = ngettext(
            "%(n)s person of the list was left out: %(reasons)s",
            "%(n)s people of the list were left out: %(reasons)s",
            left_out,
        )
        reasons = {words.reason(str(each["reason"])): None for each in tested.left_out}
        values = {"n": format_count(left_out), "reasons": "; ".join(reasons)}
        messages.warning(request, said % values)
    return redirect("web:campaigns.review", campaign.id)


@require_POST
@member_page(Permission.SEND_TEST)
def test_send(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    campaign = access_campaign(request.workspace.id, campaign_id)
    list_id = whole_number(request.POST.get("list_id"))
    if list_id is not None:
        return _test_list(request, campaign, list_id)
    try:
        message_id = send_test(
            campaign=campaign, contact=_find_tester(request), actor=request.actor
        )
    except FieldError as error:
        if error.field == "msisdn":
            back = reverse("web:campaigns.review", args=[campaign.id])
            labels = {"msisdn": _("Number of one of your contacts")}
            return ask_again(request, error, back=back, labels=labels)
        tell(request, error)
        return redirect("web:campaigns.review", campaign.id)
    except TextwellError as error:
        tell(request, error)
        return redirect("web:campaigns.review", campaign.id)
    messages.success(request, _("The test is on its way."))
    return redirect("web:messages.timeline", message_id)


@require_POST
@member_page(Permission.LAUNCH_CAMPAIGN)
def launch(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    campaign = access_campaign(request.workspace.id, campaign_id)
    try:
        launched = launch_campaign(
            campaign=campaign,
            actor=request.actor,
            may_skip_consent=request.policy.allows(Permission.TEXT_WITHOUT_CONSENT),
            reason=read_reason(request.POST.get("reason", "")),
        )
    except TextwellError as error:
        if isinstance(error, FieldError) and error.field == "reason":
            back = reverse("web:campaigns.review", args=[campaign.id])
            labels = {"reason": _("Why they may be texted without consent")}
            return ask_again(request, error, back=back, labels=labels)
        tell(request, error)
        return redirect("web:campaigns.review", campaign.id)
    is_later = launched.state == CampaignState.SCHEDULED
    messages.success(request, _("Scheduled.") if is_later else _("Launched."))
    return redirect("web:campaigns.live", campaign.id)
