"""The language and the time zone of the signed-in person, and when a session was last used."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from textwell.accounts.models import User
from textwell.accounts.signals import SESSION_SEEN
from textwell.core.clock import now
from textwell.core.zones import known_zones

SEEN_EVERY_S = 300


class PersonMiddleware:
    """After authentication: a person's own language and zone go before the browser's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return self._get_response(request)
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
