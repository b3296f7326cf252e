"""What forces a text into UCS-2, and what harmless replacements would save.

Nothing is ever replaced silently: the caller gets a list, shows it, and applies what was
accepted. Numbers, links and the given values (names) are left alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from textwell.text.gsm7 import list_alphabets
from textwell.text.segments import (
    Encoding,
    SegmentedText,
    check_languages,
    find_forcing_characters,
    segment_text,
)
from textwell.text.spans import Span, find_links, find_numbers, find_values, mark


class ReplacementKind(StrEnum):
    QUOTE = "quote"
    DASH = "dash"
    ELLIPSIS = "ellipsis"
    SPACE = "space"
    INVISIBLE = "invisible"
    FULL_WIDTH = "full_width"
    LIGATURE = "ligature"
    COMPOSED = "composed"
    SIGN = "sign"


_SAFE: Final[dict[str, tuple[str, ReplacementKind]]] = {
    **dict.fromkeys("‘’‚‛′ʼ´`‹›", ("'", ReplacementKind.QUOTE)),
    **dict.fromkeys("“”„‟″«»〝〞", ('"', ReplacementKind.QUOTE)),
    **dict.fromkeys("‐‑‒–—―−﹘﹣", ("-", ReplacementKind.DASH)),
    "…": ("...", ReplacementKind.ELLIPSIS),
    **dict.fromkeys(
        "\t\v\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
        "\u202f\u205f\u3000",
        (" ", ReplacementKind.SPACE),
    ),
    **dict.fromkeys("\u0085\u2028\u2029", ("\n", ReplacementKind.SPACE)),
    # Soft hyphen, zero-width space, word joiner, byte order mark, direction marks.
    **dict.fromkeys(
        "\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
        ("", ReplacementKind.INVISIBLE),
    ),
    **{chr(0xFF01 + n): (chr(0x21 + n), ReplacementKind.FULL_WIDTH) for n in range(94)},
    "ﬀ": ("ff", ReplacementKind.LIGATURE),
    "ﬁ": ("fi", ReplacementKind.LIGATURE),
    "ﬂ": ("fl", ReplacementKind.LIGATURE),
    "ﬃ": ("ffi", ReplacementKind.LIGATURE),
    "ﬄ": ("ffl", ReplacementKind.LIGATURE),
    **dict.fromkeys("•‣●▪", ("-", ReplacementKind.SIGN)),
    "×": ("x", ReplacementKind.SIGN),
    "\u2126": ("Ω", ReplacementKind.SIGN),
    "\u212b": ("Å", ReplacementKind.SIGN),
    "\u212a": ("K", ReplacementKind.SIGN),
}
# Joiners shape emoji and whole scripts; alone between plain letters they do nothing.
_LATIN_END: Final = 0x250
_JOINERS: Final = frozenset("\u200c\u200d\ufe0e\ufe0f")


@dataclass(frozen=True, slots=True)
class Replacement:
    """``text[start:end]`` may become ``replacement`` without a change of meaning."""

    start: int
    end: int
    original: str
    replacement: str
    kind: ReplacementKind


@dataclass(frozen=True, slots=True)
class Saving:
    """What the replacements would save.

    ``still_forced_by`` has the characters that keep the text in UCS-2 after all of them.
    """

    before: SegmentedText
    after: SegmentedText
    text: str
    replacements: tuple[Replacement, ...]
    still_forced_by: tuple[str, ...]

    @property
    def segments_saved(self) -> int:
        return self.before.segment_count - self.after.segment_count


@dataclass(frozen=True, slots=True)
class ForcingCharacter:
    """A character without a GSM form, and the message without it.

    ``segment_count`` is what the text would take if this were the only change: its safe replacement
    wherever ``find_replacements`` finds one, elsewhere its removal. ``replacement`` is that form,
    None if it has none; of a mark that follows its letters (e, U+0301), the composed ones, each once.
    """

    character: str
    positions: tuple[int, ...]
    replacement: str | None
    encoding: Encoding
    segment_count: int
    segments_saved: int = 0


def find_replacements(
    text: str,
    *,
    languages: Sequence[str] = (),
    protected: Iterable[Span] = (),
    values: Iterable[str] = (),
) -> tuple[Replacement, ...]:
    """Safe replacements for characters that no GSM table of ``languages`` has, in order.

    Args:
        text: the message.
        languages: ISO 639-1 codes of the national tables that may be used.
        protected: spans of the text that stay as they are.
        values: merged values (names, addresses) that stay as they are wherever they stand.
    """
    alphabets = list_alphabets(check_languages(languages))
    spans = [*protected, *find_values(text, values), *find_links(text), *find_numbers(text)]
    closed = mark(len(text), spans)
    found = []
    place = 0
    while place < len(text):
        replacement = _replacement_at(text, place)
        width = 1 if replacement is None else replacement.end - replacement.start
        if replacement is not None and not any(closed[place : place + width]):
            is_needed = not any(
                alphabet.characters.issuperset(replacement.original) for alphabet in alphabets
            )
            if is_needed:
                found.append(replacement)
        place += width
    return tuple(found)


def _replacement_at(text: str, place: int) -> Replacement | None:
    composed = _compose_at(text, place)
    if composed is not None:
        return composed
    character = text[place]
    safe = _SAFE.get(character)
    if safe is None and character in _JOINERS and _is_idle_joiner(text, place):
        safe = ("", ReplacementKind.INVISIBLE)
    if safe is None:
        return None
    return Replacement(place, place + 1, character, *safe)


def _compose_at(text: str, place: int) -> Replacement | None:
    """A letter and the marks after it that Unicode composes into one GSM letter."""
    end = place + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    if end == place + 1:
        return None
    cluster = text[place:end]
    composed = unicodedata.normalize("NFC", cluster)
    if len(composed) > 1 or composed == cluster:
        return None
    return Replacement(place, end, cluster, composed, ReplacementKind.COMPOSED)


def _is_idle_joiner(text: str, place: int) -> bool:
    around = text[max(place - 1, 0) : place] + text[place + 1 : place + 2]
    return all(ord(character) < _LATIN_END for character in around)


def apply_replacements(text: str, replacements: Iterable[Replacement]) -> str:
    """The text with the replacements made. Those that do not fit the text are left out."""
    pieces = []
    done = 0
    for change in sorted(replacements, key=lambda change: change.start):
        if change.start < done or text[change.start : change.end] != change.original:
            continue
        pieces += [text[done : change.start], change.replacement]
        done = change.end
    return "".join([*pieces, text[done:]])


def compute_saving(
    text: str,
    *,
    languages: Sequence[str] = (),
    protected: Iterable[Span] = (),
    values: Iterable[str] = (),
) -> Saving:
    """Segments and units before and after all safe replacements."""
    replacements = find_replacements(text, languages=languages, protected=protected, values=values)
    replaced = apply_replacements(text, replacements)
    after = segment_text(replaced, languages=languages)
    return Saving(
        before=segment_text(text, languages=languages),
        after=after,
        text=replaced,
        replacements=replacements,
        still_forced_by=after.forced_by,
    )


def explain_forcing(text: str, *, languages: Sequence[str] = ()) -> tuple[ForcingCharacter, ...]:
    """Each character that forces UCS-2, where it stands and what mending it alone saves."""
    before = segment_text(text, languages=languages).segment_count
    changes = find_replacements(text, languages=languages)
    return tuple(
        _explain(text, character, [c for c in changes if _is_of(c, character)], languages, before)
        for character in find_forcing_characters(text, languages=languages)
    )


def _is_of(change: Replacement, character: str) -> bool:
    """Whether it mends this character: that itself, or a mark of the letter that is composed."""
    return character == change.original or character in change.original[1:]


def _explain(
    text: str,
    character: str,
    changes: Sequence[Replacement],
    languages: Sequence[str],
    before: int,
) -> ForcingCharacter:
    mended = segment_text(
        apply_replacements(text, changes).replace(character, ""), languages=languages
    )
    forms = dict.fromkeys(change.replacement for change in changes)
    return ForcingCharacter(
        character=character,
        positions=tuple(place for place, other in enumerate(text) if other == character),
        replacement="".join(forms) if changes else None,
        encoding=mended.encoding,
        segment_count=mended.segment_count,
        segments_saved=before - mended.segment_count,
    )
