"""One's own language and zone, the workspace's name, and which workspace one is in."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from textwell.accounts.actions import (
    rename_workspace,
    set_answer_time,
    set_law_layer,
    set_small_business,
    set_workspace_cap,
)
from textwell.accounts.models import User
from textwell.accounts.own import update_person
from textwell.accounts.selectors import access_workspace
from textwell.accounts.types import Permission
from textwell.core.errors import FieldError, NotFound
from textwell.inbox.desk import check_review_url
from textwell.web.access import SESSION_WORKSPACE, MemberRequest, member_page
from textwell.web.forms.desk import SmallBusinessForm
from textwell.web.forms.settings import (
    AnswerTimeForm,
    ApprovalForm,
    CapForm,
    HoursForm,
    OwnForm,
    WorkspaceForm,
)
from textwell.web.pages import put_error, whole_number


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.VIEW_CONTACTS)
def page(request: MemberRequest) -> HttpResponseBase:
    part = request.POST.get("part")
    own = OwnForm(request.POST if part == "own" else None, initial=_own_values(request.user))
    brand = WorkspaceForm(
        request.POST if part == "workspace" else None, initial={"name": request.workspace.name}
    )
    if part == "own" and own.is_valid():
        update_person(user=request.user, **own.cleaned_data)
        with translation.override(own.cleaned_data["language"]):
            messages.success(request, _("Saved."))
        return redirect("web:settings")
    if part == "workspace":
        request.policy.require(Permission.MANAGE_WORKSPACE)
        if brand.is_valid():
            name = brand.cleaned_data["name"]
            rename_workspace(workspace=request.workspace, actor=request.actor, name=name)
            messages.success(request, _("Saved."))
            return redirect("web:settings")
    cap = CapForm(
        request.POST if part == "cap" else None,
        initial={name: getattr(request.workspace, name) for name in ("cap_count", "cap_hours")},
    )
    if part == "cap":
        request.policy.require(Permission.MANAGE_WORKSPACE)
        if cap.is_valid():
            _set_cap(request, cap)
            return redirect("web:settings")
    here = request.workspace
    hours = HoursForm(
        request.POST if part == "hours" else None, initial={"law_layer": here.law_layer}
    )
    if part == "hours":
        request.policy.require(Permission.MANAGE_WORKSPACE)
        if hours.is_valid():
            layer = hours.cleaned_data["law_layer"]
            set_law_layer(workspace=here, actor=request.actor, layer=layer)
            messages.success(request, _("Saved."))
            return redirect("web:settings")
    answer_time = AnswerTimeForm(
        request.POST if part == "answer_time" else None,
        initial={"answer_minutes": here.answer_minutes},
    )
    if part == "answer_time":
        request.policy.require(Permission.MANAGE_WORKSPACE)
        if answer_time.is_valid():
            minutes = answer_time.cleaned_data["answer_minutes"]
            set_answer_time(workspace=here, actor=request.actor, minutes=minutes)
            messages.success(request, _("Saved."))
            return redirect("web:settings")
    return _show(request, own=own, brand=brand, cap=cap, hours=hours, answer_time=answer_time)


def _show(request: MemberRequest, **given: Form) -> HttpResponseBase:
    """The page with the forms given, and all others as they are stored."""
    here = request.workspace
    small = {"is_small": here.is_small, "review_url": here.review_url}
    approval = {"needs_approval": here.needs_approval, "approval_above": here.approval_above}
    forms = {
        "own": OwnForm(initial=_own_values(request.user)),
        "brand": WorkspaceForm(initial={"name": here.name}),
        "cap": CapForm(initial={"cap_count": here.cap_count, "cap_hours": here.cap_hours}),
        "hours": HoursForm(initial={"law_layer": here.law_layer}),
        "answer_time": AnswerTimeForm(initial={"answer_minutes": here.answer_minutes}),
        "approval": ApprovalForm(initial=approval),
        "small": SmallBusinessForm(initial=small),
    } | given
    status = 422 if any(form.errors for form in given.values()) else 200
    return render(request, "settings/page.html", forms, status=status)


@require_POST
@member_page(Permission.MANAGE_WORKSPACE)
def choose_small(request: MemberRequest) -> HttpResponseBase:
    form = SmallBusinessForm(request.POST)
    if form.is_valid():
        try:
            set_small_business(
                workspace=request.workspace,
                actor=request.actor,
                is_small=form.cleaned_data["is_small"],
                review_url=check_review_url(form.cleaned_data["review_url"]),
            )
        except FieldError as error:
            put_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("web:settings")
    return _show(request, small=form)


def _own_values(user: User) -> dict[str, str]:
    return {"name": user.name, "language": user.language, "zone": user.zone}


def _set_cap(request: MemberRequest, form: CapForm) -> None:
    set_workspace_cap(
        workspace=request.workspace,
        actor=request.actor,
        count=form.cleaned_data["cap_count"],
        hours=form.cleaned_data["cap_hours"],
    )
    messages.success(request, _("Saved."))


@require_POST
@member_page(Permission.VIEW_CONTACTS)
def choose_workspace(request: MemberRequest) -> HttpResponseBase:
    wanted = whole_number(request.POST.get("workspace"))
    if wanted is None:
        raise NotFound("workspace")
    chosen = access_workspace(user=request.user, workspace_id=wanted)
    request.session[SESSION_WORKSPACE] = chosen.id
    return redirect("web:home")
