"""How a person gets in: password, second factor, passkeys, and where they are signed in now."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.internal.flows.sessions import end_other_sessions, end_sessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from textwell.accounts.actions import audit_person
from textwell.links.agents import classify_agent
from textwell.web.access import MemberRequest, own_page

_DOORS = {"openid_connect": "openid_connect_login", "saml": "saml_login"}


@require_safe
@own_page
def page(request: MemberRequest) -> HttpResponseBase:
    found = Authenticator.objects.filter(user_id=request.user.id).order_by("id")
    kinds = {each.type: each for each in found}
    codes = kinds.get(Authenticator.Type.RECOVERY_CODES)
    context = {
        "tab": "security",
        "totp": kinds.get(Authenticator.Type.TOTP),
        "recovery_codes": codes,
        "recovery_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "passkeys": [each for each in found if each.type == Authenticator.Type.WEBAUTHN],
        "connections": SocialAccount.objects.filter(user_id=request.user.id),
        "providers": sign_in_providers(),
        "sessions": [
            (each, describe_agent(each.user_agent), each.is_current())
            for each in UserSession.objects.purge_and_list(request.user)
        ],
    }
    return render(request, "settings/security.html", context)


def sign_in_providers() -> list[tuple[str, str]]:
    """(what its button says, where it leads) of each provider of the operator's."""
    return [
        (str(app["name"]), reverse(view, args=["sso"]))
        for kind, view in _DOORS.items()
        for app in settings.SOCIALACCOUNT_PROVIDERS.get(kind, {}).get("APPS", ())
    ]


def describe_agent(user_agent: str) -> str:
    """Browser and system in words: "Firefox · Linux"."""
    verdict = classify_agent(user_agent, "GET", {})
    return " · ".join(filter(None, (verdict.browser, verdict.os))) or user_agent[:60]


@require_POST
@own_page
def end_session(request: MemberRequest, session_id: int) -> HttpResponseBase:
    """Sign one of one's own devices out."""
    session = UserSession.objects.filter(user_id=request.user.id, id=session_id).first()
    if session is None:
        raise Http404
    audit_person(user=request.user, action="account.session_ended")
    end_sessions(request, [session])
    messages.success(request, _("Signed out there."))
    return redirect("web:settings.security")


@require_POST
@own_page
def end_others(request: MemberRequest) -> HttpResponseBase:
    """Sign everything out but this."""
    end_other_sessions(request, request.user)
    audit_person(user=request.user, action="account.sessions_ended")
    messages.success(request, _("Signed out everywhere else."))
    return redirect("web:settings.security")
