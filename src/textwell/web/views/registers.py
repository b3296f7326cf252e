"""Do-not-contact registers: which countries ask for one, whose list is on file, how old it is."""

import io
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.consent.registers import delete_register
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.messaging.registers import RegisterState, import_register, list_standings
from textwell.web.access import MemberRequest, member_page
from textwell.web.actors import actor_words
from textwell.web.formats import country_name, format_count
from textwell.web.forms.registers import RegisterForm
from textwell.web.pages import put_error


@require_safe
@member_page(Permission.VIEW_CONTACTS)
def page(request: MemberRequest) -> HttpResponseBase:
    return _show(request)


@require_POST
@member_page(Permission.IMPORT_CONTACTS)
def upload(request: MemberRequest) -> HttpResponseBase:
    form = RegisterForm(request.POST, request.FILES, names=_names(request.workspace.id))
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            done = import_register(
                workspace_id=request.workspace.id,
                name=form.cleaned_data["name"],
                lines=io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline=""),
                filename=file.name or "",
                checked_at=form.cleaned_data["checked_at"],
                actor=request.actor,
            )
        except FieldError as error:
            put_error(form, error)
        else:
            _tell_done(request, done.register.number_count, done.rejected_count)
            return redirect("web:registers")
    return _show(request, status=422, form=form)


def _tell_done(request: MemberRequest, count: int, rejected_count: int) -> None:
    taken = ngettext(
        "%(shown)s number is on file now.", "%(shown)s numbers are on file now.", count
    )
    messages.success(request, taken % {"shown": format_count(count)})
    if rejected_count:
        left = ngettext(
            "%(shown)s line holds no number and was left out.",
            "%(shown)s lines hold no number and were left out.",
            rejected_count,
        )
        messages.warning(request, left % {"shown": format_count(rejected_count)})


@require_POST
@member_page(Permission.IMPORT_CONTACTS)
def remove(request: MemberRequest, register_id: int) -> HttpResponseBase:
    delete_register(workspace_id=request.workspace.id, register_id=register_id, actor=request.actor)
    messages.success(request, _("Taken away. Its numbers are left out by it no more."))
    return redirect("web:registers")


def _names(workspace_id: int) -> list[tuple[str, str]]:
    """Those that must be asked stand first."""
    standings = sorted(
        list_standings(workspace_id, at=now()),
        key=lambda one: one.state is RegisterState.NOT_NEEDED,
    )
    return [(one.name, f"{country_name(one.country)}: {one.name}") for one in standings]


def _show(request: MemberRequest, *, status: int = 200, **given: Any) -> HttpResponseBase:
    standings = list_standings(request.workspace.id, at=now())
    names = actor_words({one.register.actor for one in standings if one.register})
    context: dict[str, Any] = {
        "rows": [
            (one, names[one.register.actor] if one.register else "")
            for one in standings
            if one.register or one.state is not RegisterState.NOT_NEEDED
        ],
        "others": [
            one for one in standings if one.state is RegisterState.NOT_NEEDED and not one.register
        ],
        "form": RegisterForm(names=_names(request.workspace.id)),
    }
    return render(request, "contacts/registers.html", context | given, status=status)
