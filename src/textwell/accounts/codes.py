"""Codes of an app count once (RFC 6238, 5.2), for as long as they would be right.

allauth remembers a used code for one period; with a tolerance of one period each way it is right for
three.
"""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

PERIOD_S = 30  # allauth's, and what every app shows


class _OnceMixin(BaseAuthenticateForm):  # type: ignore[misc]  # allauth has no types
    def clean_code(self) -> str:
        code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP and not self._is_first_use(code):
            raise get_adapter().validation_error("incorrect_code")
        return code

    def _is_first_use(self, code: str) -> bool:
        digits = "".join(filter(str.isdigit, code))
        key = salted_hmac("textwell.accounts.codes", f"{self.user.pk}:{digits}").hexdigest()
        right_for_s = PERIOD_S * (1 + 2 * settings.MFA_TOTP_TOLERANCE)
        return cache.add(f"code-used:{key}", 1, timeout=right_for_s)


class SignInCodeForm(_OnceMixin, AuthenticateForm):  # type: ignore[misc]
    """The code that is asked for after the password."""


class ConfirmCodeForm(_OnceMixin, ReauthenticateForm):  # type: ignore[misc]
    """The code by which a person confirms who they are, signed in already."""
