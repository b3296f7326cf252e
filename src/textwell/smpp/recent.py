"""What happened lately, by key, in two generations: bounded in count and in age, every step O(1).

A dict that forgets its oldest entry one by one walks over the holes that earlier ones left, the
longer the fuller it is. Here the older half goes as a whole: two dicts, swapped when the younger one
is full or old. Who uses this decides what a key means that is not here (any more), and says so: it
must be the answer that sends nothing twice.
"""

from __future__ import annotations

from typing import Generic, TypeVar, overload

K = TypeVar("K")
V = TypeVar("V")
D = TypeVar("D")


class Recent(Generic[K, V]):
    """Entries of the last `age_s` to twice `age_s` seconds, at most `most`, the youngest half surely.

    `most` None: no bound in count, for what may not be forgotten before its time. `now`: seconds of
    any steady clock, always given by the owner. Reads do not look at the clock: what is over its
    time goes with the next `put` or `expire`.
    """

    __slots__ = ("_age_s", "_half", "_old", "_turn_at", "_young")

    def __init__(self, *, most: int | None, age_s: float) -> None:
        if most is not None and most < 2:  # noqa: PLR2004 - one for each generation
            raise ValueError("most: at least 2")
        self._half = most // 2 if most is not None else float("inf")
        self._age_s = age_s
        self._turn_at: float | None = None  # None: nothing was put yet
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def __contains__(self, key: K) -> bool:
        return key in self._young or key in self._old

    def put(self, key: K, value: V, now: float) -> None:
        """Remember the value as the youngest; a value that the key had is forgotten."""
        if self._turn_at is None:
            self._turn_at = now + self._age_s
        elif now >= self._turn_at:
            self.expire(now)
        if len(self._young) >= self._half:
            self._turn(now)
        if self._old:
            self._old.pop(key, None)
        self._young[key] = value

    @overload
    def get(self, key: K) -> V | None: ...
    @overload
    def get(self, key: K, default: V | D) -> V | D: ...
    def get(self, key: K, default: object = None) -> object:
        """The value of the key; the default if it is not known (any more)."""
        young = self._young
        return young[key] if key in young else self._old.get(key, default)

    @overload
    def pop(self, key: K) -> V | None: ...
    @overload
    def pop(self, key: K, default: V | D) -> V | D: ...
    def pop(self, key: K, default: object = None) -> object:
        """The value of the key, which is forgotten; the default if it is not known (any more)."""
        if key in self._young:
            return self._young.pop(key)
        return self._old.pop(key, default)

    def expire(self, now: float) -> None:
        """Forget what is over its time. Calling it often costs nothing."""
        if self._turn_at is None or now < self._turn_at:
            return
        if now >= self._turn_at + self._age_s:
            self._young = {}  # nothing was put since `_turn_at`: all of it is over its time
            self._turn(now)
        else:
            self._turn(self._turn_at)

    def _turn(self, at: float) -> None:
        self._old, self._young = self._young, {}
        self._turn_at = at + self._age_s

    def clear(self) -> None:
        self._young.clear()
        self._old.clear()
