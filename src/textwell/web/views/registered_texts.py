"""Templates of a registered sender: which words a registry has approved."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from textwell.accounts.types import Permission
from textwell.core.clock import now
from textwell.gateways.models import Registration
from textwell.gateways.registered_texts import (
    USUAL_PLACE,
    access_template,
    add_template,
    change_template,
    remove_template,
)
from textwell.gateways.rights import access_registration, standing_of
from textwell.messaging.sender_law import place_length
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.registrations import StandingForm, TemplateForm
from textwell.web.pages import carry_out
from textwell.web.views.registrations import save_standing, standing


def usual_length(registration: Registration) -> int:
    """How much a place takes where it does not say: as the country's rules have it."""
    return place_length(registration.country, on=now().date()) or USUAL_PLACE


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.EDIT_GATEWAYS)
def create(request: MemberRequest, registration_id: int) -> HttpResponseBase:
    found = access_registration(request.workspace.id, registration_id)
    form = TemplateForm(request.POST or None, initial={"longest": usual_length(found)})
    add = partial(
        add_template,
        workspace_id=request.workspace.id,
        registration_id=registration_id,
        actor=request.actor,
    )
    if request.method == "POST" and carry_out(form, add):
        messages.success(request, _("Put down. What waits is judged by it from now on."))
        return redirect("web:registrations.edit", registration_id)
    context = {"form": form, "registration": found}
    status = 422 if form.errors else 200
    return render(request, "gateways/registered_text.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.EDIT_GATEWAYS)
def edit(request: MemberRequest, registration_id: int, text_id: int) -> HttpResponseBase:
    registration = access_registration(request.workspace.id, registration_id)
    found = access_template(registration, text_id)
    form = StandingForm(request.POST or None, initial=standing(found))
    change = partial(change_template, registration_id=registration_id, template_id=text_id)
    if request.method == "POST" and save_standing(request, form, change):
        return redirect("web:registrations.edit", registration_id)
    context = {
        "form": form,
        "registration": registration,
        "template": found,
        "standing": standing_of(found, on=now().date()),
    }
    status = 422 if form.errors else 200
    return render(request, "gateways/registered_text.html", context, status=status)


@require_POST
@member_page(Permission.EDIT_GATEWAYS)
def remove(request: MemberRequest, registration_id: int, text_id: int) -> HttpResponseBase:
    remove_template(
        workspace_id=request.workspace.id,
        registration_id=registration_id,
        template_id=text_id,
        actor=request.actor,
    )
    messages.success(request, _("Taken out of the registry."))
    return redirect("web:registrations.edit", registration_id)
