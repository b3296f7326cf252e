"""What an answer means, and how long to wait before the next try. Pure but for dice."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from textwell.client.errors import make_error

_PASSING: Final = frozenset({429, 502, 503, 504})
_CONFLICT, _NO_CONTENT, _FIRST_REFUSAL = 409, 204, 300


@dataclass(frozen=True, slots=True)
class Answer:
    """Header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def retry_after_s(self) -> float | None:
        """Seconds that the server asks to be left alone; None if it asks for none."""
        told = self.headers.get("retry-after", "")
        return float(told) if told.isascii() and told.isdecimal() else None

    @property
    def is_passing(self) -> bool:
        """Whether the same request may be answered otherwise in a while.

        A conflict that names a time is one: the first request with this key is still running.
        """
        if self.status == _CONFLICT:
            return self.retry_after_s is not None
        return self.status in _PASSING


@dataclass(frozen=True, slots=True)
class Retries:
    """Up to `tries` in all, with a wait that doubles and is spread evenly from nothing to its full length."""

    tries: int = 5
    first_s: float = 0.5
    longest_s: float = 30.0

    def wait_s(self, answer: Answer | None, tried: int) -> float | None:
        """Before the next try, when `tried` have been made; None: the last word is said.

        `answer` None: nothing came back. Never less than the server asks for, and never longer than
        `longest_s`: a server that asks for more is the caller's to wait for.
        """
        if tried >= self.tries or (answer is not None and not answer.is_passing):
            return None
        asked = (answer.retry_after_s if answer is not None else None) or 0.0
        if asked > self.longest_s:
            return None
        spread = min(self.first_s * 2 ** (tried - 1), self.longest_s)
        return min(asked + random.uniform(0, spread), self.longest_s)  # noqa: S311 - no secret


def read_answer(answer: Answer) -> Any:  # Any: what the call says it is answered with
    """The value of an answer: JSON, or octets of a file; None where there is no content.

    Raises ApiError where it is a refusal.
    """
    if answer.status >= _FIRST_REFUSAL:
        raise make_error(answer.status, answer.body, answer.retry_after_s)
    if answer.status == _NO_CONTENT:
        return None
    kind = answer.headers.get("content-type", "").partition(";")[0].strip()
    return json.loads(answer.body) if kind == "application/json" else answer.body
