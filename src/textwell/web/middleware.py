"""Who asks: the person's language and time zone, when a session was last used, who watches again."""

import re
import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from textwell.accounts.models import User
from textwell.accounts.signals import SESSION_SEEN
from textwell.core.clock import now
from textwell.core.zones import known_zones
from textwell.web.watchers import watchers

SEEN_EVERY_S = 300
LIVE_PART = re.compile(r"/campaigns/([0-9]{1,18})/live/part")


class WatcherMiddleware:
    """Knows whoever watches a campaign again, without a query; see `watchers`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = LIVE_PART.fullmatch(request.path_info)
        session_key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if asked and session_key and request.method in {"GET", "HEAD"}:
            membership = watchers.find(session_key, int(asked[1]))
            if membership is not None:
                request.user = membership.user
                request.known_membership = membership  # type: ignore[attr-defined]  # for `access`
        return self._get_response(request)


class PersonMiddleware:
    """After authentication: a person's own language and zone go before the browser's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return self._get_response(request)
        if not hasattr(request, "known_membership"):  # the session would be read for it alone
            _note_use(request)
        zone = user.zone if user.zone in known_zones() else "UTC"
        with timezone.override(zone), translation.override(user.language or "en"):
            request.LANGUAGE_CODE = translation.get_language() or "en"
            return self._get_response(request)


def _note_use(request: HttpRequest) -> None:
    """Remember that the session is used, every five minutes at most: one write."""
    moment = time.time()
    if moment - request.session.get(SESSION_SEEN, moment) < SEEN_EVERY_S:
        return
    request.session[SESSION_SEEN] = moment
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=now())
