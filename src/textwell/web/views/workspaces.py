"""The brands and sub-accounts of a person: go to one, make one more."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from textwell.accounts.actions import add_member, create_workspace
from textwell.accounts.models import Role, Workspace
from textwell.accounts.selectors import list_workspaces
from textwell.accounts.types import Permission
from textwell.core.errors import FieldError
from textwell.web.access import SESSION_WORKSPACE, MemberRequest, member_page
from textwell.web.forms.workspace import BrandForm
from textwell.web.pages import put_error


@require_safe
@member_page(Permission.VIEW_CONTACTS)
def page(request: MemberRequest) -> HttpResponseBase:
    context = {"tab": "workspaces", "workspaces": list_workspaces(request.user)}
    return render(request, "settings/workspaces.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.MANAGE_WORKSPACE)
def new(request: MemberRequest) -> HttpResponseBase:
    here = request.workspace
    initial = {name: getattr(here, name) for name in ("country", "currency", "zone", "language")}
    form = BrandForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            made = _make(request, dict(form.cleaned_data))
        except FieldError as error:
            put_error(form, error)
        else:
            request.session[SESSION_WORKSPACE] = made.id
            messages.success(request, _("You are in the new workspace."))
            return redirect("web:home")
    context = {"tab": "workspaces", "form": form}
    status = 422 if form.errors else 200
    return render(request, "settings/workspace_new.html", context, status=status)


def _make(request: MemberRequest, values: dict[str, str]) -> Workspace:
    with transaction.atomic():
        made = create_workspace(name=values.pop("brand"), actor=request.actor, **values)
        add_member(workspace=made, email=request.user.email, role=Role.OWNER, actor=request.actor)
    return made
