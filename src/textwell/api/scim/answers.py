"""Answers in SCIM's form, refusals too (RFC 7644, section 3.12)."""

from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from pydantic import ValidationError
from scim2_models import Context, Error, Resource, ResponseParameters, SCIMException

from textwell.accounts.directory.errors import NameTaken
from textwell.core.errors import Conflict, FieldError, NotFound, StoreUnavailable, TextwellError

MEDIA_TYPE = "application/scim+json"
RETRY_AFTER_S = 5


class WrongMethod(TextwellError):
    """The path takes other methods: `allowed`, with commas."""

    def __init__(self, allowed: str) -> None:
        super().__init__(_("Use one of: %(known)s.") % {"known": allowed})
        self.allowed = allowed


class Unauthorized(TextwellError):
    """No token, or one that is wrong or revoked."""


def answer(content: dict[str, Any], status: int = 200) -> HttpResponse:
    """A JSON document with SCIM's own media type."""
    return HttpResponse(orjson.dumps(content), status=status, content_type=MEDIA_TYPE)


def show(
    request: HttpRequest, resource: Resource[Any], context: Context, status: int = 200
) -> HttpResponse:
    """A resource with its own address, and only the attributes that were asked for.

    Raises:
        ValidationError: the attributes asked for cannot be read.
    """
    asked = ResponseParameters[type(resource)].model_validate(read_query(request))  # type: ignore[misc]  # the class is known at run time alone
    content = resource.model_dump(scim_ctx=context, response_parameters=asked)
    response = answer(content, status)
    if resource.meta is not None and resource.meta.location:
        response["Location"] = str(resource.meta.location)
    return response


def read_query(request: HttpRequest) -> dict[str, str]:
    """Parameters with something in them."""
    return {name: str(value) for name, value in request.GET.items() if value}


def refuse(error: Exception) -> HttpResponse:
    """What went wrong, in SCIM's words and ours; 500 is for what nobody foresaw."""
    match error:
        case SCIMException():
            return _refusal(error.status or 400, error.detail, error.scim_type)
        case ValidationError():
            return _invalid(error)
        case FieldError():
            return _refusal(400, str(error), "invalidValue")
        case NameTaken():
            return _refusal(409, str(error), "uniqueness")
        case IntegrityError():
            return _refusal(409, _("Another change of the same moment was first."), "uniqueness")
        case Conflict():
            return _refusal(409, str(error))
        case NotFound():
            return _refusal(404, str(error))
        case _:
            return _refuse_request(error)


def _refuse_request(error: Exception) -> HttpResponse:
    match error:
        case Unauthorized():
            response = _refusal(401, str(error))
            response["WWW-Authenticate"] = 'Bearer realm="textwell"'
        case WrongMethod():
            response = _refusal(405, str(error))
            response["Allow"] = error.allowed
        case orjson.JSONDecodeError():
            response = _refusal(400, _("The body is no valid JSON."), "invalidSyntax")
        case RecursionError():
            response = _refusal(400, _("It is nested too deeply."), "invalidSyntax")
        case DataError() | ValueError():
            response = _refusal(400, _("A value cannot be stored."), "invalidValue")
        case RequestDataTooBig():
            response = _refusal(413, _("The request is too large."))
        case StoreUnavailable() | OperationalError() | InterfaceError():
            response = _refusal(503, _("The database cannot be reached just now."))
            response["Retry-After"] = str(RETRY_AFTER_S)
        case _:
            response = _refusal(
                HTTPStatus.INTERNAL_SERVER_ERROR, _("Something failed on our side.")
            )
    return response


def _invalid(error: ValidationError) -> HttpResponse:
    found = Error.from_validation_errors(error)
    detail = "; ".join(str(each.detail) for each in found[:3])
    return _refusal(found[0].status or 400, detail, found[0].scim_type)


def _refusal(status: int, detail: str, scim_type: str | None = None) -> HttpResponse:
    body = Error(status=status, detail=detail, scim_type=scim_type)
    return answer(body.model_dump(), status)
