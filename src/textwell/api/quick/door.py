"""The WSGI door before Django: a usual call is answered here, all others by the complete way."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from textwell.api.auth import SANDBOX
from textwell.api.border import IN_DOUBT
from textwell.api.middleware import SANDBOX_HEADER
from textwell.api.quick.ledger import Ledger
from textwell.api.quick.reading import (
    CONTENT_TYPE,
    PATH,
    Answer,
    Call,
    Environ,
    is_for_here,
    read_call,
)
from textwell.api.quick.room import Room
from textwell.api.rates import STANDING
from textwell.core.requests import REQUEST_SECONDS, REQUESTS

StartResponse = Callable[..., Any]  # Any: WSGI's own
Complete = Callable[[Environ, StartResponse], Iterable[bytes]]
Headers = list[tuple[str, str]]

MOST = 64  # calls of one transaction
LINGER_S = 0.002  # see `room`
PATIENCE_S = 10.0  # then 503; a store that hangs without closing is noticed after a minute
# Beginnings of headers that are of one answer alone; all others every answer has.
_OWN = (
    "content-encoding",
    "content-language",
    "content-length",
    "content-type",
    "idempotency-",
    "location",
    "ratelimit",
    "set-cookie",
    "textwell-sandbox",
    "vary",
)


class QuickMessages:
    """A WSGI application that answers as `complete` does; see the package.

    Which headers an answer has beside its own is learnt from the first 202 of the complete way.
    """

    def __init__(self, complete: Complete) -> None:
        self._complete = complete
        self._ledger = Ledger()
        self._room: Room[Call] = Room(
            self._ledger.decide, most=MOST, linger_s=LINGER_S, patience_s=PATIENCE_S
        )
        self._fixed: Headers = []

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not is_for_here(environ):
            return self._complete(environ, start_response)
        if not self._fixed:
            return self._complete(environ, self._learning(start_response))
        began = time.perf_counter()
        call = read_call(environ)
        if call is None:
            return self._complete(environ, start_response)
        was_in_time = self._room.do(call)
        if call.answer is None:
            if not was_in_time or (call.is_in_doubt and call.key is None):
                environ[IN_DOUBT] = True
            return self._complete(environ, start_response)
        start_response("202 Accepted", self._headers(environ, call.answer))
        REQUESTS.labels(PATH, "POST", "202").inc()
        REQUEST_SECONDS.labels(PATH).observe(time.perf_counter() - began)
        return [call.answer.content]

    def close(self) -> None:
        """Give its connection back; the next call opens one."""
        self._ledger.close()

    def _learning(self, start_response: StartResponse) -> StartResponse:
        def start(status: str, headers: Headers, *rest: Any) -> Any:  # Any: WSGI's own
            if status.startswith("202"):
                fixed = [each for each in headers if not each[0].lower().startswith(_OWN)]
                self._fixed = [*fixed, ("Vary", "Accept-Language, Cookie")]
            return start_response(status, headers, *rest)

        return start

    def _headers(self, environ: Environ, answer: Answer) -> Headers:
        standing = environ.get(STANDING)
        return [
            ("Content-Type", CONTENT_TYPE),
            ("Location", answer.location),
            ("Content-Length", str(len(answer.content))),
            ("Content-Language", _language(environ)),
            *self._fixed,
            *(standing.headers().items() if standing is not None else ()),
            *((SANDBOX_HEADER,) if environ.get(SANDBOX) else ()),
        ]


def _language(environ: Environ) -> str:
    if not environ.get("HTTP_ACCEPT_LANGUAGE"):
        return settings.LANGUAGE_CODE
    request = HttpRequest()
    request.META = environ
    return translation.get_language_from_request(request)
