"""Vietnamese without its marks: a choice of the marketer, never made for them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from textwell.text.spans import Span, find_links, find_values, mark

# Grave, acute, tilde, hook above, dot below; circumflex, breve, horn.
_MARKS: Final = "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b\u0340\u0341"
_MARKED_VOWEL: Final = re.compile(f"([aeiouyAEIOUY])[{_MARKS}]+")
# The eth is often typed for the Vietnamese letter, and the currency sign is read as one.
_STROKES: Final = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "₫": "d"})


def remove_vietnamese_accents(
    text: str, *, protected: Iterable[Span] = (), values: Iterable[str] = ()
) -> str:
    """The text in plain letters: ``Chào Đặng Thị`` becomes ``Chao Dang Thi``.

    Composed and decomposed input give the same. Only Vietnamese vowels and đ change (``ñ`` or
    ``ü`` stay). Links, ``protected`` spans and ``values`` stay as they are. Calling twice
    changes nothing more.
    """
    closed = mark(len(text), [*protected, *find_values(text, values), *find_links(text)])
    pieces = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and closed[end] == closed[start]:
            continue
        piece = text[start:end]
        pieces.append(piece if closed[start] else _plain(piece))
        start = end
    return "".join(pieces)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    bare = _MARKED_VOWEL.sub(r"\1", decomposed).translate(_STROKES)
    return unicodedata.normalize("NFC", bare)
