"""What all doors share: credentials, the border around a view, what cannot be stored."""

import base64
import binascii
from collections.abc import Callable, Iterable
from functools import wraps
from http import HTTPStatus
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger()

NULL = "\x00"
View = Callable[..., HttpResponse]
Refuse = Callable[[Exception], HttpResponse]


def guard_door(refuse: Refuse) -> Callable[[View], View]:
    """Wrap a view: whatever it raises becomes an answer in the vendor's form, faults too."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kw: Any) -> HttpResponse:
            try:
                return view(request, *args, **kw)
            except Exception as error:  # noqa: BLE001 - the border: every error has an answer
                return _answer(request, error, refuse)

        guarded.csrf_exempt = True  # type: ignore[attr-defined]  # programs have no cookie
        return guarded

    return wrap


def _answer(request: HttpRequest, error: Exception, refuse: Refuse) -> HttpResponse:
    response = refuse(error)
    if response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("fault in a door", path=request.path, exc_info=error)
    return response


def read_basic(request: HttpRequest) -> tuple[str, str] | None:
    """User and password of HTTP Basic (RFC 7617); None if there is none or it cannot be read."""
    kind, _space, given = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        text = base64.b64decode(given.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    user, colon, password = text.partition(":")
    return (user, password) if colon else None


def find_null(fields: Iterable[tuple[str, list[Any]]]) -> str | None:
    """The name of the first form field with a null character, which no text can hold."""
    found = (name for name, values in fields if NULL in name or NULL in "".join(map(str, values)))
    return next(found, None)
