"""Sign-in by SAML 2.0: allauth's views at the operator's address, each assertion once.

allauth builds the addresses that a provider must name from the request. Behind a proxy with TLS that
would be the wrong one, and a request may claim any host, so they are made of the public address.
python3-saml is an extra and imported where it is used: without it the settings name no provider.
"""

import base64
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn
from urllib.parse import urlencode, urlsplit

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount import app_settings
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from textwell.accounts.assertions import claim_assertion
from textwell.core.settings import load_settings

View = Callable[..., HttpResponseBase]

# Real answers have 5 to 20 KB, with many groups 100. Anybody may post here, and it is kept.
MOST_POSTED = 256 * 1024
# We give the provider no key to encrypt with: whatever it encrypted is for somebody else.
ENCRYPTED = frozenset({"EncryptedAssertion", "EncryptedID", "EncryptedAttribute", "EncryptedData"})
YES = frozenset({"true", "1", "t", "y", "yes"})


def _at_public_address(view: View) -> View:
    @wraps(view)
    def placed(request: HttpRequest, organization_slug: str) -> HttpResponseBase:
        if "saml" not in settings.SOCIALACCOUNT_PROVIDERS:
            raise Http404
        parts = urlsplit(load_settings().public_url)
        request.META["HTTP_HOST"] = parts.netloc
        request.META["wsgi.url_scheme"] = parts.scheme
        return view(request, organization_slug)

    return placed


class OnceProvider(SAMLProvider):  # type: ignore[misc]  # allauth has no types
    """Takes an assertion once, also from another browser, of somebody whom the provider names."""

    def sociallogin_from_response(self, request: HttpRequest, response: Any) -> SocialLogin:
        """`response`: python3-saml's, which has found it signed, in time and meant for us.

        Raises:
            ImmediateHttpResponse: the page that says that it did not work.
        """
        uid = self.extract_uid(response)
        if not isinstance(uid, str) or not 0 < len(uid) <= app_settings.UID_MAX_LENGTH:
            self._refuse(request)
        is_first = claim_assertion(
            issuer=self.app.provider_id,
            assertion_id=response.get_last_assertion_id(),
            ends_at_s=response.get_last_assertion_not_on_or_after(),
        )
        if not is_first:
            self._refuse(request)
        return super().sociallogin_from_response(request, response)

    def extract_common_fields(self, data: Any) -> dict[str, Any]:  # Any: python3-saml's, a form's
        """With `email_verified`: true unless the provider says that it has not checked the address.

        Most say nothing of it: what they sign is then what the company has written down.
        """
        fields: dict[str, Any] = super().extract_common_fields(data)
        given = data.get_attributes()
        names = self.app.settings["attribute_mapping"]["email_verified"]
        said = [value for name in names if name in given for value in given[name] or [""]]
        fields["email_verified"] = all(str(value).strip().lower() in YES for value in said)
        return fields

    def unstash_redirect_state(self, request: HttpRequest, state_id: str) -> dict[str, Any]:
        """What was kept when this browser was sent to the provider.

        Raises:
            ImmediateHttpResponse: the page that says that it was too long ago, or elsewhere.
        """
        try:
            kept: dict[str, Any] = super().unstash_redirect_state(request, state_id)
        except PermissionDenied:
            self._refuse(request, is_lost=True)
        return kept

    def _refuse(self, request: HttpRequest, *, is_lost: bool = False) -> NoReturn:
        told = {"is_lost": is_lost}
        raise ImmediateHttpResponse(render_authentication_error(request, self, extra_context=told))


@require_safe
@_at_public_address
def login(request: HttpRequest, organization_slug: str) -> HttpResponseBase:
    """To the provider, which sends the person back to `take`."""
    from allauth.socialaccount.providers.saml import views

    answer: HttpResponseBase = views.login(request, organization_slug=organization_slug)
    return answer


@csrf_exempt
@require_POST
@_at_public_address
def take(request: HttpRequest, organization_slug: str) -> HttpResponseBase:
    """What the provider posts: kept, and read by `finish`, which has the person's session."""
    from allauth.socialaccount.providers.saml import views

    given = request.POST.get("SAMLResponse", "")
    refused: HttpResponseBase | None = None
    root = None if _posted_length(request.POST) > MOST_POSTED else _read(given)
    if root is None:
        refused = render_authentication_error(request, "saml")
    elif any(each.tag.rpartition("}")[2] in ENCRYPTED for each in root.iter()):
        refused = render_authentication_error(request, "saml", extra_context={"is_encrypted": True})
    if refused is not None:
        return refused
    request.POST = QueryDict(urlencode({"SAMLResponse": given}))
    answer: HttpResponseBase = views.acs(request, organization_slug=organization_slug)
    return answer


def _posted_length(posted: QueryDict) -> int:
    """In characters, of all names and values."""
    return sum(len(name) + sum(map(len, values)) for name, values in posted.lists())


def _read(given: str) -> Any:  # Any: lxml has no types
    """The XML in base64, as safely as it is read afterwards: without a DTD and entities; or None."""
    from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

    try:
        return OneLogin_Saml2_XML.to_etree(base64.b64decode(given))
    except (SyntaxError, ValueError):  # lxml's, base64's, and of what is forbidden
        return None


@require_safe
@_at_public_address
def finish(request: HttpRequest, organization_slug: str) -> HttpResponseBase:
    from allauth.socialaccount.providers.saml import views
    from onelogin.saml2.errors import OneLogin_Saml2_ValidationError

    class Finish(views.FinishACSView):  # type: ignore[misc]  # allauth has no types
        def get_provider(self, organization_slug: str) -> OnceProvider:
            return OnceProvider(self.request, app=self.get_app(organization_slug))

    answer: HttpResponseBase
    try:
        answer = Finish.as_view()(request, organization_slug=organization_slug)
    except OneLogin_Saml2_ValidationError:
        # Signed, but it names somebody in a way that is not ours.
        answer = render_authentication_error(request, "saml")
    return answer


@require_safe
@_at_public_address
def metadata(request: HttpRequest, organization_slug: str) -> HttpResponseBase:
    """What the provider wants to know of us; without a sign-out there, which we do not take."""
    from allauth.socialaccount.providers.saml.utils import build_saml_config, get_app_or_404
    from onelogin.saml2.settings import OneLogin_Saml2_Settings

    app = get_app_or_404(request, organization_slug)
    config = build_saml_config(request, app.settings, organization_slug)
    del config["sp"]["singleLogoutService"]
    told = OneLogin_Saml2_Settings(settings=config, sp_validation_only=True).get_sp_metadata()
    return HttpResponse(told, content_type="application/samlmetadata+xml")


def no_sign_out(_request: HttpRequest, organization_slug: str) -> HttpResponseBase:  # noqa: ARG001 - the path's
    """The name that allauth looks up. A sign-out by whoever sends a link is none that we take."""
    raise Http404
