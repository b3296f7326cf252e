"""The language and the time zone of the signed-in person, for every page."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from textwell.accounts.models import User


class PersonMiddleware:
    """After authentication: a person's own language and zone go before the browser's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return self._get_response(request)
        zone = user.zone if user.zone in zoneinfo.available_timezones() else "UTC"
        with timezone.override(zone), translation.override(user.language or "en"):
            request.LANGUAGE_CODE = translation.get_language() or "en"
            return self._get_response(request)
