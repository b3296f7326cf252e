"""Things to do that come at once are done together, by the thread of one of them."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class _Seat(Generic[T]):
    __slots__ = ("is_done", "item", "leads", "turn")

    def __init__(self, item: T) -> None:
        self.item = item
        self.is_done = False
        self.leads = False
        self.turn = threading.Lock()  # free again: it is done, or it is this one's turn to lead
        self.turn.acquire()


class Room(Generic[T]):
    """While one group is worked on the next gathers; one that comes alone is worked on at once.

    After a group of several the next waits `linger_s`: whoever was just answered asks again within it, and
    two groups of half the size that take turns cost nearly twice as much. Nobody waits longer than
    `patience_s` for a group that another thread works on: a store that hangs must not take every thread.
    """

    def __init__(
        self,
        work: Callable[[Sequence[T]], None],
        *,
        most: int,
        linger_s: float = 0.0,
        patience_s: float = 10.0,
    ) -> None:
        self._work = work
        self._most = most
        self._patience_s = patience_s
        self._linger_s = linger_s
        self._last_count = 0
        self._lock = threading.Lock()
        self._waiting: list[_Seat[T]] = []
        self._is_led = False

    def do(self, item: T) -> bool:
        """Return once `work` has had the item, with those that came meanwhile; never two groups at once.

        False: it took too long. `work` may still be at the item; or it has not had it, and never will.
        What `work` raises is raised by the leading thread alone.
        """
        seat = _Seat(item)
        with self._lock:
            self._waiting.append(seat)
            seat.leads, self._is_led = not self._is_led, True
        if not seat.leads and not seat.turn.acquire(timeout=self._patience_s):
            if self._leaves(seat):
                return False
            seat.turn.acquire()  # free at once
        if not seat.is_done:
            self._lead()
        return True

    def _leaves(self, seat: _Seat[T]) -> bool:
        """Whether it may go: not if it was just answered, or told to lead, which nobody else would."""
        with self._lock:
            if seat.is_done or seat.leads:
                return False
            if seat in self._waiting:
                self._waiting.remove(seat)
            return True

    def _lead(self) -> None:
        """The present thread's seat is the first that waits."""
        if self._last_count > 1 and len(self._waiting) < self._most:
            time.sleep(self._linger_s)
        with self._lock:
            group = self._waiting[: self._most]
            del self._waiting[: self._most]
        self._last_count = len(group)
        try:
            self._work([seat.item for seat in group])
        finally:
            with self._lock:
                following = self._waiting[0] if self._waiting else None
                self._is_led = following is not None
                if following is not None:
                    following.leads = True
            if following is not None:
                following.turn.release()
            for seat in group:
                seat.is_done = True
                seat.turn.release()
