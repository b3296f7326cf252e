"""Texts as a registry approved them, with places for what differs from text to text. Pure.

A place is written as the registries write it: {#var#}, ${name} or {1}; {#numeric#} takes digits alone, and
{#var:60#} says how much it takes. All else must stand in a text sign by sign. What can be reached in a text
is a set of positions, one bit each: no pattern, however it is made, takes longer than its own length asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

LONGEST_PLACE: Final = 500
_PLACE: Final = re.compile(
    r"\{#\s*(?P<tag>\w{1,40})(?::(?P<tag_most>\d{1,3}))?\s*#\}"
    r"|\$\{(?P<name>\w{1,40})(?::(?P<name_most>\d{1,3}))?\}"
    r"|\{(?P<number>\d{1,2})(?::(?P<number_most>\d{1,3}))?\}"
)
_DIGITS: Final = "numeric"
_SHOWN: Final = 30  # characters of either side in a difference


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text says what it likes, of at least one character."""

    most: int
    is_digits: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a text leaves a pattern first: what stands there, and what should; "" is the end."""

    at: int
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """The words and places of one template, in order."""

    parts: tuple[str | Place, ...]
    least: int  # characters of the shortest text that it may be
    most: int  # and of the longest

    @property
    def place_count(self) -> int:
        return sum(isinstance(part, Place) for part in self.parts)

    def matches(self, text: str) -> bool:
        """Whether a text is this template with its places filled in, and nothing else."""
        first, last = self.parts[0], self.parts[-1]
        if not self.least <= len(text) <= self.most:
            return False
        if isinstance(first, str) and not text.startswith(first):
            return False
        if isinstance(last, str) and not text.endswith(last):
            return False
        return self.find_difference(text) is None

    def find_difference(self, text: str) -> Difference | None:
        """Where a text leaves it first; None: nowhere."""
        reached = 1
        for part in self.parts:
            before = reached
            reached = _pass_place(part, text, reached) if isinstance(part, Place) else (
                _pass_words(part, text, reached)
            )  # fmt: skip
            if not reached:
                return _differ(part, text, before)
        if reached >> len(text) & 1:
            return None
        at = reached.bit_length() - 1
        return Difference(at, text[at : at + _SHOWN], "")


def _pass_words(words: str, text: str, reached: int) -> int:
    found, at = 0, text.find(words)
    while at >= 0:
        found |= (reached >> at & 1) << (at + len(words))
        at = text.find(words, at + 1)
    return found


def _pass_place(place: Place, text: str, reached: int) -> int:
    end = (1 << (len(text) + 1)) - 1
    allowed = _digits(text) if place.is_digits else end
    found = 0
    for _taken in range(min(place.most, len(text))):
        reached = (reached & allowed) << 1 & end
        if not reached:
            break
        found |= reached
    return found


def _digits(text: str) -> int:
    return sum(1 << at for at, sign in enumerate(text) if sign in "0123456789")


def _differ(part: str | Place, text: str, reached: int) -> Difference:
    """Of the positions that were reached, at the one from which most of the words stand there."""
    if isinstance(part, Place):
        at = reached.bit_length() - 1
        return Difference(at, text[at : at + _SHOWN], "…")
    best, most = 0, -1
    for at in range(reached.bit_length()):
        if reached >> at & 1:
            alike = _count_alike(part, text[at : at + len(part)])
            if alike > most:
                best, most = at, alike
    at = best + most
    return Difference(at, text[at : at + _SHOWN], part[most : most + _SHOWN])


def _count_alike(words: str, text: str) -> int:
    for count, (one, other) in enumerate(zip(words, text, strict=False)):
        if one != other:
            return count
    return min(len(words), len(text))


@lru_cache(maxsize=4_096)
def read_pattern(text: str, longest: int) -> Pattern:
    """A template as it is registered; `longest`: of a place that does not say."""
    parts: list[str | Place] = []
    at = 0
    for found in _PLACE.finditer(text):
        if found.start() > at:
            parts.append(text[at : found.start()])
        given = found["tag_most"] or found["name_most"] or found["number_most"]
        most = min(int(given), LONGEST_PLACE) if given else longest
        parts.append(Place(max(1, most), found["tag"] == _DIGITS))
        at = found.end()
    if at < len(text):
        parts.append(text[at:])
    least = sum(1 if isinstance(part, Place) else len(part) for part in parts)
    most_of = sum(part.most if isinstance(part, Place) else len(part) for part in parts)
    return Pattern(tuple(parts) or ("",), least, most_of)


def find_nearest(text: str, patterns: Iterable[Pattern]) -> tuple[int, Difference] | None:
    """Which of the patterns a text follows furthest (by its place), and where it leaves it.

    None: there are no patterns. Only of patterns that it does not match.
    """
    found: tuple[int, Difference] | None = None
    for number, pattern in enumerate(patterns):
        difference = pattern.find_difference(text)
        if difference is not None and (found is None or difference.at > found[1].at):
            found = number, difference
    return found
