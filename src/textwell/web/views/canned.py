"""Canned answers of a workspace: listed, written, deleted."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.core.errors import FieldError
from textwell.inbox.canned import (
    access_canned,
    create_canned,
    delete_canned,
    list_canned,
    update_canned,
)
from textwell.inbox.models import CannedAnswer
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.canned import CannedForm, initial_of
from textwell.web.pages import put_error


@require_safe
@member_page(Permission.VIEW_INBOX)
def list_page(request: MemberRequest) -> HttpResponseBase:
    return render(request, "inbox/canned.html", {"rows": list_canned(request.workspace.id)})


def _answer(request: MemberRequest, canned: CannedAnswer) -> HttpResponseBase:
    form = CannedForm(
        request.POST or None, initial=initial_of(canned), workspace_id=request.workspace.id
    )
    if request.method == "POST" and form.is_valid():
        try:
            _store(request, canned, form)
        except FieldError as error:
            put_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("web:inbox.canned")
    context = {"canned": canned, "form": form}
    return render(request, "inbox/canned_form.html", context, status=422 if form.errors else 200)


def _store(request: MemberRequest, canned: CannedAnswer, form: CannedForm) -> None:
    if canned.id:
        update_canned(canned=canned, actor=request.actor, **form.values())
    else:
        create_canned(workspace_id=request.workspace.id, actor=request.actor, **form.values())


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.ANSWER_INBOX)
def new(request: MemberRequest) -> HttpResponseBase:
    return _answer(request, CannedAnswer(workspace_id=request.workspace.id))


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.ANSWER_INBOX)
def edit(request: MemberRequest, canned_id: int) -> HttpResponseBase:
    return _answer(request, access_canned(request.workspace.id, canned_id))


@require_POST
@member_page(Permission.ANSWER_INBOX)
def delete(request: MemberRequest, canned_id: int) -> HttpResponseBase:
    canned = access_canned(request.workspace.id, canned_id)
    delete_canned(canned=canned, actor=request.actor)
    messages.success(request, _("Deleted."))
    return redirect("web:inbox.canned")
