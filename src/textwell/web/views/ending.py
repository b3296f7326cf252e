"""Whose consent ends: they are asked anew while that is lawful; nobody asks those whose ended."""

from datetime import date
from typing import Any

from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.campaigns.actions import create_campaign
from textwell.core.errors import FieldError, NotFound
from textwell.gateways.selectors import first_route
from textwell.reports.ending.people import (
    ENDING,
    USUAL_DAYS,
    EndingCount,
    Wanted,
    count_ending,
    list_ending,
)
from textwell.web.access import MemberRequest, member_page
from textwell.web.formats import country_name
from textwell.web.pages import whole_number

PAGE_SIZE = 50
DAYS = (7, 30, 60, 90, 180, 365)


@require_safe
@member_page(Permission.VIEW_CONTACTS)
def page(request: MemberRequest) -> HttpResponseBase:
    wanted = _wanted(request.GET)
    workspace_id = request.workspace.id
    counts = count_ending(workspace_id, wanted)
    found = list_ending(
        workspace_id, wanted, after_id=whole_number(request.GET.get("after")), limit=PAGE_SIZE + 1
    )
    shown = found[:PAGE_SIZE]
    context = {
        "wanted": wanted,
        "is_ending": wanted.state == ENDING,
        "days": sorted({*DAYS, wanted.within_days}),
        "counts": [(_month(each), each) for each in counts],
        "countries": _countries(counts, wanted),
        "total": sum(each.people_count for each in counts),
        "rows": shown,
        "older_id": shown[-1].contact_id if len(found) > PAGE_SIZE else None,
    }
    return render(request, "contacts/ending.html", context)


def _wanted(given: QueryDict) -> Wanted:
    """Raises NotFound: an address that no page of ours has."""
    try:
        return Wanted(
            given.get("state") or ENDING,
            whole_number(given.get("within") or str(USUAL_DAYS)) or 0,
            given.get("country") or None,
            given.get("month") or None,
        )
    except FieldError as error:
        raise NotFound("page", "") from error


def _month(each: EndingCount) -> date:
    return date.fromisoformat(f"{each.month}-01")


def _countries(counts: list[EndingCount], wanted: Wanted) -> list[str]:
    """Those that there are; the one that is looked at always."""
    return sorted({each.country for each in counts if each.country} | {wanted.country or ""} - {""})


@require_POST
@member_page(Permission.EDIT_CAMPAIGNS)
def ask(request: MemberRequest) -> HttpResponseBase:
    """A draft to those whose consent counts now and ends soon, as of when it is sent."""
    wanted = _wanted(request.POST)
    filters: list[dict[str, Any]] = [
        {"field": "consent_ends_in", "op": "lte", "value": wanted.within_days}
    ]
    if wanted.country:
        filters.append({"field": "country", "op": "is", "value": wanted.country})
    gateway_id, sender = first_route(request.workspace.id)
    campaign = create_campaign(
        workspace_id=request.workspace.id,
        actor=request.actor,
        name=_name(wanted),
        audience={"filters": filters},
        gateway_id=gateway_id,
        sender=sender,
    )
    return redirect("web:campaigns.compose", campaign.id)


def _name(wanted: Wanted) -> str:
    if not wanted.country:
        return _("Ask for consent anew")
    return _("Ask for consent anew: %(country)s") % {"country": country_name(wanted.country)}
