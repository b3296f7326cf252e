"""The first page: what happens now, and what today came to."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.accounts.workspaces import hide_guide
from textwell.campaigns.models import OPEN_STATES, Campaign, CampaignState
from textwell.campaigns.selectors import count_open
from textwell.contacts.selectors import has_people
from textwell.gateways.selectors import list_gateways
from textwell.reports.optouts import MOST_COUNTED as MOST_STOPPED
from textwell.reports.today import build_today, gateway_counts
from textwell.reports.told import tell_today
from textwell.web.access import MemberRequest, member_page
from textwell.web.formats import format_at_most
from textwell.web.guide import find_guide
from textwell.web.needs import Seen, list_needs
from textwell.web.pages import midnight
from textwell.web.tallies import equations_of
from textwell.web.waits import Wait, list_waits

S = CampaignState
P = Permission
RECENT = 5


@require_safe
@member_page(Permission.VIEW_CONTACTS)
def home(request: MemberRequest) -> HttpResponseBase:
    is_asked_for = "all" in request.GET
    if request.workspace.is_small and not is_asked_for and request.policy.allows(P.VIEW_INBOX):
        return redirect("web:desk")
    workspace_id = request.workspace.id
    campaigns = Campaign.objects.filter(workspace_id=workspace_id)
    running = list(campaigns.filter(state__in=OPEN_STATES).order_by("-id")[:RECENT])
    ended = list(campaigns.filter(state__in=[S.FINISHED, S.CANCELED]).order_by("-id")[:RECENT])
    equations = equations_of([*running, *ended])
    today = build_today(workspace_id, midnight())
    gateways = list(list_gateways(workspace_id))
    seen = Seen(gateways, gateway_counts(workspace_id), count_open(workspace_id))
    context = {
        "today": today,
        "told": tell_today(today),
        "stopped": format_at_most(today.stopped_count, MOST_STOPPED),
        "running": [(campaign, equations[campaign.id]) for campaign in running],
        "ended": [(campaign, equations[campaign.id]) for campaign in ended],
        "has_contacts": has_people(workspace_id),
        "needs": list_needs(request, seen),
        "waits": _waits(request, seen),
        "scheduled_count": seen.open_campaigns.get(S.SCHEDULED, 0),
        "gateways": gateways,
        "gateway_counts": seen.gateway_counts,
        "guide": find_guide(request.workspace, request.policy),
        "has_campaigns": bool(running or ended) or campaigns.exists(),
    }
    return render(request, "home.html", context)


def _waits(request: MemberRequest, seen: Seen) -> list[Wait]:
    if not request.policy.allows(P.VIEW_CAMPAIGNS):
        return []
    scheduled_count = seen.open_campaigns.get(S.SCHEDULED, 0)
    return list_waits(request.workspace, seen.gateways, scheduled_count=scheduled_count)


@require_POST
@member_page(Permission.EDIT_CAMPAIGNS)
def put_guide_away(request: MemberRequest) -> HttpResponseBase:
    hide_guide(workspace=request.workspace, actor=request.actor)
    return redirect("web:home")
