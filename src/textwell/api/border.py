"""What is refused before any operation looks at it: too many, unknown names in the query, null characters.

A name that nobody knows is a typing error that would otherwise be passed over, so that a filter
gives everybody. A null character cannot be stored by PostgreSQL in any text.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

import orjson
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja.operation import Operation

from textwell.api.auth import read_holder
from textwell.api.errors import RateExceeded
from textwell.api.problems import in_doubt_problem, invalid, too_many_problem, unavailable_problem
from textwell.api.rates import spend

Run = Callable[..., HttpResponseBase]
NULL = "\x00"
IN_DOUBT = "textwell.in_doubt"  # in `request.META`: it was tried (`api.quick`), and may be recorded
_ESCAPED_NULL = b"\\u0000"


def guard_border(run: Run) -> Run:
    """Wrap `Operation.run`: what the operation cannot know is refused with its name."""
    operation = getattr(run, "__self__", None)
    assert isinstance(operation, Operation), "it must be the first decorator of the API"
    known = query_names(operation)

    @wraps(run)
    def guarded(request: HttpRequest, *args: Any, **kw: Any) -> HttpResponseBase:
        errors = _query_errors(request, known) or _null_errors(request)
        if errors and read_holder(request) is not None:  # without a key the operation says 401
            return invalid(errors)
        return run(request, *args, **kw)

    return guarded


def keep_to_rate(run: Run) -> Run:
    """Wrap everything else: a key spends one request of its rate before a transaction is opened."""

    @wraps(run)
    def guarded(request: HttpRequest, *args: Any, **kw: Any) -> HttpResponseBase:
        if IN_DOUBT in request.META:
            return in_doubt_problem(request)
        try:
            holder = read_holder(request)
            if holder is not None:  # without a key the operation says 401
                spend(request, holder)
        except RateExceeded as error:
            return too_many_problem(request, error)
        except (OperationalError, InterfaceError) as error:
            return unavailable_problem(request, error)
        return run(request, *args, **kw)

    return guarded


def query_names(operation: Operation) -> tuple[str, ...]:
    """The names that the operation reads from the query, in order."""
    names: list[str] = []
    for model in operation.models:
        if model.__ninja_param_source__ == "query":
            names += model.__ninja_flatten_map__
    return tuple(names)


def _query_errors(request: HttpRequest, known: tuple[str, ...]) -> list[dict[str, str]]:
    unknown = [name for name in request.GET if name not in known]
    if not unknown:
        return []
    mend = _("Leave it out: this operation takes no parameters.")
    if known:
        mend = _("Use one of: %(known)s.") % {"known": ", ".join(known)}
    problem = _("is not a parameter of this operation")
    return [{"field": _shown(name), "problem": problem, "mend": mend} for name in unknown]


def _null_errors(request: HttpRequest) -> list[dict[str, str]]:
    path = _find_null(request.GET.lists())
    if path is None and request.method != "GET":
        path = _find_null_in_body(request)
    if path is None:
        return []
    problem, mend = _("holds a null character"), _("Remove it: no text can hold one.")
    return [{"field": _shown(path), "problem": problem, "mend": mend}]


def _find_null_in_body(request: HttpRequest) -> str | None:
    if request.content_type in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        return _find_null(request.POST.lists())
    if _ESCAPED_NULL not in request.body:  # the quick way of nearly every request
        return None
    try:
        return _path_of_null(orjson.loads(request.body))
    except orjson.JSONDecodeError:
        return None  # the operation refuses it


def _find_null(fields: Iterable[tuple[str, list[Any]]]) -> str | None:
    return next((name for name, values in fields if NULL in name or NULL in "".join(values)), None)


def _path_of_null(body: Any) -> str | None:  # Any: JSON of any form, as deep as orjson takes it
    """Where a text or name with a null character stands, such as `contacts.0.email`."""
    waiting: list[tuple[str, Any]] = [("", body)]
    while waiting:
        path, value = waiting.pop()
        if NULL in path or (isinstance(value, str) and NULL in value):
            return path or "body"
        parts: Iterable[tuple[Any, Any]] = ()
        if isinstance(value, Mapping):
            parts = value.items()
        elif isinstance(value, list):
            parts = enumerate(value)
        waiting += [(f"{path}.{name}" if path else str(name), each) for name, each in parts]
    return None


def _shown(name: str) -> str:
    return name.replace(NULL, "\\u0000")[:200]
