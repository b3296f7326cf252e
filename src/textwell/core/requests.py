"""Counts and times the requests of pages and API. First in the list of middleware."""

import time
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from textwell.core.metrics import counter, histogram

# Below these only programs call; whoever answers there has a border of its own.
PROGRAM_PATHS: Final = ("/api/", "/2010-04-01/", "/cgi-bin/", "/segment/", "/scim/")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REQUESTS = counter(
    "requests",
    "Requests of pages and API, by the pattern of their path, so that no number stands here.",
    ["view", "method", "status"],
)
REQUEST_SECONDS = histogram(
    "request_seconds",
    "Time until the answer is ready.",
    ["view"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)


class MeasureRequests:
    """Also what other middleware answers by itself, and what fails: Django makes a 500 of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self._get_response(request)
        view = _view_of(request)
        method = request.method if request.method in _METHODS else "other"
        REQUESTS.labels(view, method, str(response.status_code)).inc()
        REQUEST_SECONDS.labels(view).observe(time.perf_counter() - began)
        return response


def _view_of(request: HttpRequest) -> str:
    """The pattern that the path matched; few, however many paths are asked for."""
    if request.resolver_match is not None:
        return f"/{request.resolver_match.route}"
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"
