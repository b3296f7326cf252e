"""The page behind an invitation's link."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from textwell.accounts.invitations import accept_invitation, find_invitation
from textwell.accounts.models import Invitation, User
from textwell.core.errors import FieldError, NotFound
from textwell.web.access import SESSION_WORKSPACE
from textwell.web.forms.members import JoinForm
from textwell.web.pages import put_error


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponseBase:
    invitation = find_invitation(token)
    if invitation is None:
        return render(request, "accounts/invitation_ended.html", status=410)
    known = User.objects.filter(email=invitation.email).first()
    if known is not None:
        return _known(request, invitation, known, token)
    return _stranger(request, invitation, token)


def _known(
    request: HttpRequest, invitation: Invitation, known: User, token: str
) -> HttpResponseBase:
    """Somebody with an account joins as that account, signed in."""
    is_them = request.user.is_authenticated and request.user.pk == known.pk
    if request.method == "POST" and is_them:
        return _join(request, invitation, token)
    context = {"invitation": invitation, "is_them": is_them}
    return render(request, "accounts/invitation.html", context)


def _join(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponseBase:
    try:
        accept_invitation(token=token)
    except NotFound:
        return render(request, "accounts/invitation_ended.html", status=410)
    request.session[SESSION_WORKSPACE] = invitation.workspace_id
    return redirect("web:home")


def _stranger(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponseBase:
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _make(request, form, invitation, token)
        if answer is not None:
            return answer
    context = {"invitation": invitation, "form": form}
    status = 422 if form.errors else 200
    return render(request, "accounts/invitation.html", context, status=status)


def _make(
    request: HttpRequest, form: JoinForm, invitation: Invitation, token: str
) -> HttpResponseBase | None:
    language = translation.get_language() or "en"
    try:
        user = accept_invitation(token=token, language=language, **form.cleaned_data)
    except NotFound:
        return render(request, "accounts/invitation_ended.html", status=410)
    except FieldError as error:
        put_error(form, error)
        return None
    request.session[SESSION_WORKSPACE] = invitation.workspace_id
    login = Login(user=user, redirect_url=resolve_url("web:home"))
    answer: HttpResponse = perform_password_login(request, {"email": user.email}, login)
    return answer
