"""In and out."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib.auth import authenticate, logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from textwell.accounts.errors import TooManySignIns
from textwell.accounts.setup import is_setup_needed
from textwell.accounts.throttle import check_sign_in, note_right_password, note_wrong_password
from textwell.web.forms.sign_in import SignInForm
from textwell.web.views.security import sign_in_providers


def _safe_next(request: HttpRequest) -> str:
    """Where to go afterwards: only addresses of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    # A word without a slash would be taken for the name of a view.
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return resolve_url("web:home")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    if request.user.is_authenticated:
        return redirect(_safe_next(request))
    if is_setup_needed():
        return redirect("welcome")
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _try(request, form)
        if answer is not None:
            return answer
    status = 429 if form.has_error("__all__", "throttled") else 200
    context = {
        "form": form,
        "next": _safe_next(request),
        "providers": sign_in_providers(),
    }
    return render(request, "accounts/sign_in.html", context, status=status)


def _try(request: HttpRequest, form: SignInForm) -> HttpResponse | None:
    """Signed in: the answer. Otherwise None, and the form says why."""
    email, password = form.cleaned_data["email"], form.cleaned_data["password"]
    ip = request.META.get("REMOTE_ADDR", "")
    try:
        check_sign_in(email=email, ip=ip)
    except TooManySignIns as error:
        problem = ngettext(
            "Too many attempts. Try again in %(seconds)d second.",
            "Too many attempts. Try again in %(seconds)d seconds.",
            error.retry_after_s,
        ) % {"seconds": error.retry_after_s}
        form.add_error(None, ValidationError(problem, code="throttled"))
        return None
    user = authenticate(request, username=email.lower(), password=password)
    if user is None:
        note_wrong_password(email=email, ip=ip)
        problem = _("The e-mail address or the password is wrong.")
        form.add_error(None, ValidationError(problem, code="wrong"))
        return None
    note_right_password(email=email, ip=ip)
    # Asks for the second factor where the person has one, and only then signs in.
    login = Login(user=user, redirect_url=_safe_next(request))
    answer: HttpResponse = perform_password_login(request, {"email": user.email}, login)
    return answer


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    logout(request)
    return redirect("web:sign_in")
