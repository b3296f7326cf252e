"""From the octets of a submit back to the text and its place in a long message."""

from __future__ import annotations

from typing import Final

from textwell.smpp.long_messages import UDH_INDICATOR, Part, read_part
from textwell.smpp.pdu import Pdu
from textwell.text.alphabets import ESCAPE
from textwell.text.gsm7 import PLAIN

_UCS2: Final = 8
ONE_SEGMENT: Final = 140  # octets
_BY_CODING: Final = {1: "ascii", 3: "latin-1", 6: "iso8859-5", 7: "iso8859-8", _UCS2: "utf-16-be"}
# Septets whose GSM code is their ASCII code: a text of these alone is its own UTF-8.
SAME: Final = bytes(
    code for code in range(128) if code != ESCAPE and PLAIN.encode(chr(code)) == bytes((code,))
)


def find_part(pdu: Pdu) -> Part | None:
    """Which part of a long message this is; None for a whole one without a header."""
    if pdu.fields["esm_class"] & UDH_INDICATOR or "sar_total_segments" in pdu.tlvs:
        return read_part(pdu)
    return None


def count_parts(octets: bytes, data_coding: int) -> int:
    """Segments of a whole message that came in one piece, as the network cuts it for the phone."""
    if len(octets) <= ONE_SEGMENT:
        return 1
    if data_coding == 0:
        counted = [len(PLAIN.encode(letter) or b"?") for letter in PLAIN.decode(octets)]
        return _cut(counted, 160, 153)
    if data_coding == _UCS2:
        letters = octets.decode("utf-16-be", "replace")
        return _cut([1 + (letter > "\uffff") for letter in letters], 70, 67)
    return _cut([1] * len(octets), ONE_SEGMENT, 134)


def _cut(units: list[int], single: int, each: int) -> int:
    """Parts of `each` units at most; what takes two units is not cut in two."""
    if sum(units) <= single:
        return 1
    count = room = 0
    for size in units:
        if size > room:
            count, room = count + 1, each
        room -= size
    return count


def read_octets(octets: bytes, data_coding: int) -> str:
    """The text of a whole message; what cannot be read becomes a replacement character."""
    encoding = _BY_CODING.get(data_coding)
    if encoding is not None:
        return octets.decode(encoding, "replace")
    return PLAIN.decode(octets)
