"""What the API refuses, as it says it (problem+json, RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

PREFIX: Final = "urn:textwell:problem:"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """A field that cannot be used, and what mends it."""

    field: str
    problem: str
    mend: str


class NoAnswer(Exception):
    """Nothing was answered, after every try. What was asked may have been done: ask with the same call."""


class ApiError(Exception):
    """The API said no. `kind` is stable, for programs; `title` and `detail` are for people."""

    def __init__(
        self, status: int, problem: Mapping[str, Any], retry_after_s: float | None
    ) -> None:
        self.status = status
        self.kind = str(problem.get("type", "")).removeprefix(PREFIX)
        self.title = str(problem.get("title", ""))
        self.detail = str(problem.get("detail", ""))
        self.errors = tuple(_field_problem(each) for each in problem.get("errors", ()))
        self.problem = problem  # with members of its own kind, such as `reason`
        self.retry_after_s = retry_after_s
        super().__init__(f"{status} {self.title} {self.detail}".strip())


class Unauthenticated(ApiError):
    """401: no key, or one that is revoked."""


class Forbidden(ApiError):
    """403: the key lacks the scope."""


class NotFound(ApiError):
    """404: not in this workspace."""


class Conflict(ApiError):
    """409: the present state, or a key that belongs to another request, does not allow it."""


class Invalid(ApiError):
    """422: `errors` name the fields, or the gate refuses the text."""


class TooManyRequests(ApiError):
    """429, after every try."""


class Unavailable(ApiError):
    """502 to 504, after every try."""


_KINDS: Final[dict[int, type[ApiError]]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    422: Invalid,
    429: TooManyRequests,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}


def make_error(status: int, body: bytes, retry_after_s: float | None) -> ApiError:
    """The error of an answer; whatever stands before the API may answer with something else."""
    try:
        problem = json.loads(body)
    except ValueError:
        problem = None
    if not isinstance(problem, dict):
        problem = {"title": body[:200].decode("utf-8", "replace")}
    return _KINDS.get(status, ApiError)(status, problem, retry_after_s)


def _field_problem(given: Any) -> FieldProblem:
    values = given if isinstance(given, dict) else {}
    field, problem, mend = (str(values.get(name, "")) for name in ("field", "problem", "mend"))
    return FieldProblem(field, problem, mend)
