"""The first page of a new installation; afterwards it does not exist."""

import ipaddress

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from textwell.accounts.errors import TooManySignIns
from textwell.accounts.setup import is_setup_code, is_setup_needed, set_up
from textwell.accounts.throttle import check_sign_in, note_wrong_password
from textwell.accounts.workspaces import set_small_business
from textwell.core.errors import Conflict, FieldError
from textwell.gateways.first import add_first_gateway
from textwell.web.forms.workspace import SetupForm, guess_brand
from textwell.web.pages import put_error

THROTTLED_AS = "set-up code"
# A proxy on this machine makes every visitor look local: it names itself in one of these.
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")


def is_from_here(request: HttpRequest) -> bool:
    """True only for a browser on this machine that asked for it by a name of this machine."""
    if any(name in request.headers for name in FORWARDED):
        return False
    host = request.get_host().rsplit(":", 1)[0].strip("[]")
    return _is_loopback(request.META.get("REMOTE_ADDR", "")) and (
        host == "localhost" or _is_loopback(host)
    )


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponseBase:
    if not is_setup_needed():
        raise Http404
    needs_code = not is_from_here(request)
    form = SetupForm(request.POST or None, initial=guess_brand(request), needs_code=needs_code)
    if form.is_valid() and _knows_code(request, form):
        answer = _try(request, form)
        if answer is not None:
            return answer
    return render(
        request, "accounts/welcome.html", {"form": form}, status=422 if form.errors else 200
    )


def _knows_code(request: HttpRequest, form: SetupForm) -> bool:
    if "code" not in form.fields:
        return True
    ip = request.META.get("REMOTE_ADDR", "")
    try:
        check_sign_in(email=THROTTLED_AS, ip=ip)
    except TooManySignIns as error:
        told = _("Too many attempts. Try again in %(seconds)d seconds.")
        form.add_error("code", told % {"seconds": error.retry_after_s})
        return False
    if is_setup_code(form.cleaned_data["code"]):
        return True
    note_wrong_password(email=THROTTLED_AS, ip=ip)
    form.add_error("code", _("This is not the code. Look where Textwell was started."))
    return False


def _try(request: HttpRequest, form: SetupForm) -> HttpResponse | None:
    """The owner is in: the answer. Otherwise None, and the form says why."""
    values = {n: v for n, v in form.cleaned_data.items() if n not in {"code", "is_small"}}
    try:
        with transaction.atomic():
            user = set_up(**values)
            first = user.memberships.get().workspace
            add_first_gateway(workspace=first, actor=f"user:{user.id}")
            if form.cleaned_data["is_small"]:
                actor = f"user:{user.id}"
                set_small_business(workspace=first, actor=actor, is_small=True, review_url="")
    except Conflict as error:
        raise Http404 from error
    except FieldError as error:
        put_error(form, error)
        return None
    login = Login(user=user, redirect_url=resolve_url("web:home"))
    answer: HttpResponse = perform_password_login(request, {"email": user.email}, login)
    return answer
