"""The card of the workspace's own link domain among the settings: set, check, remove."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from textwell.accounts.types import Permission
from textwell.core.errors import FieldError, TextwellError
from textwell.links.host_words import mend_of, problem_of
from textwell.links.hosts import check_link_host, remove_link_host, set_link_host
from textwell.links.selectors import find_link_host, installation_prefix
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.settings import LinkHostForm
from textwell.web.pages import put_error, tell


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.MANAGE_WORKSPACE)
def page(request: MemberRequest) -> HttpResponseBase:
    """What it is and how its last check went; a POST sets it."""
    present = find_link_host(request.workspace.id)
    form = LinkHostForm(
        request.POST if request.method == "POST" else None,
        initial={"host": present.host if present else ""},
    )
    if form.is_valid():
        try:
            set_link_host(
                workspace=request.workspace, host=form.cleaned_data["host"], actor=request.actor
            )
        except FieldError as error:
            put_error(form, error)
        else:
            messages.success(request, _("Saved. Check it now, so that new links begin with it."))
            return redirect("web:link_domain")
    context: dict[str, Any] = {"form": form, "host": present, "ours": installation_prefix()}
    if present is not None:
        context |= {"problem": problem_of(present), "mend": mend_of(present)}
    return render(request, "settings/link_domain.html", context, status=422 if form.errors else 200)


@require_POST
@member_page(Permission.MANAGE_WORKSPACE)
def check(request: MemberRequest) -> HttpResponseBase:
    try:
        found = check_link_host(workspace=request.workspace, actor=request.actor)
    except TextwellError as error:
        tell(request, error)
    else:
        if found.is_used:
            messages.success(
                request,
                _("Links arrive here. New links begin with %(host)s.") % {"host": found.host},
            )
    return redirect("web:link_domain")


@require_POST
@member_page(Permission.MANAGE_WORKSPACE)
def remove(request: MemberRequest) -> HttpResponseBase:
    try:
        remove_link_host(workspace=request.workspace, actor=request.actor)
    except TextwellError as error:
        tell(request, error)
    else:
        messages.success(request, _("Removed. Links that were sent go on working."))
    return redirect("web:link_domain")
