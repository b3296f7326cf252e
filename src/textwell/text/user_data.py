"""The whole user data of a segment, header included: 3GPP TS 23.040 section 9.2.3.24."""

from __future__ import annotations

from typing import Final

from textwell.text.packing import compute_fill_bits, pack_septets
from textwell.text.segments import Encoding, SegmentedText

_CONCATENATION_8: Final = 0x00
_CONCATENATION_16: Final = 0x08
_MOST_SEGMENTS: Final = 255


class TooManySegmentsError(ValueError):
    """More segments than a concatenation header can number."""

    def __init__(self, count: int) -> None:
        super().__init__(f"text: {count} segments; a long message has {_MOST_SEGMENTS} at most")


def build_header(message: SegmentedText, *, place: int, reference: int) -> bytes:
    """The user data header with its length octet; empty where none is needed.

    Args:
        message: what ``segment_text`` gave.
        place: which segment, from 0.
        reference: the same for all segments of a message; cut to 8 or 16 bits.

    Raises:
        TooManySegmentsError: over 255 segments.
    """
    elements = message.alphabet.elements
    total = message.segment_count
    if total > _MOST_SEGMENTS:
        raise TooManySegmentsError(total)
    if total > 1:
        elements = _concatenation(message.reference_bits, reference, total, place + 1) + elements
    return bytes([len(elements)]) + elements if elements else b""


def _concatenation(bits: int, reference: int, total: int, number: int) -> bytes:
    element = _CONCATENATION_8 if bits == 8 else _CONCATENATION_16  # noqa: PLR2004 (octet)
    octets = (reference % (1 << bits)).to_bytes(bits // 8)
    return bytes([element, len(octets) + 2, *octets, total, number])


def build_user_data(message: SegmentedText, *, place: int, reference: int = 0) -> bytes:
    """Header and text as SMPP's ``short_message`` carries them: one septet an octet.

    Set the UDHI bit of ``esm_class`` if ``build_header`` is not empty. See
    :func:`build_header` for the arguments and errors.
    """
    header = build_header(message, place=place, reference=reference)
    return header + message.segments[place].octets_unpacked


def build_user_data_packed(message: SegmentedText, *, place: int, reference: int = 0) -> bytes:
    """Header and text as on the air: GSM-7 packed, fill bits after the header."""
    header = build_header(message, place=place, reference=reference)
    segment = message.segments[place]
    if segment.encoding is Encoding.UCS2:
        return header + segment.octets_unpacked
    fill_bits = compute_fill_bits(len(header))
    return header + pack_septets(segment.octets_unpacked, fill_bits=fill_bits)
