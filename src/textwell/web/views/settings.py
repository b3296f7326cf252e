"""One's own language and zone, what the workspace chooses, and which workspace one is in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.forms import Form, model_to_dict
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from textwell.accounts.models import User
from textwell.accounts.own import update_person
from textwell.accounts.selectors import access_workspace
from textwell.accounts.types import Permission
from textwell.accounts.workspaces import (
    rename_workspace,
    set_answer_time,
    set_consent_months,
    set_law_layer,
    set_small_business,
    set_workspace_cap,
)
from textwell.core.errors import FieldError, NotFound
from textwell.inbox.desk import check_review_url
from textwell.messaging.way_out import tell_speaker
from textwell.web.access import SESSION_WORKSPACE, MemberRequest, member_page
from textwell.web.forms.desk import SmallBusinessForm
from textwell.web.forms.settings import (
    AnswerTimeForm,
    ApprovalForm,
    CapForm,
    ConsentMonthsForm,
    HoursForm,
    OwnForm,
    SpeakerForm,
    WorkspaceForm,
)
from textwell.web.pages import put_error, whole_number


@dataclass(frozen=True, slots=True)
class _Part:
    """One form of the page: `name` in its context, and what is done with what was given."""

    name: str
    form: type[Form]
    save: Callable[[MemberRequest, dict[str, Any]], object]  # Any: cleaned values
    is_own: bool = False  # of the person; the others are the workspace's


def _act(change: Callable[..., object], **names: str) -> Callable[..., object]:
    """Saves by an action on the workspace; `names` are its arguments and the fields they are from."""

    def save(request: MemberRequest, given: dict[str, Any]) -> object:
        values = {argument: given[field] for argument, field in names.items()}
        return change(workspace=request.workspace, actor=request.actor, **values)

    return save


def _save_own(request: MemberRequest, given: dict[str, Any]) -> None:
    update_person(user=request.user, **given)


_PARTS: Final[dict[str, _Part]] = {
    "own": _Part("own", OwnForm, _save_own, is_own=True),
    "workspace": _Part("brand", WorkspaceForm, _act(rename_workspace, name="name")),
    "cap": _Part("cap", CapForm, _act(set_workspace_cap, count="cap_count", hours="cap_hours")),
    "hours": _Part("hours", HoursForm, _act(set_law_layer, layer="law_layer")),
    "lifetime": _Part(
        "lifetime", ConsentMonthsForm, _act(set_consent_months, months="consent_months")
    ),
    "speaker": _Part(
        "speaker",
        SpeakerForm,
        _act(
            tell_speaker,
            brand="brand",
            legal_name="legal_name",
            postal_address="postal_address",
            public_contact="public_contact",
        ),
    ),
    "answer_time": _Part(
        "answer_time", AnswerTimeForm, _act(set_answer_time, minutes="answer_minutes")
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.VIEW_CONTACTS)
def page(request: MemberRequest) -> HttpResponseBase:
    part = _PARTS.get(request.POST.get("part", ""))
    if part is None:
        return _show(request)
    if not part.is_own:
        request.policy.require(Permission.MANAGE_WORKSPACE)
    form = part.form(request.POST)
    if not form.is_valid():
        return _show(request, **{part.name: form})
    part.save(request, form.cleaned_data)
    with translation.override(form.cleaned_data.get("language", translation.get_language())):
        messages.success(request, _("Saved."))
    return redirect("web:settings")


def _show(request: MemberRequest, **given: Form) -> HttpResponseBase:
    """The page with the forms given, and all others as they are stored."""
    here = model_to_dict(request.workspace)
    kinds = {part.name: part.form for part in _PARTS.values() if not part.is_own}
    kinds |= {"approval": ApprovalForm, "small": SmallBusinessForm}
    forms = {name: kind(initial=here) for name, kind in kinds.items()}
    forms |= {"own": OwnForm(initial=_own_values(request.user))} | given
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


@require_POST
@member_page(Permission.VIEW_CONTACTS)
def choose_workspace(request: MemberRequest) -> HttpResponseBase:
    wanted = whole_number(request.POST.get("workspace"))
    if wanted is None:
        raise NotFound("workspace")
    chosen = access_workspace(user=request.user, workspace_id=wanted)
    request.session[SESSION_WORKSPACE] = chosen.id
    return redirect("web:home")
