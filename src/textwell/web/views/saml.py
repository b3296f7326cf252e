"""Sign-in by SAML 2.0: allauth's views at the operator's address, each assertion once.

allauth builds the addresses that a provider must name from the request. Behind a proxy with TLS that
would be the wrong one, and a request may claim any host, so they are made of the public address.
python3-saml is an extra and imported where it is used: without it the settings name no provider.
"""

import base64
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from textwell.accounts.assertions import claim_assertion
from textwell.core.settings import load_settings

View = Callable[..., HttpResponseBase]


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
    """Refuses an assertion that was shown before, also from another browser."""

    def sociallogin_from_response(self, request: HttpRequest, response: Any) -> SocialLogin:
        """`response`: python3-saml's, which has found it signed, in time and meant for us.

        Raises:
            ImmediateHttpResponse: the page that says that it did not work.
        """
        is_first = claim_assertion(
            issuer=self.app.provider_id,
            assertion_id=response.get_last_assertion_id(),
            ends_at_s=response.get_last_assertion_not_on_or_after(),
        )
        if not is_first:
            raise ImmediateHttpResponse(render_authentication_error(request, self))
        return super().sociallogin_from_response(request, response)


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

    if not _can_be_read(request.POST.get("SAMLResponse", "")):
        refused: HttpResponseBase = render_authentication_error(request, "saml")
        return refused
    answer: HttpResponseBase = views.acs(request, organization_slug=organization_slug)
    return answer


def _can_be_read(given: str) -> bool:
    """True for XML in base64, as safely as it is read afterwards: without a DTD and entities."""
    from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

    try:
        OneLogin_Saml2_XML.to_etree(base64.b64decode(given))
    except (SyntaxError, ValueError):  # lxml's, base64's, and of what is forbidden
        return False
    return True


@require_safe
@_at_public_address
def finish(request: HttpRequest, organization_slug: str) -> HttpResponseBase:
    from allauth.socialaccount.providers.saml import views

    class Finish(views.FinishACSView):  # type: ignore[misc]  # allauth has no types
        def get_provider(self, organization_slug: str) -> OnceProvider:
            return OnceProvider(self.request, app=self.get_app(organization_slug))

    answer: HttpResponseBase = Finish.as_view()(request, organization_slug=organization_slug)
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
