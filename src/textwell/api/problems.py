"""Every refusal as problem+json (RFC 9457): what is wrong, in which field, and what mends it."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.exceptions import ValidationError as UncleanModel
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as BadInput

from textwell.api.errors import KeyReused, RateExceeded, RefusedByGate, ScopeMissing, StillRunning
from textwell.api.words import read_errors
from textwell.core.db import may_be_committed
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


def _bad_input(_request: HttpRequest, error: BadInput) -> HttpResponse:
    return invalid(read_errors(error.errors))


def _unauthenticated(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    return make_problem(
        status=401,
        kind="unauthenticated",
        title=_("A valid API key is needed."),
        detail=_("Send the header Authorization: Bearer tw_… with a key that is not revoked."),
        headers={"WWW-Authenticate": 'Bearer realm="textwell"'},
    )


def _http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code != 400:  # noqa: PLR2004 - HTTP's own number
        return make_problem(status=error.status_code, kind="refused", title=str(error))
    # ninja's own: a body that is no JSON.
    problem, mend = _("is no valid JSON"), _("Send JSON in UTF-8, with names and texts in quotes.")
    return make_problem(
        status=400,
        kind="malformed",
        title=_("The request cannot be read."),
        detail=f"body: {problem}",
        errors=[{"field": "body", "problem": problem, "mend": mend}],
    )


def too_large(_request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2
    problem = _("has more than %(count)d MB") % {"count": most}
    mend = _("Give fewer at once and call again for the rest.")
    return make_problem(
        status=413,
        kind="too_large",
        title=_("The request is too large."),
        detail=f"body: {problem}",
        errors=[{"field": "body", "problem": problem, "mend": mend}],
    )


def _unclean(_request: HttpRequest, error: UncleanModel) -> HttpResponse:
    mend = _("Correct it and send it again.")
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return invalid(
        [
            {"field": field, "problem": " ".join(problems), "mend": mend}
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


def too_many_problem(_request: HttpRequest, error: RateExceeded) -> HttpResponse:
    """429, with the wait."""
    return make_problem(
        status=429,
        kind="too_many_requests",
        title=_("Too many requests."),
        detail=str(error),
        headers={"Retry-After": str(error.retry_after_s)},
    )


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


def unavailable_problem(request: HttpRequest, error: Exception) -> HttpResponse:
    """A store is away. What is said of the work is true where a commit was lost as well."""
    if may_be_committed(error):
        return in_doubt_problem(request)
    log.warning("a store is away", error=str(error))
    return make_problem(
        status=503,
        kind="unavailable",
        title=_("A store cannot be reached now."),
        detail=_("Nothing was recorded. Send the same request again, with its Idempotency-Key."),
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )


def in_doubt_problem(request: HttpRequest) -> HttpResponse:
    """It was tried, and nobody knows its outcome: whoever has no Idempotency-Key must look first."""
    log.warning("an answer of a store is lost", path=request.path)
    detail = _(
        "It is not known whether this was recorded. If the request had an Idempotency-Key, send the same "
        "again with it: it is done once. If not, look first whether it is there."
    )
    if request.path.endswith("/messages"):
        detail = _(
            "It is not known whether the message was recorded. If the request had an Idempotency-Key, send "
            "the same again with it. If not, look for the message first: GET /api/v1/messages."
        )
    return make_problem(
        status=503,
        kind="unavailable",
        title=_("A store cannot be reached now."),
        detail=detail,
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )


def _stream_unavailable(_request: HttpRequest, error: BusUnavailable) -> HttpResponse:
    """No key is of use here: what goes by the stream is known by its content and counts once."""
    log.warning("the stream does not store", error=str(error))
    detail = _(
        "The stream (NATS JetStream) did not confirm that it stored what was sent. Send the same "
        "again: what it stored already counts once."
    )
    return make_problem(
        status=503,
        kind="stream_unavailable",
        title=_("The stream does not store now."),
        detail=detail,
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
    (RequestDataTooBig, too_large),
    (Http404, _not_found),
    (NotFound, _not_found),
    (FieldError, _field_error),
    (Forbidden, _forbidden),
    (Conflict, conflict_problem),
    (RefusedByGate, _refused),
    (RateExceeded, too_many_problem),
    (BusUnavailable, _stream_unavailable),
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
