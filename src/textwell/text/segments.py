"""From a text to its encoding and its segments.

Sizes are those of 3GPP TS 23.040: 140 octets of user data a segment, the header of a long
message (8-bit reference: 6 octets, 16-bit: 7) and the elements that announce national tables
taken off first. Segments are found by walking, never by dividing: an escape pair or a
surrogate pair stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from textwell.text.alphabets import DEFAULT, ESCAPE, EXTENSION, GAP, IDENTIFIERS
from textwell.text.gsm7 import PLAIN, Alphabet, list_alphabets
from textwell.text.packing import pack_septets

USER_DATA_OCTETS: Final = 140
ReferenceBits = Literal[8, 16]
_CONCATENATION_OCTETS: Final[dict[int, int]] = {8: 5, 16: 6}


class Encoding(StrEnum):
    GSM7 = "gsm7"
    UCS2 = "ucs2"


class UnknownLanguageError(ValueError):
    """A language that has no national tables; the message names the field and the choices."""

    def __init__(self, language: object) -> None:
        self.language = language
        super().__init__(
            f"languages: {language!r} has no national language table; "
            f"use any of {' '.join(IDENTIFIERS)}"
        )


@dataclass(frozen=True, slots=True)
class TextSegment:
    """One SMS of a message.

    ``octets_unpacked`` is what SMPP carries: one septet an octet for GSM-7 (0x1B before an
    extended character), UTF-16 big-endian for UCS-2. No header in either.
    """

    text: str
    encoding: Encoding
    octets_unpacked: bytes

    @property
    def octets(self) -> bytes:
        """The user data as on the air: septets packed from bit 0 without fill bits, or UTF-16."""
        if self.encoding is Encoding.UCS2:
            return self.octets_unpacked
        return pack_septets(self.octets_unpacked)

    @property
    def unit_count(self) -> int:
        """Septets, or UTF-16 units."""
        return len(self.octets_unpacked) // (2 if self.encoding is Encoding.UCS2 else 1)


@dataclass(frozen=True, slots=True)
class SegmentedText:
    """A text as it will be sent.

    ``alphabet`` is plain for UCS-2 too. ``units_left`` is the free room of the last segment
    in units. ``forced_by`` has, for UCS-2, each character without a GSM form, once, in order.
    """

    encoding: Encoding
    alphabet: Alphabet
    segments: tuple[TextSegment, ...]
    units_left: int
    forced_by: tuple[str, ...]
    reference_bits: ReferenceBits

    @property
    def segment_count(self) -> int:
        return len(self.segments)

    @property
    def unit_count(self) -> int:
        """Septets or UTF-16 units of the whole text, headers not counted."""
        return sum(segment.unit_count for segment in self.segments)


def check_languages(languages: Iterable[str]) -> tuple[str, ...]:
    """The languages once each, in order. Raises UnknownLanguageError."""
    allowed = tuple(dict.fromkeys(languages))
    for language in allowed:
        if language not in IDENTIFIERS:
            raise UnknownLanguageError(language)
    return allowed


def compute_header_octets(
    alphabet: Alphabet, *, is_long: bool, reference_bits: ReferenceBits = 8
) -> int:
    """Octets of the user data header with its length octet; 0 where none is needed."""
    octets = len(alphabet.elements) + (_CONCATENATION_OCTETS[reference_bits] if is_long else 0)
    return octets + 1 if octets else 0


def _septet_room(alphabet: Alphabet, *, is_long: bool, reference_bits: ReferenceBits) -> int:
    header = compute_header_octets(alphabet, is_long=is_long, reference_bits=reference_bits)
    return (USER_DATA_OCTETS - header) * 8 // 7


def _unit_room(*, is_long: bool, reference_bits: ReferenceBits) -> int:
    header = compute_header_octets(PLAIN, is_long=is_long, reference_bits=reference_bits)
    return (USER_DATA_OCTETS - header) // 2


def _cut_septets(septets: bytes, room: int) -> list[bytes]:
    chunks = []
    start = 0
    while len(septets) - start > room:
        end = start + room
        if septets[end - 1] == ESCAPE:  # its character would fall into the next segment
            end -= 1
        chunks.append(septets[start:end])
        start = end
    chunks.append(septets[start:])
    return chunks


_HIGH_SURROGATES: Final = range(0xD8, 0xDC)
_LOW_SURROGATES: Final = range(0xDC, 0xE0)


def _cut_units(units: bytes, room: int) -> list[bytes]:
    chunks = []
    start = 0
    count = len(units) // 2
    while count - start > room:
        end = start + room
        if units[2 * end - 2] in _HIGH_SURROGATES and units[2 * end] in _LOW_SURROGATES:
            end -= 1
        chunks.append(units[2 * start : 2 * end])
        start = end
    chunks.append(units[2 * start :])
    return chunks


@dataclass(frozen=True, slots=True)
class _Candidate:
    alphabet: Alphabet
    chunks: list[bytes]
    room: int

    @property
    def cost(self) -> tuple[int, int, int]:
        """Segments first, then announcements, then septets: the smaller is the better choice."""
        units = sum(map(len, self.chunks))
        return len(self.chunks), len(self.alphabet.elements), units


def _fit(text: str, alphabet: Alphabet, reference_bits: ReferenceBits) -> _Candidate | None:
    septets = alphabet.encode(text)
    if septets is None:
        return None
    room = _septet_room(alphabet, is_long=False, reference_bits=reference_bits)
    if len(septets) <= room:
        return _Candidate(alphabet, [septets], room)
    room = _septet_room(alphabet, is_long=True, reference_bits=reference_bits)
    return _Candidate(alphabet, _cut_septets(septets, room), room)


def _choose(
    text: str, languages: tuple[str, ...], reference_bits: ReferenceBits
) -> _Candidate | None:
    plain = _fit(text, PLAIN, reference_bits)
    if not languages or (plain is not None and len(plain.chunks) == 1):
        return plain
    fitting = [_fit(text, alphabet, reference_bits) for alphabet in list_alphabets(languages)]
    return min((found for found in fitting if found), key=lambda found: found.cost, default=None)


def _as_gsm7(text: str, chosen: _Candidate, reference_bits: ReferenceBits) -> SegmentedText:
    segments = []
    start = 0
    for chunk in chosen.chunks:
        end = start + len(chunk) - chunk.count(ESCAPE)
        segments.append(TextSegment(text[start:end], Encoding.GSM7, chunk))
        start = end
    return SegmentedText(
        encoding=Encoding.GSM7,
        alphabet=chosen.alphabet,
        segments=tuple(segments),
        units_left=chosen.room - len(chosen.chunks[-1]),
        forced_by=(),
        reference_bits=reference_bits,
    )


def _as_ucs2(text: str, languages: tuple[str, ...], reference_bits: ReferenceBits) -> SegmentedText:
    units = text.encode("utf-16-be", "surrogatepass")
    room = _unit_room(is_long=False, reference_bits=reference_bits)
    if len(units) > 2 * room:
        room = _unit_room(is_long=True, reference_bits=reference_bits)
    chunks = _cut_units(units, room)
    return SegmentedText(
        encoding=Encoding.UCS2,
        alphabet=PLAIN,
        segments=tuple(
            TextSegment(chunk.decode("utf-16-be", "surrogatepass"), Encoding.UCS2, chunk)
            for chunk in chunks
        ),
        units_left=room - len(chunks[-1]) // 2,
        forced_by=find_forcing_characters(text, languages=languages),
        reference_bits=reference_bits,
    )


def find_forcing_characters(text: str, *, languages: Sequence[str] = ()) -> tuple[str, ...]:
    """Each character that no allowed table has, once, in order of appearance.

    Where each character has a form but no one pair of tables has them all (three scripts in
    one text), it is what the best pair lacks. Empty if GSM-7 can carry the text.
    """
    alphabets = list_alphabets(check_languages(languages))
    wanted = dict.fromkeys(text)
    reachable = frozenset[str]().union(*(alphabet.characters for alphabet in alphabets))
    missing = tuple(character for character in wanted if character not in reachable)
    if missing:
        return missing
    lacking = [
        tuple(character for character in wanted if character not in alphabet.characters)
        for alphabet in alphabets
    ]
    return min(lacking, key=len)


def _join_surrogates(text: str) -> str:
    """A high and a low surrogate beside each other are one character; lone ones stay."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def segment_text(
    text: str, *, languages: Iterable[str] = (), reference_bits: ReferenceBits = 8
) -> SegmentedText:
    """Choose the cheapest lawful encoding of a text and cut it into segments.

    Fewest segments win; a tie goes to plain GSM 03.38, then to fewer announced tables, then
    to fewer septets. National tables are used only for ``languages`` (ISO 639-1), UCS-2 only
    where a character has no GSM form. An empty text is one empty segment.

    Raises:
        UnknownLanguageError: a language has no tables.
    """
    allowed = check_languages(languages)
    chosen = _choose(text, allowed, reference_bits)
    if chosen is not None:
        return _as_gsm7(text, chosen, reference_bits)
    return _as_ucs2(_join_surrogates(text), allowed, reference_bits)


_BASIC_LATIN1: Final = DEFAULT.encode("latin-1", "ignore")
_ESCAPED_LATIN1: Final = EXTENSION.replace(GAP, "").encode("latin-1", "ignore")
_FORCING: Final = re.compile(f"[^{re.escape(''.join(sorted(PLAIN.characters)))}]")
_SINGLE_ROOM: Final = _septet_room(PLAIN, is_long=False, reference_bits=8)
_LONG_ROOM: Final = _septet_room(PLAIN, is_long=True, reference_bits=8)


def count_segments(text: str) -> tuple[Encoding, int]:
    """Encoding and number of segments without the segments themselves: for bulk paths.

    The same answer as ``segment_text(text)`` (no languages, 8-bit reference), in about a
    microsecond where the text fits one segment or has no escaped character.
    """
    # The euro is the one GSM character of daily use outside Latin-1; a bar costs the same.
    try:
        octets = text.replace("€", "|").encode("latin-1")
    except UnicodeEncodeError:
        return _count_walking(text)
    escaped = octets.translate(None, _BASIC_LATIN1)
    if escaped.translate(None, _ESCAPED_LATIN1):
        return _count_walking(text)
    count = len(octets)
    if count + len(escaped) <= _SINGLE_ROOM:
        return Encoding.GSM7, 1
    if escaped:
        return _count_walking(text)
    return Encoding.GSM7, -(-count // _LONG_ROOM)


def _count_walking(text: str) -> tuple[Encoding, int]:
    if not _FORCING.search(text):
        fitting = _fit(text, PLAIN, 8)
        assert fitting is not None
        return Encoding.GSM7, len(fitting.chunks)
    units = text.encode("utf-16-be", "surrogatepass")
    if len(units) <= USER_DATA_OCTETS:
        return Encoding.UCS2, 1
    return Encoding.UCS2, len(_cut_units(units, _unit_room(is_long=True, reference_bits=8)))
