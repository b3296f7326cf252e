"""A new campaign begins with what it is for; the rest is preset by that."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from textwell.accounts.types import Permission
from textwell.campaigns.actions import create_campaign
from textwell.campaigns.goals import preset_values
from textwell.campaigns.models import Goal
from textwell.core.errors import FieldError, NotFound
from textwell.gateways.selectors import first_route
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.goals import GoalForm
from textwell.web.pages import put_error
from textwell.web.words import GOAL_ICONS, GOAL_SENTENCES


@require_safe
@member_page(Permission.EDIT_CAMPAIGNS)
def choose(request: MemberRequest) -> HttpResponseBase:
    goals = [(goal, GOAL_ICONS[goal], GOAL_SENTENCES[goal]) for goal in Goal]
    return render(request, "campaigns/goals.html", {"goals": goals})


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.EDIT_CAMPAIGNS)
def begin(request: MemberRequest, goal: str) -> HttpResponseBase:
    """Two or three questions, then a draft with everything else preset."""
    if goal not in Goal.values:
        raise NotFound("goal", goal)
    chosen = Goal(goal)
    zone = request.workspace.zone
    form = GoalForm(request.POST if request.method == "POST" else None, goal=chosen, zone=zone)
    with timezone.override(zone):
        is_valid = form.is_valid()
    if is_valid:
        workspace_id = request.workspace.id
        gateway_id, sender = first_route(workspace_id)
        values = preset_values(request.workspace, chosen, form.asked())
        try:
            campaign = create_campaign(
                workspace_id=workspace_id,
                actor=request.actor,
                gateway_id=gateway_id,
                sender=sender,
                **values,
            )
        except FieldError as error:
            put_error(form, error)
        else:
            return redirect("web:campaigns.compose", campaign.id)
    context = {"form": form, "goal": chosen, "sentence": GOAL_SENTENCES[chosen]}
    return render(request, "campaigns/begin.html", context, status=422 if form.errors else 200)
