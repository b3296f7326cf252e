"""What a workspace chooses of the rules: named days without our hours, how disputed rules are read."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.core.clock import now
from textwell.core.errors import TextwellError
from textwell.messaging.disputed import Dispute, list_disputes
from textwell.messaging.law_choices import (
    access_exception_day,
    ask_exception_day,
    choose_reading,
    decide_exception_day,
    end_reading,
    list_chosen,
    list_exception_days,
    may_decide_day,
    withdraw_exception_day,
)
from textwell.messaging.models import ExceptionState, LenientReading
from textwell.messaging.own_packs import list_activated
from textwell.web.access import MemberRequest, member_page
from textwell.web.actors import actor_words
from textwell.web.forms.law import ExceptionDayForm, PackForm, ReadingForm
from textwell.web.pages import carry_out, tell


@require_safe
@member_page(Permission.VIEW_CAMPAIGNS)
def page(request: MemberRequest) -> HttpResponseBase:
    return _show(request)


@require_POST
@member_page(Permission.EDIT_CAMPAIGNS)
def ask_day(request: MemberRequest) -> HttpResponseBase:
    form = ExceptionDayForm(request.POST)
    ask = partial(ask_exception_day, workspace_id=request.workspace.id, actor=request.actor)
    if not carry_out(form, ask):
        return _show(request, status=422, day_form=form)
    messages.success(request, _("Handed in. Somebody else approves it now."))
    return redirect("web:law")


@require_POST
@member_page(Permission.APPROVE_CAMPAIGN)
def decide_day(request: MemberRequest, exception_id: int) -> HttpResponseBase:
    access_exception_day(request.workspace.id, exception_id)
    is_approved = request.POST.get("decision") == "approve"
    try:
        decide_exception_day(
            workspace_id=request.workspace.id,
            exception_id=exception_id,
            actor=request.actor,
            is_approved=is_approved,
            note=request.POST.get("note", ""),
        )
    except TextwellError as error:
        tell(request, error)
    else:
        messages.success(request, _("Approved.") if is_approved else _("Given back."))
    return redirect("web:law")


@require_POST
@member_page(Permission.EDIT_CAMPAIGNS)
def withdraw_day(request: MemberRequest, exception_id: int) -> HttpResponseBase:
    withdraw_exception_day(
        workspace_id=request.workspace.id, exception_id=exception_id, actor=request.actor
    )
    messages.success(request, _("Our hours hold on that day again."))
    return redirect("web:law")


@require_POST
@member_page(Permission.MANAGE_WORKSPACE)
def choose(request: MemberRequest) -> HttpResponseBase:
    form = ReadingForm(request.POST, rules=_choosable(request.workspace.id))
    sign = partial(choose_reading, workspace_id=request.workspace.id, actor=request.actor)
    if not carry_out(form, sign):
        return _show(request, status=422, reading_form=form)
    messages.success(request, _("Read the looser way from now on."))
    return redirect("web:law")


@require_POST
@member_page(Permission.MANAGE_WORKSPACE)
def strict(request: MemberRequest) -> HttpResponseBase:
    end_reading(
        workspace_id=request.workspace.id,
        actor=request.actor,
        rule=request.POST.get("rule", "")[:60],
    )
    messages.success(request, _("Read the strict way again."))
    return redirect("web:law")


def _choosable(workspace_id: int) -> list[tuple[str, str]]:
    chosen = list_chosen(workspace_id)
    return [
        (one.rule, f"{one.rule}: {one.lenient.says}")
        for one in list_disputes(now().date())
        if one.lenient is not None and not _holds(one, chosen.get(one.rule))
    ]


def _holds(dispute: Dispute, chosen: LenientReading | None) -> bool:
    """Whether what was signed for is what the rule says now."""
    return chosen is not None and dispute.is_read_leniently([chosen.chosen_name])


def _show(request: MemberRequest, *, status: int = 200, **given: Any) -> HttpResponseBase:
    days = list_exception_days(request.workspace.id)
    chosen = list_chosen(request.workspace.id)
    makers = {each.asked_by for each in days} | {each.decided_by for each in days}
    names = actor_words({each for each in makers if each})
    open_states = {ExceptionState.ASKED.value, ExceptionState.APPROVED.value}
    context: dict[str, Any] = {
        "days": [
            {
                "day": each,
                "asked_by": names[each.asked_by],
                "decided_by": names.get(each.decided_by, ""),
                "may_decide": each.state == ExceptionState.ASKED
                and may_decide_day(each, request.actor),
                "is_open": each.state in open_states,
            }
            for each in days
        ],
        "disputes": [
            (one, signed, _holds(one, signed))
            for one in list_disputes(now().date())
            for signed in [chosen.get(one.rule)]
        ],
        "day_form": ExceptionDayForm(),
        "pack_form": PackForm(),
        "own_packs": list_activated(),
        "reading_form": ReadingForm(rules=_choosable(request.workspace.id)),
    }
    return render(request, "settings/law.html", context | given, status=status)
