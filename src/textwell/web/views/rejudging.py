"""A campaign as rule packs judge it: those in force, or another version on every day."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from textwell.accounts.types import Permission
from textwell.campaigns.selectors import access_campaign
from textwell.compliance.library import shipped_library
from textwell.core.errors import FieldError, NotFound
from textwell.gateways.selectors import find_gateway
from textwell.messaging.chosen_then import ChosenAs
from textwell.reports.rejudging.judging import choose_library, rejudge_part
from textwell.web.access import MemberRequest, member_page
from textwell.web.pages import whole_number


@require_safe
@member_page(Permission.VIEW_REPORTS)
def page(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    """A large campaign in parts, one a page."""
    campaign = access_campaign(request.workspace.id, campaign_id)
    version = request.GET.get("pack", "").strip()
    after = whole_number(request.GET.get("after")) or 0
    try:
        library = choose_library(version)
    except FieldError as error:
        raise NotFound("pack", version) from error
    chosen: ChosenAs = "now" if request.GET.get("choices") == "now" else "then"
    found, next_after = rejudge_part(campaign, library, after_id=after, chosen=chosen)
    rules = sorted(found.rules.items(), key=lambda pair: (-pair[1].failed, pair[0]))
    context = {
        "campaign": campaign,
        "gateway": find_gateway(campaign.workspace_id, campaign.gateway_id),
        "tab": "law",
        "pack": version,
        "chosen": chosen,
        "after": after,
        "versions": shipped_library().list_versions(),
        "found": found,
        "verdicts": [(name, found.by_verdict[name]) for name in ("allow", "hold", "skip")],
        "rules": rules,
        "next_after": next_after,
    }
    return render(request, "campaigns/rejudged.html", context)
