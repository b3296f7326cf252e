"""Every refusal as problem+json (RFC 9457): what is wrong, in which field, and what mends it."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
import structlog
from django.conf import settings
from django.core.exceptions import ValidationError as UncleanModel
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as BadInput

from textwell.api.errors import KeyReused, RefusedByGate, ScopeMissing, StillRunning
from textwell.core.errors import (
    BusUnavailable,
    Conflict,
    FieldError,
    Forbidden,
    NotFound,
    StoreUnavailable,
    TextwellError,
)

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
TYPE_PREFIX = "urn:textwell:problem:"


def make_problem(
    *,
    status: int,
    kind: str,
    title: str,
    detail: str = "",
    headers: Mapping[str, str] | None = None,
    **members: Any,  # Any: JSON values beside the standard members
) -> HttpResponse:
    """One problem document. `kind` is stable, for programs; titles and details are for people."""
    content = {"type": TYPE_PREFIX + kind, "title": title, "status": status, "detail": detail}
    body = orjson.dumps({**content, **members}, default=str)
    response = HttpResponse(body, status=status, content_type=MEDIA_TYPE)
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def invalid(errors: list[dict[str, str]]) -> HttpResponse:
    """422 with one entry for each field that cannot be used."""
    detail = "; ".join(f"{each['field']}: {each['problem']}" for each in errors[:3])
    return make_problem(
        status=422,
        kind="invalid",
        title=_("Something given cannot be used."),
        detail=detail,
        errors=errors,
    )


def _field_error(_request: HttpRequest, error: FieldError) -> HttpResponse:
    return invalid([{"field": error.field, "problem": error.problem, "mend": error.mend}])


# pydantic's kinds of error, in words that name the mend; others keep pydantic's own message.
def _mends() -> dict[str, str]:
    return {
        "missing": _("Give this field."),
        "extra_forbidden": _("Leave it out, or correct its name."),
        "int_parsing": _("Give a whole number."),
        "int_type": _("Give a whole number."),
        "bool_parsing": _("Give true or false."),
        "string_type": _("Give a text in quotes."),
        "string_too_short": _("Write more."),
        "string_too_long": _("Write less."),
        "list_type": _("Give a list in brackets."),
        "too_long": _("Give fewer at once and call again for the rest."),
        "too_short": _("Give at least one."),
        "datetime_from_date_parsing": _("Write it like 2026-11-24T09:00:00Z."),
        "datetime_parsing": _("Write it like 2026-11-24T09:00:00Z."),
        "timezone_aware": _("Add the offset, such as Z or +07:00."),
    }


def _bad_input(_request: HttpRequest, error: BadInput) -> HttpResponse:
    mends = _mends()
    errors = []
    for each in error.errors:
        # The first parts are where it was looked for and, for a body, the name of our parameter.
        source, *path = (str(part) for part in each["loc"])
        name = ".".join(path[1:] if source == "body" else path)
        mend = mends.get(each["type"], "")
        errors.append({"field": name or "body", "problem": str(each["msg"]), "mend": mend})
    return invalid(errors)


def _unauthenticated(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    return make_problem(
        status=401,
        kind="unauthenticated",
        title=_("A valid API key is needed."),
        detail=_("Send the header Authorization: Bearer tw_… with a key that is not revoked."),
        headers={"WWW-Authenticate": 'Bearer realm="textwell"'},
    )


def _http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    kind = "malformed" if error.status_code == 400 else "refused"  # noqa: PLR2004 - HTTP's own number
    title = _("The request cannot be read.") if kind == "malformed" else str(error)
    return make_problem(status=error.status_code, kind=kind, title=title, detail=str(error))


def _unclean(_request: HttpRequest, error: UncleanModel) -> HttpResponse:
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return invalid(
        [
            {"field": field, "problem": " ".join(problems), "mend": ""}
            for field, problems in by_field.items()
        ]
    )


def _not_found(_request: HttpRequest, error: Exception) -> HttpResponse:
    return make_problem(
        status=404, kind="not_found", title=_("There is no such thing."), detail=str(error)
    )


def _forbidden(_request: HttpRequest, error: Forbidden) -> HttpResponse:
    members: dict[str, Any] = {"scope": error.scope} if isinstance(error, ScopeMissing) else {}
    title = _("This is not allowed.")
    return make_problem(status=403, kind="forbidden", title=title, detail=str(error), **members)


def conflict_problem(_request: HttpRequest, error: Conflict) -> HttpResponse:
    """409, with the wait where the first request still runs."""
    kind, headers = "conflict", {}
    if isinstance(error, KeyReused):
        kind = "idempotency_key_reused"
    elif isinstance(error, StillRunning):
        kind, headers = "still_running", {"Retry-After": "1"}
    title = _("The present state does not allow this.")
    return make_problem(status=409, kind=kind, title=title, detail=str(error), headers=headers)


def _refused(_request: HttpRequest, error: RefusedByGate) -> HttpResponse:
    return make_problem(
        status=422,
        kind="refused_by_gate",
        title=_("This message may not be sent."),
        detail=str(error),
        reason=error.decision.reason,
        mend=error.mend,
        rules=[
            {"rule": rule.rule, "passed": rule.is_passed, "inputs": rule.inputs}
            for rule in error.decision.rules
        ],
    )


def unavailable_problem(_request: HttpRequest, error: Exception) -> HttpResponse:
    log.warning("a store is away", error=str(error))
    return make_problem(
        status=503,
        kind="unavailable",
        title=_("A store cannot be reached now."),
        detail=_("Nothing was recorded. Send the same request again, with its Idempotency-Key."),
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )


def _data_error(_request: HttpRequest, error: DataError) -> HttpResponse:
    detail = _("A value is too long, too large or holds a character that cannot be stored.")
    log.info("refused by the database", error=str(error))
    return make_problem(
        status=422, kind="invalid", title=_("Something given cannot be used."), detail=detail
    )


def _other_refusal(_request: HttpRequest, error: TextwellError) -> HttpResponse:
    title = _("Something given cannot be used.")
    return make_problem(status=422, kind="refused", title=title, detail=str(error))


def _fault(request: HttpRequest, error: Exception) -> HttpResponse:
    if settings.DEBUG:
        raise error
    log.error("fault in the API", path=request.path, exc_info=error)
    title = _("Something failed on our side.")
    return make_problem(status=500, kind="fault", title=title, detail=_("The fault was logged."))


_HANDLERS: tuple[tuple[type[Exception], Callable[..., HttpResponse]], ...] = (
    (BadInput, _bad_input),
    (UncleanModel, _unclean),
    (AuthenticationError, _unauthenticated),
    (HttpError, _http_error),
    (Http404, _not_found),
    (NotFound, _not_found),
    (FieldError, _field_error),
    (Forbidden, _forbidden),
    (Conflict, conflict_problem),
    (RefusedByGate, _refused),
    (BusUnavailable, unavailable_problem),
    (StoreUnavailable, unavailable_problem),
    (OperationalError, unavailable_problem),
    (InterfaceError, unavailable_problem),
    (DataError, _data_error),
    (TextwellError, _other_refusal),
    (Exception, _fault),
)


def add_handlers(api: NinjaAPI) -> None:
    """Make every error of `api` a problem document."""
    for kind, handler in _HANDLERS:
        api.add_exception_handler(kind, handler)
