"""A company's directory among the settings: its tokens, and the roles that its groups give."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from textwell.accounts.directory.groups import list_groups, set_group_role
from textwell.accounts.directory.tokens import (
    create_directory_token,
    list_directory_tokens,
    revoke_directory_token,
)
from textwell.accounts.models import Role
from textwell.accounts.types import Permission
from textwell.core.errors import Conflict, FieldError
from textwell.core.settings import load_settings
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.settings import DirectoryTokenForm, GroupRoleForm
from textwell.web.pages import put_error, tell

SHOWN_ONCE = "new_directory_token"  # in the session until it has been shown once


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.MANAGE_WORKSPACE)
def page(request: MemberRequest) -> HttpResponseBase:
    """What there is; a POST makes a token."""
    form = DirectoryTokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _make(request, form):
        return redirect("web:directory")
    context = {
        "address": load_settings().public_url.rstrip("/") + "/scim/v2",
        "tokens": list_directory_tokens(request.workspace),
        "groups": [(group, len(group.people.all())) for group in list_groups(request.workspace)],
        "roles": Role.choices,
        "form": form,
        "secret": request.session.pop(SHOWN_ONCE, ""),
    }
    return render(request, "settings/directory.html", context, status=422 if form.errors else 200)


def _make(request: MemberRequest, form: DirectoryTokenForm) -> bool:
    try:
        _token, secret = create_directory_token(
            workspace=request.workspace, name=form.cleaned_data["name"], actor=request.actor
        )
    except FieldError as error:
        put_error(form, error)
        return False
    request.session[SHOWN_ONCE] = secret
    return True


@require_POST
@member_page(Permission.MANAGE_WORKSPACE)
def revoke(request: MemberRequest, token_id: int) -> HttpResponseBase:
    revoke_directory_token(workspace=request.workspace, token_id=token_id, actor=request.actor)
    messages.success(request, _("The token is refused from now on."))
    return redirect("web:directory")


@require_POST
@member_page(Permission.MANAGE_WORKSPACE)
def choose_role(request: MemberRequest, group_id: int) -> HttpResponseBase:
    """Which role the people of a group have."""
    form = GroupRoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a role from the list."))
        return redirect("web:directory")
    try:
        set_group_role(
            workspace=request.workspace,
            group_id=group_id,
            role=form.cleaned_data["role"],
            actor=request.actor,
        )
    except Conflict as error:
        tell(request, error)
    else:
        messages.success(request, _("Saved."))
    return redirect("web:directory")
