"""Refusals as Twilio's clients read them: its number, a sentence with what mends it, its status."""

from typing import Final

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from pydantic import ValidationError

from textwell.api.errors import NoRoute, RateExceeded, RefusedByGate, ScopeMissing, StillRunning
from textwell.api.problems import RETRY_AFTER_S
from textwell.api.words import read_errors
from textwell.core.db import may_be_committed
from textwell.core.errors import (
    BusUnavailable,
    Conflict,
    FieldError,
    NotFound,
    StoreUnavailable,
    TextwellError,
)
from textwell.webhooks.bodies import twilio_error

# Twilio's error dictionary; the status is what its API answers with.
AUTHENTICATE: Final = 20003
METHOD: Final = 20004
DENIED: Final = 20006
INVALID: Final = 20001
NOT_FOUND: Final = 20404
CONFLICT: Final = 20409
TOO_MANY: Final = 20429
FAULT: Final = 20500
UNAVAILABLE: Final = 20503
NO_BODY: Final = 21602
NO_FROM: Final = 21603
NO_TO: Final = 21604
BAD_FROM: Final = 21606
BAD_CALLBACK: Final = 21609
OPTED_OUT: Final = 21610
TOO_LONG: Final = 21617
BAD_MEDIA: Final = 21620
BAD_TO: Final = 21211
NO_REGION: Final = 21408
NO_SERVICE: Final = 21701
EMPTY_SERVICE: Final = 21703
NO_SEND_AT: Final = 35111
BAD_SEND_AT: Final = 35114
BAD_UPDATE: Final = 30400
NOT_CANCELABLE: Final = 30409
RATE_OF_TEXTS: Final = 14107

# A value beyond what a column or a time can hold, a form that is none.
UNREADABLE: Final = (
    DataError,
    BadRequest,
    SuspiciousOperation,
    MultiPartParserError,
    OverflowError,
)

_STATUS: Final = {
    AUTHENTICATE: 401, METHOD: 405, DENIED: 403, NOT_FOUND: 404, CONFLICT: 409, TOO_MANY: 429,
    FAULT: 500, UNAVAILABLE: 503, NO_REGION: 403, NOT_CANCELABLE: 409,
}  # fmt: skip
_BY_FIELD: Final = {
    "to": BAD_TO, "region": BAD_TO, "body": TOO_LONG, "sender": BAD_FROM, "gateway_id": NO_SERVICE,
    "url": BAD_CALLBACK, "send_at": BAD_SEND_AT,
}  # fmt: skip
_NO_ROUTE: Final = {"sender": BAD_FROM, "gateway_id": NO_REGION}


class TwilioRefusal(Exception):
    def __init__(self, code: int, message: str, retry_after_s: int = 0) -> None:
        super().__init__(message)
        self.code, self.message, self.retry_after_s = code, message, retry_after_s


def refuse(error: Exception) -> HttpResponse:
    """The answer to any error."""
    found = _read(error)
    status = _STATUS.get(found.code, 400)
    response = JsonResponse(
        {
            "code": found.code,
            "message": found.message,
            "more_info": f"https://www.twilio.com/docs/errors/{found.code}",
            "status": status,
        },
        status=status,
    )
    if found.code == AUTHENTICATE:
        response["WWW-Authenticate"] = 'Basic realm="textwell"'
    if found.retry_after_s:
        response["Retry-After"] = str(found.retry_after_s)
    return response


def _read(error: Exception) -> TwilioRefusal:
    match error:
        case TwilioRefusal():
            return error
        case NoRoute():
            return TwilioRefusal(_NO_ROUTE.get(error.field, NO_REGION), _sentence(error))
        case FieldError():
            return TwilioRefusal(_BY_FIELD.get(error.field, INVALID), _sentence(error))
        case ValidationError():
            return _invalid(error)
        case RefusedByGate():
            return _gated(error)
        case ScopeMissing():
            return TwilioRefusal(DENIED, str(error))
        case NotFound():
            return TwilioRefusal(NOT_FOUND, _("There is no such thing."))
        case RateExceeded():
            return TwilioRefusal(TOO_MANY, str(error), error.retry_after_s)
        case Conflict():
            wait = 1 if isinstance(error, StillRunning) else 0
            return TwilioRefusal(CONFLICT, str(error), wait)
        case _:
            return _outside(error)


def _outside(error: Exception) -> TwilioRefusal:
    """What stores and the reading of a request say."""
    if isinstance(error, BusUnavailable | StoreUnavailable | OperationalError | InterfaceError):
        message = _("A store cannot be reached now. Nothing was recorded.")
        if may_be_committed(error):
            message = _(
                "A store cannot be reached now. It is not known whether this was recorded: look for it before"
                " you send it again."
            )
        return TwilioRefusal(UNAVAILABLE, message, RETRY_AFTER_S)
    if isinstance(error, RequestDataTooBig):
        return TwilioRefusal(INVALID, _("The request is too large."))
    if isinstance(error, UNREADABLE):
        return TwilioRefusal(INVALID, _("A value cannot be read or stored."))
    if isinstance(error, TextwellError):
        return TwilioRefusal(INVALID, str(error))
    return TwilioRefusal(FAULT, _("Something failed on our side. The fault was logged."))


def _sentence(error: FieldError) -> str:
    return str(error)


def _invalid(error: ValidationError) -> TwilioRefusal:
    """What the schema of a message refused; its first field decides."""
    first = read_errors(
        [{**each, "loc": ("body", "new", *each["loc"])} for each in error.errors()]
    )[0]
    sentence = f"{first['field']}: {first['problem']}. {first['mend']}"
    return TwilioRefusal(_BY_FIELD.get(first["field"], INVALID), sentence)


def _gated(error: RefusedByGate) -> TwilioRefusal:
    reason = error.decision.reason
    code = RATE_OF_TEXTS if reason == "frequency_cap" else twilio_error(reason)
    return TwilioRefusal(code, f"{error} {error.mend}".strip())
