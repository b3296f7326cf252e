"""A campaign while it runs: the send equation moving, and the handles to halt it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.campaigns.actions import (
    cancel_campaign,
    pause_campaign,
    reschedule_campaign,
    resume_campaign,
    unschedule_campaign,
)
from textwell.campaigns.models import Campaign, CampaignState
from textwell.campaigns.selectors import access_campaign
from textwell.core.errors import FieldError, TextwellError
from textwell.gateways.selectors import find_gateway
from textwell.messaging.selectors import find_batch_problem
from textwell.messaging.types import Equation
from textwell.reports.told import tell_equation
from textwell.web import charts, formats, words
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.compose import RescheduleForm
from textwell.web.live_reads import LiveRead, read_live, shared_reads
from textwell.web.pages import tell
from textwell.web.refusals import ask_form_again
from textwell.web.tallies import Curve
from textwell.web.watchers import admit_watcher

S = CampaignState
MOVING = frozenset({S.SCHEDULED, S.PLANNING, S.SENDING, S.PAUSED})
HALTABLE = frozenset({S.SCHEDULED, S.PLANNING, S.SENDING, S.PAUSED})


def live_context(read: LiveRead) -> dict[str, Any]:  # Any: a template context
    """What the moving part shows."""
    campaign, equation, curve = read.campaign, read.equation, read.curve
    waiting = equation["waiting"]
    rate = curve.rate if curve else 0.0
    sendable = equation.total - equation["skipped"] - equation["canceled"]
    is_open = campaign.state in MOVING or waiting > 0 or equation["accepted"] > 0
    return {
        "campaign": campaign,
        "equation": equation,
        "slices": charts.stack(equation.terms),
        "terms": [(name, equation[name]) for name in equation.terms],
        "curve": curve,
        "rate": rate,
        "eta_s": waiting / rate if rate and campaign.state == S.SENDING else None,
        "done_share": (sendable - waiting, sendable),
        "is_moving": is_open and campaign.state not in {S.FINISHED, S.FAILED},
        "announcement": _announcement(campaign, equation, curve),
    }


def _announcement(campaign: Campaign, equation: Equation, curve: Curve | None) -> str:
    """For screen readers: changes with the state and at each tenth, not every second."""
    sendable = equation.total - equation["skipped"] - equation["canceled"]
    state = str(campaign.get_state_display())
    if not sendable or curve is None:
        return state
    tenth = (sendable - equation["waiting"]) * 10 // sendable * 10
    return _("%(state)s: %(percent)s handed off") % {
        "state": state,
        "percent": formats.format_share(tenth, 100, digits=0),
    }


@require_safe
@member_page(Permission.VIEW_CAMPAIGNS)
def page(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    read = read_live(request.workspace.id, campaign_id)
    campaign = read.campaign
    if campaign.state == S.DRAFT:
        return redirect("web:campaigns.compose", campaign.id)
    gateway = find_gateway(campaign.workspace_id, campaign.gateway_id)
    context = {
        **live_context(read),
        "told": tell_equation(read.equation),
        "currency": gateway.currency if gateway else request.workspace.currency,
        "gateway": gateway,
        "tab": "live",
        "term_help": words.TERM_HELP,
        "can_halt": campaign.state in HALTABLE,
        "problem": find_batch_problem(campaign.id) if campaign.state in MOVING else "",
    }
    return render(request, "campaigns/live.html", context)


@require_safe
@member_page(Permission.VIEW_CAMPAIGNS)
def part(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    """The moving part alone; it stops asking when nothing can change any more."""
    read = shared_reads.get(request.workspace.id, campaign_id)
    admit_watcher(request, campaign_id)
    context = {
        **live_context(read),
        "currency": read.currency or request.workspace.currency,
        "is_part": True,
        "can_halt": read.campaign.state in HALTABLE,
    }
    return render(request, "campaigns/_live.html", context)


def _control(
    request: MemberRequest, campaign_id: int, action: Callable[..., object], told: str
) -> HttpResponseBase:
    campaign = access_campaign(request.workspace.id, campaign_id)
    try:
        action(campaign=campaign, actor=request.actor)
    except TextwellError as error:
        tell(request, error)
    else:
        messages.success(request, told)
    return redirect("web:campaigns.live", campaign.id)


@require_POST
@member_page(Permission.CONTROL_CAMPAIGN)
def pause(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    told = _("Paused. What is under way at this moment still leaves.")
    return _control(request, campaign_id, pause_campaign, told)


@require_POST
@member_page(Permission.CONTROL_CAMPAIGN)
def resume(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    return _control(request, campaign_id, resume_campaign, _("Sending goes on."))


@require_POST
@member_page(Permission.CONTROL_CAMPAIGN)
def cancel(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    told = _("Canceled. Nobody who had not received it will.")
    return _control(request, campaign_id, cancel_campaign, told)


@require_POST
@member_page(Permission.CONTROL_CAMPAIGN)
def unschedule(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    told = _("It is a draft again. Nothing is sent until you launch it.")
    return _control(request, campaign_id, unschedule_campaign, told)


@require_POST
@member_page(Permission.LAUNCH_CAMPAIGN)
def reschedule(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    form = RescheduleForm(request.POST)
    if not form.is_valid():
        access_campaign(request.workspace.id, campaign_id)
        error = FieldError("at", "", _("Write the new time as a date and a time."))
        back = reverse("web:campaigns.live", args=[campaign_id])
        return ask_form_again(request, form, error, back=back, names=["at"])
    action = partial(reschedule_campaign, at=form.cleaned_data["at"])
    return _control(request, campaign_id, action, _("The new time is set."))
