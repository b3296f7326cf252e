"""An answer that is kept for some seconds, so that many who ask cost one look."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """Asks again when the answer is older than that. For any number of threads."""

    def __init__(self, ask: Callable[[], T], *, seconds: float) -> None:
        self._ask = ask
        self._seconds = seconds
        self._lock = threading.Lock()
        self._known: tuple[float, T] | None = None  # since when, and what

    def get(self) -> T:
        """The answer; those who come while it is looked for wait for it."""
        with self._lock:
            if self._known is None or time.monotonic() - self._known[0] > self._seconds:
                told = self._ask()
                self._known = time.monotonic(), told
            return self._known[1]
