"""The brands and sub-accounts of a person: go to one, make one more."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from textwell.accounts.selectors import list_workspaces
from textwell.accounts.types import Permission
from textwell.core.errors import Conflict, FieldError
from textwell.gateways.first import open_workspace
from textwell.gateways.sandbox import turn_into_sandbox
from textwell.web.access import SESSION_WORKSPACE, MemberRequest, member_page
from textwell.web.forms.workspace import NewWorkspaceForm
from textwell.web.pages import put_error, tell


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
    form = NewWorkspaceForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            values = dict(form.cleaned_data)
            values["name"] = values.pop("brand")
            made = open_workspace(owner=request.user, actor=request.actor, **values)
        except FieldError as error:
            put_error(form, error)
        else:
            request.session[SESSION_WORKSPACE] = made.id
            messages.success(request, _("You are in the new workspace."))
            return redirect("web:home")
    context = {"tab": "workspaces", "form": form}
    status = 422 if form.errors else 200
    return render(request, "settings/workspace_new.html", context, status=status)


@require_POST
@member_page(Permission.MANAGE_WORKSPACE)
def begin_sandbox(request: MemberRequest) -> HttpResponseBase:
    try:
        turn_into_sandbox(workspace=request.workspace, actor=request.actor)
    except Conflict as error:
        tell(request, error)
    else:
        messages.success(request, _("This is a sandbox now. Nothing leaves it any more."))
    return redirect("web:settings")
