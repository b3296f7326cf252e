"""Full numbers in answers: the entry that each leaves in the audit log.

An answer that repeats a number that its own request brought discloses nothing, and leaves none.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja.operation import Operation

from textwell.accounts.disclosure import note_reading
from textwell.accounts.types import KeyHolder
from textwell.api.auth import read_holder
from textwell.api.problems import unavailable_problem
from textwell.api.schemas.base import NUMBERS_SHOWN

Run = Callable[..., HttpResponseBase]
REASON_HEADER: Final = "Textwell-Reason"
# Their answers have the number that was given, and no other.
_REPEATING: Final = frozenset({
    "contacts_upsert_person", "messages_send_message", "suppressions_add",
})  # fmt: skip


def name_operation(operation: Operation) -> str:
    """`campaigns_launch`: the id of the OpenAPI document, and the name in the audit log."""
    module = operation.view_func.__module__.rsplit(".", 1)[-1]
    return f"{module}_{operation.view_func.__name__}"


def note_numbers(run: Run) -> Run:
    """Wrap `guard_border`: an answer with full numbers leaves only when the log has its entry."""
    operation = getattr(inspect.unwrap(run), "__self__", None)
    assert isinstance(operation, Operation)
    name = name_operation(operation)
    if name in _REPEATING:
        return run

    @wraps(run)
    def guarded(request: HttpRequest, *args: Any, **kw: Any) -> HttpResponseBase:
        response = run(request, *args, **kw)
        holder = read_holder(request) if NUMBERS_SHOWN in request.META else None
        if holder is None:
            return response
        try:
            note_shown(request, holder, name)
        except (OperationalError, InterfaceError) as error:
            return unavailable_problem(request, error)
        return response

    return guarded


def note_shown(request: HttpRequest, holder: KeyHolder, operation: str) -> None:
    """Note that this caller reads full numbers by `operation`; the reason is the request's header."""
    note_reading(
        workspace_id=holder.workspace_id,
        actor=holder.actor,
        operation=operation,
        reason=_read_reason(request.headers.get(REASON_HEADER, "")),
    )


def _read_reason(given: str) -> str:
    """Headers come as Latin-1, whatever was meant; programs write UTF-8."""
    try:
        return given.encode("latin-1").decode()
    except UnicodeError:
        return given
