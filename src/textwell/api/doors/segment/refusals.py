"""Refusals as Segment's libraries read them: a code and a message."""

from typing import Final

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from textwell.api.errors import RateExceeded, ScopeMissing
from textwell.api.problems import RETRY_AFTER_S
from textwell.core.errors import BusUnavailable, Conflict, StoreUnavailable

# Libraries send the same again on these, and not on 4xx.
_AGAIN: Final = (BusUnavailable, StoreUnavailable, OperationalError, InterfaceError, Conflict)
_UNREADABLE: Final = (DataError, BadRequest, SuspiciousOperation, RecursionError, OverflowError)


class SegmentRefusal(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def refuse(error: Exception) -> HttpResponse:
    """The answer to any error."""
    found = _read(error)
    content = {"success": False, "code": found.code, "message": found.message}
    response = JsonResponse(content, status=found.status)
    if isinstance(error, RateExceeded):
        response["Retry-After"] = str(error.retry_after_s)
    elif isinstance(error, _AGAIN):
        response["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _read(error: Exception) -> SegmentRefusal:
    match error:
        case SegmentRefusal():
            return error
        case ScopeMissing():
            return SegmentRefusal(403, "forbidden", str(error))
        case RateExceeded():
            return SegmentRefusal(429, "rate_limited", str(error))
        case RequestDataTooBig():
            return too_large()
        case _ if isinstance(error, _AGAIN):
            message = _("A store cannot be reached now. Send the same again.")
            return SegmentRefusal(503, "unavailable", message)
        case _ if isinstance(error, _UNREADABLE):
            return SegmentRefusal(400, "invalid", _("A value cannot be read or stored."))
        case _:
            message = _("Something failed on our side. The fault was logged.")
            return SegmentRefusal(500, "fault", message)


def too_large() -> SegmentRefusal:
    message = _("The batch has more than 500 KB. Send fewer at once.")
    return SegmentRefusal(413, "too_large", message)
