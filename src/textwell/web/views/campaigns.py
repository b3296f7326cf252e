"""All campaigns of a workspace."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.campaigns.actions import create_campaign
from textwell.campaigns.approval import EDITABLE
from textwell.campaigns.models import Campaign, CampaignState
from textwell.campaigns.selectors import access_campaign, find_campaigns
from textwell.campaigns.waiting import Waiting, find_waiting
from textwell.core.errors import FieldError
from textwell.web.access import MemberRequest, member_page
from textwell.web.pages import tell
from textwell.web.sorting import CAMPAIGNS, read_sort, sorted_page
from textwell.web.tallies import equations_of

PAGE_SIZE = 40
S = CampaignState
FILTERS = (
    ("", pgettext_lazy("campaigns", "All"), ()),
    ("draft", gettext_lazy("Drafts"), (S.DRAFT,)),
    ("scheduled", gettext_lazy("Scheduled"), (S.SCHEDULED,)),
    ("running", gettext_lazy("Running"), (S.PLANNING, S.SENDING, S.PAUSED)),
    ("ended", gettext_lazy("Ended"), (S.FINISHED, S.CANCELED, S.FAILED)),
)
# What waits for a person, by its word in the address.
WAITS = {
    Waiting.APPROVAL: gettext_lazy("Wait for approval"),
    Waiting.DECISION: gettext_lazy("Wait for your approval"),
    Waiting.OTHERS: gettext_lazy("Yours that wait for approval"),
    Waiting.PAUSED: gettext_lazy("Paused"),
    Waiting.UNKNOWN: gettext_lazy("With texts whose fate is unknown"),
}
NOT_COPIED = frozenset({"scheduled_at", "expires_at", "goal_at", "name"})


def _count_by_state(workspace_id: int) -> dict[str, int]:
    rows = Campaign.objects.filter(workspace_id=workspace_id).values_list("state")
    return dict(rows.annotate(n=Count("id")).order_by())


def _count_handed_in(request: MemberRequest) -> int | None:
    """What waits for approval; None where nothing needs one."""
    if not request.workspace.needs_approval:
        return None
    return find_waiting(request.workspace.id, Waiting.APPROVAL).count()


@require_safe
@member_page(Permission.VIEW_CAMPAIGNS)
def list_page(request: MemberRequest) -> HttpResponseBase:
    chosen = request.GET.get("state", "")
    states = next(
        ([str(s) for s in states] for key, _label, states in FILTERS if key == chosen), []
    )
    search = request.GET.get("q", "").strip()
    asked = request.GET.get("waiting", "")
    waiting = Waiting(asked) if asked in set(Waiting) else None
    found = find_campaigns(
        request.workspace.id,
        states=states or None,
        search=search,
        waiting=waiting,
        actor=request.actor,
    )
    sort = read_sort(request, CAMPAIGNS)
    page = sorted_page(request, found, sort, limit=PAGE_SIZE)
    counts = _count_by_state(request.workspace.id)
    equations = equations_of(page.rows)
    context = {
        "rows": [(campaign, equations[campaign.id]) for campaign in page.rows],
        "page": page,
        "sort": sort,
        "filters": [
            (key, label, sum(counts.get(s, 0) for s in states) if states else sum(counts.values()))
            for key, label, states in FILTERS
        ],
        "chosen": "" if waiting else chosen,
        "waiting": waiting or "",
        "waits": WAITS[waiting] if waiting else "",
        "handed_in": _count_handed_in(request),
        "search": search,
        "is_first_use": not counts,
    }
    name = "campaigns/_rows.html" if request.htmx.target == "rows" else "campaigns/list.html"
    return render(request, name, context)


@require_POST
@member_page(Permission.EDIT_CAMPAIGNS)
def copy(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    """A new draft with everything but the times."""
    campaign = access_campaign(request.workspace.id, campaign_id)
    values = {name: getattr(campaign, name) for name in EDITABLE if name not in NOT_COPIED}
    name = _("%(name)s (copy)") % {"name": campaign.name}
    made = _make_copy(request, values | {"name": name[:120]})
    messages.success(request, _("Copied. Nothing is sent until you launch it."))
    return redirect("web:campaigns.compose", made.id)


def _make_copy(request: MemberRequest, values: dict[str, Any]) -> Campaign:  # Any: as edited
    """What cannot be used any more (a list or a gateway that is gone) stays behind, and is told."""
    try:
        return create_campaign(workspace_id=request.workspace.id, actor=request.actor, **values)
    except FieldError as error:
        part = error.field.partition(".")[0]
        if part not in values:
            raise
        if part == "gateway_id":
            problem = _("The chosen gateway is not there any more.")
            error = FieldError(part, problem, error.mend)
        tell(request, error)
        return _make_copy(request, {name: values[name] for name in values if name != part})
