"""The audit log: who did what, why, and whether the log is as it was written."""

from datetime import datetime, time

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from textwell.accounts.chain import verify_workspace
from textwell.accounts.models import AuditEntry, Membership
from textwell.accounts.selectors import audit_entries
from textwell.accounts.types import AuditFilter, Permission
from textwell.web.access import MemberRequest, member_page
from textwell.web.actors import actor_words
from textwell.web.sorting import AUDIT, read_sort, sorted_page

PAGE_SIZE = 50
FILTERS = ("actor", "action", "subject", "from", "to")


@require_safe
@member_page(Permission.VIEW_AUDIT)
def page(request: MemberRequest) -> HttpResponseBase:
    workspace_id = request.workspace.id
    given = {name: request.GET.get(name, "").strip()[:120] for name in FILTERS}
    found = audit_entries(workspace_id, _read(given))
    sort = read_sort(request, AUDIT)
    page = sorted_page(request, found, sort, limit=PAGE_SIZE)
    names = actor_words({entry.actor for entry in page.rows})
    people = Membership.objects.filter(workspace_id=workspace_id).select_related("user")
    context = {
        "tab": "audit",
        "rows": [(entry, names[entry.actor], changes_of(entry)) for entry in page.rows],
        "page": page,
        "sort": sort,
        "given": given,
        "actors": [(f"user:{each.user_id}", each.user.name or each.user.email) for each in people],
        "verdict": verify_workspace(workspace_id) if request.GET.get("check") else None,
    }
    return render(request, "settings/audit.html", context)


def _read(given: dict[str, str]) -> AuditFilter:
    return AuditFilter(
        actor=given["actor"],
        action=given["action"],
        subject=given["subject"],
        since=_day(given["from"], time.min),
        until=_day(given["to"], time.max),
    )


def _day(text: str, at: time) -> datetime | None:
    """The beginning or the end of a day in the person's zone; None for what is no date."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return timezone.make_aware(datetime.combine(day, at)) if day else None


def changes_of(entry: AuditEntry) -> list[tuple[str, str, str]]:
    """(field, before, after) of what differs."""
    before, after = entry.data.get("before") or {}, entry.data.get("after") or {}
    names = sorted({*before, *after})
    return [
        (name, _shown(before.get(name)), _shown(after.get(name)))
        for name in names
        if before.get(name) != after.get(name)
    ]


def _shown(value: object) -> str:
    return "" if value is None else str(value)[:300]
