"""Who opted out today, in whatever way they said it."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from textwell.accounts.types import Permission
from textwell.reports.export import opt_outs_csv
from textwell.reports.optouts import MOST_COUNTED, count_opt_outs, list_opt_outs
from textwell.web.access import MemberRequest, member_page
from textwell.web.actors import actor_words
from textwell.web.formats import format_at_most
from textwell.web.pages import midnight, whole_number
from textwell.web.views.reports import csv_response

PAGE_SIZE = 50


@require_safe
@member_page(Permission.VIEW_REPORTS)
def page(request: MemberRequest) -> HttpResponseBase:
    since = midnight()
    before = whole_number(request.GET.get("before"))
    found = list_opt_outs(request.workspace.id, since, before_id=before, limit=PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    names = actor_words({each.actor for each in shown})
    context = {
        "total": format_at_most(count_opt_outs(request.workspace.id, since), MOST_COUNTED),
        "rows": [(each, names[each.actor]) for each in shown],
        "older_id": shown[-1].event_id if len(found) > PAGE_SIZE else None,
    }
    return render(request, "contacts/opted_out.html", context)


@require_safe
@member_page(Permission.EXPORT_REPORTS)
def export(request: MemberRequest) -> HttpResponseBase:
    """All of them as a file."""
    return csv_response(opt_outs_csv(request.workspace.id, midnight()), "opted-out.csv")
