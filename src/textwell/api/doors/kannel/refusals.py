"""Refusals in Kannel's words and with its status codes."""

from typing import Final

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpResponse
from pydantic import ValidationError

from textwell.api.errors import NoRoute, RateExceeded, RefusedByGate, ScopeMissing
from textwell.api.problems import RETRY_AFTER_S
from textwell.core.errors import BusUnavailable, FieldError, StoreUnavailable, TextwellError

# The words are Kannel's own and for programs: they are not translated.
NO_AUTHORITY: Final = (403, "Authorization failed for sendsms")
NO_RECEIVER: Final = (400, "Missing receiver number, rejected")
BAD_RECEIVER: Final = (400, "Garbage 'to' field, rejected.")
TOO_MANY: Final = (400, "Too many receivers, rejected")
DENIED: Final = (400, "Number(s) has/have been denied by white- and/or black-lists.")
NO_TEXT: Final = (400, "Empty text not allowed, rejected")
BAD_TEXT: Final = (400, "Charset or body misformed, rejected")
BAD_UDH: Final = (400, "UDH field misformed, rejected")
BAD_CODING: Final = (400, "Coding field misformed, rejected")
BAD_MASK: Final = (400, "DLR-Mask field misformed, rejected")
BAD_URL: Final = (400, "DLR-URL field misformed, rejected")
BAD_VALIDITY: Final = (400, "Validity field misformed, rejected")
BAD_DEFERRED: Final = (400, "Deferred field misformed, rejected")
NO_ROUTE: Final = (403, "Not routable. Do not try again.")
LATER: Final = (503, "Temporal failure, try again later.")
UNKNOWN: Final = (404, "Unknown request.")
FAILED: Final = (500, "Sending failed.")

_BY_FIELD: Final = {
    "to": BAD_RECEIVER, "region": BAD_RECEIVER, "body": BAD_TEXT, "sender": NO_ROUTE,
    "gateway_id": NO_ROUTE, "url": BAD_URL, "send_at": BAD_DEFERRED, "expires_at": BAD_VALIDITY,
}  # fmt: skip
_AWAY: Final = (BusUnavailable, StoreUnavailable, OperationalError, InterfaceError)
_UNREADABLE: Final = (DataError, BadRequest, SuspiciousOperation, RequestDataTooBig, OverflowError)


class KannelRefusal(Exception):
    def __init__(self, answer: tuple[int, str]) -> None:
        super().__init__(answer[1])
        self.answer = answer


def say(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def refuse(error: Exception) -> HttpResponse:
    """The answer to any error."""
    response = say(*read_error(error))
    if isinstance(error, RateExceeded):
        response["Retry-After"] = str(error.retry_after_s)
    elif response.status_code == LATER[0]:
        response["Retry-After"] = str(RETRY_AFTER_S)
    return response


def read_error(error: Exception) -> tuple[int, str]:
    """Status and words of an error."""
    match error:
        case KannelRefusal():
            return error.answer
        case RefusedByGate():
            return DENIED
        case NoRoute():
            return NO_ROUTE
        case FieldError():
            return _BY_FIELD.get(error.field, BAD_TEXT)
        case ValidationError():
            field = str(error.errors()[0]["loc"][0])
            return _BY_FIELD.get(field, BAD_TEXT)
        case ScopeMissing():
            return NO_AUTHORITY
        case RateExceeded():
            return LATER
        case _ if isinstance(error, _AWAY):
            return LATER
        case _ if isinstance(error, (*_UNREADABLE, TextwellError)):
            return BAD_TEXT
        case _:
            return FAILED
