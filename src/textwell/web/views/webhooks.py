"""Endpoints that are told what happens: list, make, change, test, see and send again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from textwell.accounts.types import Permission
from textwell.core.clock import now
from textwell.core.errors import FieldError, TextwellError
from textwell.core.ordering import order_rows
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.webhooks import EndpointForm
from textwell.web.pages import put_error, tell, whole_number
from textwell.web.sorting import WEBHOOKS, read_sort
from textwell.webhooks.actions import (
    create_endpoint,
    delete_endpoint,
    replay,
    resend_delivery,
    rotate_secret,
    send_test_event,
    update_endpoint,
)
from textwell.webhooks.gather import KEPT
from textwell.webhooks.models import DeliveryState, Endpoint
from textwell.webhooks.selectors import (
    access_delivery,
    access_endpoint,
    list_deliveries,
    list_endpoints,
    list_stopped,
)

PAGE_SIZE = 50
SHOWN_ONCE = "webhook_secret"  # in the session, until the page after


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.MANAGE_WEBHOOKS)
def list_page(request: MemberRequest) -> HttpResponseBase:
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = create_endpoint(
                workspace_id=request.workspace.id, actor=request.actor, **form.cleaned_data
            )
        except TextwellError as error:
            put_error(form, error)
        else:
            request.session[SHOWN_ONCE] = secret
            return redirect("web:webhooks.detail", made.id)
    shows_stopped = request.GET.get("show") == "stopped"
    find = list_stopped if shows_stopped else list_endpoints
    sort = read_sort(request, WEBHOOKS)
    context = {
        "endpoints": order_rows(find(request.workspace.id), sort),
        "sort": sort,
        "form": form,
        "shows_stopped": shows_stopped,
    }
    return render(request, "webhooks/list.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.MANAGE_WEBHOOKS)
def detail(request: MemberRequest, endpoint_id: int) -> HttpResponseBase:
    """One endpoint: its settings, its health, and each try."""
    endpoint = access_endpoint(request.workspace.id, endpoint_id)
    initial = {"name": endpoint.name, "url": endpoint.url, "kinds": endpoint.kinds}
    form = EndpointForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            update_endpoint(endpoint=endpoint, actor=request.actor, **form.cleaned_data)
        except FieldError as error:
            put_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("web:webhooks.detail", endpoint.id)
    context = {"endpoint": endpoint, "form": form, "secret": request.session.pop(SHOWN_ONCE, "")}
    context |= _deliveries(request, endpoint)
    return render(request, "webhooks/detail.html", context, status=422 if form.errors else 200)


def _deliveries(request: MemberRequest, endpoint: Endpoint) -> dict[str, Any]:
    state = request.GET.get("state", "")
    state = state if state in DeliveryState.values else ""
    before = whole_number(request.GET.get("before"))
    rows = list_deliveries(endpoint, state=state, before_id=before, limit=PAGE_SIZE + 1)
    shown = rows[:PAGE_SIZE]
    return {
        "deliveries": shown,
        "older_id": shown[-1].id if len(rows) > PAGE_SIZE else None,
        "state": state,
        "states": DeliveryState.choices,
    }


@require_POST
@member_page(Permission.MANAGE_WEBHOOKS)
def act(request: MemberRequest, endpoint_id: int, verb: str) -> HttpResponseBase:
    """test, secret, stop, start, replay, delete: each by its button."""
    endpoint = access_endpoint(request.workspace.id, endpoint_id)
    run = _VERBS.get(verb)
    try:
        if run is not None:
            run(request, endpoint)
    except TextwellError as error:
        tell(request, error)
    if verb == "delete":
        return redirect("web:webhooks")
    return redirect("web:webhooks.detail", endpoint.id)


def _test(request: MemberRequest, endpoint: Endpoint) -> None:
    send_test_event(endpoint=endpoint, actor=request.actor)
    messages.success(request, _("A test event is on its way. It appears below."))


def _renew(request: MemberRequest, endpoint: Endpoint) -> None:
    request.session[SHOWN_ONCE] = rotate_secret(endpoint=endpoint, actor=request.actor)


def _stop(request: MemberRequest, endpoint: Endpoint) -> None:
    update_endpoint(endpoint=endpoint, actor=request.actor, is_active=False)


def _start(request: MemberRequest, endpoint: Endpoint) -> None:
    update_endpoint(endpoint=endpoint, actor=request.actor, is_active=True)


def _replay(request: MemberRequest, endpoint: Endpoint) -> None:
    count = replay(endpoint=endpoint, since=now() - KEPT, actor=request.actor)
    text = ngettext("%(count)d event is told again.", "%(count)d events are told again.", count)
    messages.success(request, text % {"count": count})


def _delete(request: MemberRequest, endpoint: Endpoint) -> None:
    delete_endpoint(endpoint=endpoint, actor=request.actor)
    messages.success(request, _("Deleted."))


_VERBS = {
    "test": _test,
    "secret": _renew,
    "stop": _stop,
    "start": _start,
    "replay": _replay,
    "delete": _delete,
}


@require_POST
@member_page(Permission.MANAGE_WEBHOOKS)
def resend(request: MemberRequest, endpoint_id: int, delivery_id: int) -> HttpResponseBase:
    endpoint = access_endpoint(request.workspace.id, endpoint_id)
    resend_delivery(delivery=access_delivery(endpoint, delivery_id), actor=request.actor)
    messages.success(request, _("It is tried again now."))
    return redirect("web:webhooks.detail", endpoint.id)
