"""The registry of senders: what is registered where, with its papers."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.core.clock import now
from textwell.core.errors import FieldError, TextwellError
from textwell.gateways.models import RegisteredTemplate, Registration
from textwell.gateways.registrations import (
    MAX_DOCUMENT_BYTES,
    access_document,
    add_document,
    change_registration,
    create_registration,
    delete_registration,
    remove_document,
)
from textwell.gateways.rights import access_registration, list_registrations, standing_of
from textwell.messaging.sender_law import needs_template
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.registrations import RegistrationForm, SenderStandingForm, StandingForm
from textwell.web.pages import carry_out, put_error, tell


@require_safe
@member_page(Permission.VIEW_GATEWAYS)
def list_page(request: MemberRequest) -> HttpResponseBase:
    today = now().date()
    rows = [
        (each, standing_of(each, on=today))
        for each in list_registrations(request.workspace.id, with_templates=False)
    ]
    return render(request, "gateways/registrations.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.EDIT_GATEWAYS)
def create(request: MemberRequest) -> HttpResponseBase:
    asked = {name: request.GET.get(name, "") for name in ("value", "kind", "country", "purpose")}
    form = RegistrationForm(request.POST or None, initial={k: v for k, v in asked.items() if v})
    if request.method == "POST" and form.is_valid():
        try:
            made = create_registration(
                workspace_id=request.workspace.id, actor=request.actor, **form.cleaned_data
            )
        except TextwellError as error:
            put_error(form, error)
        else:
            messages.success(request, _("Put down. Now add its papers, if there are any."))
            return redirect("web:registrations.edit", made.id)
    status = 422 if form.errors else 200
    return render(request, "gateways/registration.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.EDIT_GATEWAYS)
def edit(request: MemberRequest, registration_id: int) -> HttpResponseBase:
    found = access_registration(request.workspace.id, registration_id)
    form = SenderStandingForm(request.POST or None, initial=standing(found, "notes"))
    change = partial(change_registration, registration_id=registration_id)
    if request.method == "POST" and save_standing(request, form, change):
        return redirect("web:registrations.edit", registration_id)
    today = now().date()
    context = {
        "form": form,
        "registration": found,
        "standing": standing_of(found, on=today),
        "texts": [(each, standing_of(each, on=today)) for each in found.templates.all()],
        "asks_templates": needs_template(found.country, found.kind, found.purpose, on=today),
    }
    status = 422 if form.errors else 200
    return render(request, "gateways/registration.html", context, status=status)


def standing(found: Registration | RegisteredTemplate, *others: str) -> dict[str, object]:
    """What a form of its standing begins with, and these other values."""
    return {name: getattr(found, name) for name in ("state", "reference", "expires_on", *others)}


def save_standing(
    request: MemberRequest, form: StandingForm, change: Callable[..., object]
) -> bool:
    """Whether what a form says of a standing is kept; an empty last day takes the end away."""

    def save(**given: Any) -> None:  # Any: values of a form
        mine = {"workspace_id": request.workspace.id, "actor": request.actor}
        change(**mine, has_no_end=given["expires_on"] is None, **given)

    is_saved = carry_out(form, save)
    if is_saved:
        messages.success(request, _("Saved. What waits is judged by it from now on."))
    return is_saved


@require_POST
@member_page(Permission.EDIT_GATEWAYS)
def upload(request: MemberRequest, registration_id: int) -> HttpResponseBase:
    file = request.FILES.get("file")
    try:
        add_document(
            workspace_id=request.workspace.id,
            registration_id=registration_id,
            actor=request.actor,
            name=file.name or "" if file else "",
            body=file.read(MAX_DOCUMENT_BYTES + 1) if file else b"",
        )
    except FieldError as error:
        tell(request, error)
    else:
        messages.success(request, _("Kept."))
    return redirect("web:registrations.edit", registration_id)


@require_safe
@member_page(Permission.VIEW_GATEWAYS)
def document(request: MemberRequest, registration_id: int, document_id: int) -> HttpResponseBase:
    """A file to save, whatever its name says."""
    found = access_document(access_registration(request.workspace.id, registration_id), document_id)
    answer = HttpResponse(bytes(found.body), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="document-{found.id}"'
    return answer


@require_POST
@member_page(Permission.EDIT_GATEWAYS)
def discard(request: MemberRequest, registration_id: int, document_id: int) -> HttpResponseBase:
    remove_document(
        workspace_id=request.workspace.id,
        registration_id=registration_id,
        document_id=document_id,
        actor=request.actor,
    )
    messages.success(request, _("Thrown away. The audit log keeps its hash."))
    return redirect("web:registrations.edit", registration_id)


@require_POST
@member_page(Permission.EDIT_GATEWAYS)
def remove(request: MemberRequest, registration_id: int) -> HttpResponseBase:
    delete_registration(
        workspace_id=request.workspace.id, registration_id=registration_id, actor=request.actor
    )
    messages.success(request, _("Taken out of the registry."))
    return redirect("web:registrations")
