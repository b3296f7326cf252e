"""The places in a text that no replacement may touch: links, addresses, numbers, values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

Span = tuple[int, int]

# A link ends before a space, an angle bracket or typographic punctuation, wherever it began.
_LINK: Final = re.compile(
    r"""(?:[a-z][a-z0-9+.-]*://|www\.)[^\s<>“”‘’«»…]+
      | \w[\w.+'’‘`´–-]*@[\w-]+(?:\.[\w-]+)+
      | (?<![\w.])(?:[\w-]+\.)+[^\W\d_]{2,}(?:[:/?#][^\s<>“”‘’«»…]*)?""",
    re.IGNORECASE | re.VERBOSE,
)
_LINK_TAIL: Final = ".,;:!?)]}'\"–—"

# Digits of any script with what may stand between and before them: 10–20, 1 000, ＋84, −5.
_NUMBER: Final = re.compile(r"[+＋\-−–]?\d(?:[\d.,:/'’\s\-‐‑‒–—−]*\d)?")


def find_links(text: str) -> list[Span]:
    """Web and mail addresses, with or without a scheme, without the punctuation after them."""
    spans = []
    for match in _LINK.finditer(text):
        link = match.group().rstrip(_LINK_TAIL)
        spans.append((match.start(), match.start() + len(link)))
    return spans


def find_numbers(text: str) -> list[Span]:
    """Numbers in digits of any script: amounts, dates, phone numbers, ranges."""
    return [match.span() for match in _NUMBER.finditer(text)]


def find_values(text: str, values: Iterable[str]) -> list[Span]:
    """Where the given values (names and other merged fields) stand in the text."""
    spans = []
    for value in values:
        if value:
            spans += [match.span() for match in re.finditer(re.escape(value), text)]
    return spans


def mark(length: int, spans: Iterable[Span]) -> bytearray:
    """One octet for each character of a text: 1 where any span covers it."""
    marked = bytearray(length)
    for start, end in spans:
        low, high = max(start, 0), min(end, length)
        if low < high:
            marked[low:high] = b"\x01" * (high - low)
    return marked
