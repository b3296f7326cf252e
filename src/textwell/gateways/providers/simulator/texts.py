"""From the octets of a submit back to the text and its place in a long message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from textwell.smpp.pdu import Pdu
from textwell.text.alphabets import ESCAPE
from textwell.text.gsm7 import PLAIN

_UDHI: Final = 0x40
_UCS2: Final = 8
ONE_SEGMENT: Final = 140  # octets
_BY_CODING: Final = {1: "ascii", 3: "latin-1", 6: "iso8859-5", 7: "iso8859-8", _UCS2: "utf-16-be"}
# Septets whose GSM code is their ASCII code: a text of these alone is its own UTF-8.
SAME: Final = bytes(
    code for code in range(128) if code != ESCAPE and PLAIN.encode(chr(code)) == bytes((code,))
)


@dataclass(frozen=True, slots=True)
class Part:
    """`reference` with source and destination tells the message; `number` from 1."""

    reference: int
    total: int
    number: int
    octets: bytes


def find_part(pdu: Pdu, octets: bytes) -> Part | None:
    """Which part of a long message this is, by its user data; None for a whole one."""
    if pdu.fields["esm_class"] & _UDHI:
        return _from_header(octets)
    tlvs = pdu.tlvs
    if "sar_total_segments" in tlvs and "sar_msg_ref_num" in tlvs:
        return Part(
            tlvs["sar_msg_ref_num"],
            tlvs["sar_total_segments"],
            tlvs.get("sar_segment_seqnum", 1),
            octets,
        )
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


def _from_header(octets: bytes) -> Part | None:
    if not octets:
        return None
    end = octets[0] + 1
    place = 1
    while place + 1 < end:
        element, size = octets[place], octets[place + 1]
        data = octets[place + 2 : place + 2 + size]
        if element == 0 and len(data) == 3:  # noqa: PLR2004 - 8-bit reference, total, number
            return Part(data[0], data[1], data[2], octets[end:])
        if element == 8 and len(data) == 4:  # noqa: PLR2004 - 16-bit reference, total, number
            return Part(data[0] << 8 | data[1], data[2], data[3], octets[end:])
        place += 2 + size
    return Part(0, 1, 1, octets[end:])


def read_octets(octets: bytes, data_coding: int) -> str:
    """The text of a whole message; what cannot be read becomes a replacement character."""
    encoding = _BY_CODING.get(data_coding)
    if encoding is not None:
        return octets.decode(encoding, "replace")
    return PLAIN.decode(octets)


def message_octets(pdu: Pdu) -> bytes:
    """short_message or, where that is empty, message_payload."""
    octets: bytes = pdu.fields.get("short_message") or pdu.tlvs.get("message_payload", b"")
    return octets
