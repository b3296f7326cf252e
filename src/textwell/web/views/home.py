"""The first page: what happens now, and what today came to."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from textwell.accounts.actions import hide_guide
from textwell.accounts.types import Permission
from textwell.campaigns.models import Campaign, CampaignState
from textwell.contacts.models import Contact
from textwell.gateways.selectors import list_gateways
from textwell.inbox.listing import MOST_COUNTED, count_waiting
from textwell.reports.optouts import MOST_COUNTED as MOST_STOPPED
from textwell.reports.today import build_today, gateway_counts
from textwell.reports.told import tell_today
from textwell.web.access import MemberRequest, member_page
from textwell.web.formats import format_at_most
from textwell.web.guide import find_guide
from textwell.web.pages import midnight
from textwell.web.tallies import equations_of

S = CampaignState
P = Permission
RUNNING = (S.PLANNING, S.SENDING, S.PAUSED, S.SCHEDULED)
RECENT = 5


@require_safe
@member_page(Permission.VIEW_CONTACTS)
def home(request: MemberRequest) -> HttpResponseBase:
    is_asked_for = "all" in request.GET
    if request.workspace.is_small and not is_asked_for and request.policy.allows(P.VIEW_INBOX):
        return redirect("web:desk")
    workspace_id = request.workspace.id
    campaigns = Campaign.objects.filter(workspace_id=workspace_id)
    running = list(campaigns.filter(state__in=RUNNING).order_by("-id")[:RECENT])
    ended = list(campaigns.filter(state__in=[S.FINISHED, S.CANCELED]).order_by("-id")[:RECENT])
    equations = equations_of([*running, *ended])
    today = build_today(workspace_id, midnight())
    context = {
        "today": today,
        "told": tell_today(today),
        "stopped": format_at_most(today.stopped_count, MOST_STOPPED),
        "running": [(campaign, equations[campaign.id]) for campaign in running],
        "ended": [(campaign, equations[campaign.id]) for campaign in ended],
        "has_contacts": Contact.objects.filter(workspace_id=workspace_id).exists(),
        "needs": _needs(request),
        "gateways": list_gateways(workspace_id),
        "gateway_counts": gateway_counts(workspace_id),
        "guide": find_guide(request.workspace, request.policy),
        "has_campaigns": bool(running or ended) or campaigns.exists(),
    }
    return render(request, "home.html", context)


def _needs(request: MemberRequest) -> dict[str, int]:
    """What needs a person: how many wait for an answer; empty for who cannot answer, and where none does."""
    if not request.policy.allows(Permission.ANSWER_INBOX):
        return {}
    waiting, overdue = count_waiting(request.workspace)
    return {"waiting": waiting, "overdue": overdue, "most": MOST_COUNTED} if waiting else {}


@require_POST
@member_page(Permission.EDIT_CAMPAIGNS)
def put_guide_away(request: MemberRequest) -> HttpResponseBase:
    hide_guide(workspace=request.workspace, actor=request.actor)
    return redirect("web:home")
