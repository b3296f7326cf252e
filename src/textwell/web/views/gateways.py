"""Gateways: how they are, and one form for each kind."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.campaigns.removal import Removal, remove_gateway
from textwell.core.errors import Conflict, FieldError, TextwellError
from textwell.core.ordering import order_rows
from textwell.gateways.actions import (
    add_sender,
    create_gateway,
    pause_gateway,
    restore_gateway,
    resume_gateway,
    set_sender_active,
    set_sender_rate,
    update_gateway,
)
from textwell.gateways.models import Gateway, GatewayState
from textwell.gateways.registry import find_provider
from textwell.gateways.sandbox import list_kinds
from textwell.gateways.selectors import (
    access_gateway,
    is_down,
    list_cautions,
    list_gateways,
    list_retired,
    provider_of,
)
from textwell.reports.today import gateway_counts
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.gateways import GatewayForm, SenderForm
from textwell.web.pages import tell, whole_number
from textwell.web.refusals import ask_form_again
from textwell.web.sorting import GATEWAYS, read_sort


@require_safe
@member_page(Permission.VIEW_GATEWAYS)
def list_page(request: MemberRequest) -> HttpResponseBase:
    workspace_id = request.workspace.id
    is_retired = "retired" in request.GET
    sort = read_sort(request, GATEWAYS)
    found = list_retired(workspace_id) if is_retired else list_gateways(workspace_id)
    gateways = list(order_rows(found, sort))
    shows_down = request.GET.get("show") == "down"
    context = {
        "gateways": [each for each in gateways if is_down(each)] if shows_down else gateways,
        "sort": sort,
        "is_retired": is_retired,
        "shows_down": shows_down,
        "retired_count": list_retired(workspace_id).count(),
        "gateway_counts": gateway_counts(workspace_id),
    }
    return render(request, "gateways/list.html", context)


@require_safe
@member_page(Permission.EDIT_GATEWAYS)
def choose(request: MemberRequest) -> HttpResponseBase:
    return render(
        request,
        "gateways/choose.html",
        {"providers": list_kinds(is_sandbox=request.workspace.is_sandbox)},
    )


def _refuse(form: GatewayForm, error: TextwellError) -> None:
    if isinstance(error, FieldError):
        form.add_error(form.field_of(error.field), error.sentences)
    else:
        form.add_error(None, str(error))


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.EDIT_GATEWAYS)
def create(request: MemberRequest, kind: str) -> HttpResponseBase:
    provider = find_provider(kind)
    if provider is None:
        raise Http404(kind)
    form = GatewayForm(
        request.POST or None,
        request.FILES or None,
        provider=provider,
        initial={"currency": request.workspace.currency},
    )
    if request.method == "POST" and form.is_valid():
        try:
            gateway = create_gateway(
                workspace_id=request.workspace.id,
                provider=kind,
                actor=request.actor,
                **form.values(),
            )
        except TextwellError as error:
            _refuse(form, error)
        else:
            messages.success(request, _("Added. Now give it a sender."))
            return redirect("web:gateways.edit", gateway.id)
    context = {"form": form, "provider": provider}
    return render(request, "gateways/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.EDIT_GATEWAYS)
def edit(request: MemberRequest, gateway_id: int) -> HttpResponseBase:
    gateway = access_gateway(request.workspace.id, gateway_id)
    if gateway.state == GatewayState.RETIRED:
        return render(request, "gateways/retired.html", {"gateway": gateway})
    provider = provider_of(gateway)
    part = request.POST.get("part")
    if part == "sender":
        return _senders(request, gateway_id)
    form = GatewayForm(
        request.POST or None, request.FILES or None, provider=provider, gateway=gateway
    )
    if request.method == "POST" and form.is_valid():
        try:
            update_gateway(
                workspace_id=request.workspace.id,
                gateway_id=gateway_id,
                actor=request.actor,
                **form.values(),
            )
        except TextwellError as error:
            _refuse(form, error)
        else:
            messages.success(request, _("Saved. The connector takes it up within seconds."))
            return redirect("web:gateways.edit", gateway_id)
    context = {
        "form": form,
        "provider": provider,
        "gateway": gateway,
        "cautions": list_cautions(gateway),
        "senders": gateway.senders.order_by("value", "country"),
        "sender_form": SenderForm(),
    }
    return render(request, "gateways/form.html", context, status=422 if form.errors else 200)


def _senders(request: MemberRequest, gateway_id: int) -> HttpResponseBase:
    """Add a sender, switch one on or off, or give it a rate of its own."""
    sender_id = whole_number(request.POST.get("sender_id"))
    try:
        rate = _read_rate(request.POST.get("segments_per_second", ""))
        if sender_id is not None and "segments_per_second" in request.POST:
            set_sender_rate(
                workspace_id=request.workspace.id,
                sender_id=sender_id,
                segments_per_second=rate,
                actor=request.actor,
            )
        elif sender_id is not None:
            set_sender_active(
                workspace_id=request.workspace.id,
                sender_id=sender_id,
                is_active=request.POST.get("is_active") == "true",
                actor=request.actor,
            )
        else:
            add_sender(
                workspace_id=request.workspace.id,
                gateway_id=gateway_id,
                value=request.POST.get("value", ""),
                kind=request.POST.get("kind", ""),
                country=request.POST.get("country", "").strip().upper(),
                segments_per_second=rate,
                actor=request.actor,
            )
    except FieldError as error:
        return _ask_sender_again(request, error, gateway_id)
    except TextwellError as error:
        tell(request, error)
    else:
        messages.success(request, _("Saved."))
    return redirect("web:gateways.edit", gateway_id)


def _ask_sender_again(
    request: MemberRequest, error: FieldError, gateway_id: int
) -> HttpResponseBase:
    """The fields that were sent: all of a new sender, or the rate of one."""
    back = reverse("web:gateways.edit", args=[gateway_id])
    form = SenderForm()
    names = [name for name in form.fields if name in request.POST]
    return ask_form_again(request, form, error, back=back, names=names)


def _read_rate(text: str) -> float | None:
    """None for an empty field; what is no number is refused as a rate of none."""
    text = text.strip().replace(",", ".")
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        return 0.0


@require_POST
@member_page(Permission.EDIT_GATEWAYS)
def pause(request: MemberRequest, gateway_id: int) -> HttpResponseBase:
    return _act(
        request, gateway_id, pause_gateway, _("Paused. What is in flight is finished first.")
    )


@require_POST
@member_page(Permission.EDIT_GATEWAYS)
def resume(request: MemberRequest, gateway_id: int) -> HttpResponseBase:
    return _act(request, gateway_id, resume_gateway, _("Active again."))


@require_POST
@member_page(Permission.EDIT_GATEWAYS)
def restore(request: MemberRequest, gateway_id: int) -> HttpResponseBase:
    said = _("Brought back, and paused. Resume it when it is to carry again.")
    return _act(request, gateway_id, restore_gateway, said)


def _act(
    request: MemberRequest, gateway_id: int, action: Callable[..., Gateway], said: str
) -> HttpResponseBase:
    try:
        action(workspace_id=request.workspace.id, gateway_id=gateway_id, actor=request.actor)
    except (Conflict, FieldError) as error:
        tell(request, error)
    else:
        messages.success(request, said)
    return redirect("web:gateways")


@require_POST
@member_page(Permission.EDIT_GATEWAYS)
def remove(request: MemberRequest, gateway_id: int) -> HttpResponseBase:
    """Deleted or retired, whichever it must be: the page says which."""
    try:
        outcome = remove_gateway(
            workspace_id=request.workspace.id, gateway_id=gateway_id, actor=request.actor
        )
    except Conflict as error:
        tell(request, error)
        return redirect("web:gateways.edit", gateway_id)
    if outcome is Removal.DELETED:
        messages.success(request, _("Deleted. It had never carried anything."))
    else:
        messages.success(
            request, _("Retired. Reports keep its figures, and it can be brought back.")
        )
    return redirect("web:gateways")
