"""What allauth does our way: nobody signs up, secrets are sealed, the words are ours."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from textwell.accounts.models import User
from textwell.core.seal import seal, unseal
from textwell.core.settings import load_settings

# By the template that allauth would render; what is not here needs no message.
TOLD: dict[str, Any] = {  # Any: lazy translations
    "account/messages/password_changed.txt": _("Your password is changed."),
    "account/messages/password_set.txt": _("Your password is set."),
    "mfa/messages/totp_activated.txt": _("Codes from your app are asked for from now on."),
    "mfa/messages/totp_deactivated.txt": _("Codes from an app are no longer asked for."),
    "mfa/messages/recovery_codes_generated.txt": _("There are new recovery codes."),
    "mfa/messages/webauthn_added.txt": _("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
    "socialaccount/messages/account_connected.txt": _("The sign-in is connected."),
    "socialaccount/messages/account_connected_other.txt": _(
        "That sign-in belongs to another account here."
    ),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts come by invitation alone."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """On the operator's address: a request may claim any host, and the link goes out by mail."""
        user_part, _dash, secret = key.partition("-")
        given = {"uidb36": user_part, "key": secret}
        path = reverse("account_reset_password_from_key", kwargs=given)
        return load_settings().public_url.rstrip("/") + path

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        _context: dict[str, Any] | None = None,  # Any: a template context, which ours need not
        *,
        extra_tags: str = "",
        message: str | None = None,
        **_rest: Any,
    ) -> None:
        text = message or TOLD.get(message_template or "")
        if text:
            messages.add_message(request, level, text, extra_tags=extra_tags)


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """A provider vouches for people who are here already; it makes none."""

    def is_open_for_signup(self, _request: HttpRequest, _sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Connect the person whose address the provider calls verified.

        The operator chose the provider, so its word counts; an address that it has not verified
        could be anybody's and connects nobody.
        """
        if sociallogin.is_existing:
            return
        verified = [each.email.lower() for each in sociallogin.email_addresses if each.verified]
        user = User.objects.filter(email__in=verified, is_active=True).first()
        if user is not None:
            sociallogin.connect(request, user)


class TwoFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of codes and passkeys are sealed in the database."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)
