"""The group of brands that tell each other whom not to text: joined by a code, left at any time."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from textwell.accounts.types import Permission
from textwell.consent.groups import (
    find_sharing,
    join_sharing_group,
    leave_sharing_group,
    list_sharing_brands,
    make_sharing_code,
)
from textwell.core.errors import Conflict, FieldError
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.sharing import JoinForm, ReasonsForm
from textwell.web.pages import put_error, tell
from textwell.web.words import SUPPRESSIONS, word


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.MANAGE_WORKSPACE)
def page(request: MemberRequest) -> HttpResponseBase:
    """Who shares with whom; a POST joins by a code."""
    form = JoinForm(request.POST if request.method == "POST" else None, prefix="join")
    if form.is_valid():
        try:
            join_sharing_group(
                workspace=request.workspace,
                code=form.cleaned_data["code"],
                reasons=form.cleaned_data["reasons"],
                actor=request.actor,
            )
        except FieldError as error:
            put_error(form, error)
        except Conflict as error:
            tell(request, error)
            return redirect("web:sharing")
        else:
            messages.success(request, _("Shared from now on, with what there was before."))
            return redirect("web:sharing")
    return _show(request, join=form, status=422 if form.errors else 200)


@require_POST
@member_page(Permission.MANAGE_WORKSPACE)
def make_code(request: MemberRequest) -> HttpResponseBase:
    """Shows the code in the answer: it is kept nowhere."""
    is_member = find_sharing(request.workspace) is not None
    form = ReasonsForm(None if is_member else request.POST)
    if not is_member and not form.is_valid():
        return _show(request, reasons=form, status=422)
    code, ends_at = make_sharing_code(
        workspace=request.workspace,
        reasons=() if is_member else form.cleaned_data["reasons"],
        actor=request.actor,
    )
    return _show(request, code=code, ends_at=ends_at)


@require_POST
@member_page(Permission.MANAGE_WORKSPACE)
def leave(request: MemberRequest) -> HttpResponseBase:
    leave_sharing_group(workspace=request.workspace, actor=request.actor)
    messages.success(request, _("Nothing is shared any more. What was shared stays suppressed."))
    return redirect("web:sharing")


def _show(request: MemberRequest, *, status: int = 200, **given: Any) -> HttpResponseBase:
    member = find_sharing(request.workspace)
    context: dict[str, Any] = {
        "member": member,
        "shared": [word(SUPPRESSIONS, each) for each in member.reasons] if member else [],
        "brands": list_sharing_brands(request.workspace) if member else [],
        "reasons": ReasonsForm(),
        "join": JoinForm(prefix="join"),
    }
    return render(request, "settings/sharing.html", context | given, status=status)
