"""The red button, and the history of its presses: who, when, why, what it held, whom it was late for."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.campaigns.models import Stop
from textwell.campaigns.selectors import access_stop, list_stops
from textwell.campaigns.stopping import lift_stop, stop_all
from textwell.reports.stops import reached_figure, stop_csv
from textwell.web.access import MemberRequest, member_page
from textwell.web.actors import actor_words
from textwell.web.pages import whole_number
from textwell.web.views.reports import csv_response

PAGE_SIZE = 20


@require_POST
@member_page(Permission.STOP_ALL)
def stop_sending(request: MemberRequest) -> HttpResponseBase:
    reason = request.POST.get("reason", "")[:200]
    stop_all(workspace=request.workspace, actor=request.actor, reason=reason)
    messages.warning(request, _("All sending is stopped."))
    return redirect("web:stops" if request.policy.allows(Permission.VIEW_REPORTS) else "web:home")


@require_POST
@member_page(Permission.STOP_ALL)
def lift_sending(request: MemberRequest) -> HttpResponseBase:
    lift_stop(workspace=request.workspace, actor=request.actor)
    messages.success(request, _("Sending goes on where it stood."))
    return redirect("web:home")


@require_safe
@member_page(Permission.VIEW_REPORTS)
def page(request: MemberRequest) -> HttpResponseBase:
    before = whole_number(request.GET.get("before"))
    rows = list_stops(request.workspace.id, before_id=before, limit=PAGE_SIZE + 1)
    shown = rows[:PAGE_SIZE]
    context = {
        "stops": [_shown(stop) for stop in shown],
        "names": actor_words({*(s.stopped_by for s in shown), *(s.lifted_by for s in shown)}),
        "older_id": shown[-1].id if len(rows) > PAGE_SIZE else None,
    }
    return render(request, "campaigns/stops.html", context)


def _shown(stop: Stop) -> dict[str, Any]:  # Any: a template context
    rows = list(stop.campaigns.all())
    return {
        "stop": stop,
        "rows": rows,
        "figure": reached_figure(stop),
        "planned_count": sum(row.planned_count for row in rows),
        "handed_count": sum(row.handed_count for row in rows),
        "waiting_count": sum(row.waiting_count for row in rows),
    }


@require_safe
@member_page(Permission.EXPORT_REPORTS)
def export(request: MemberRequest, stop_id: int) -> HttpResponseBase:
    """Everybody whom the texts had reached by then, of every campaign that it held."""
    stop = access_stop(request.workspace.id, stop_id)
    return csv_response(stop_csv(stop), f"stop-{stop.id}-people.csv")
