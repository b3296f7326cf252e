"""data_coding (3.4 section 5.2.19): which alphabet a message is in; pure."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Final


class DataCoding(IntEnum):
    """Values of SMPP itself. 0 is the SMSC's default alphabet, mostly unpacked GSM 03.38."""

    DEFAULT = 0
    IA5 = 1
    OCTETS = 2
    LATIN1 = 3
    OCTETS_TOO = 4
    JIS = 5
    CYRILLIC = 6
    HEBREW = 7
    UCS2 = 8
    PICTOGRAM = 9
    ISO_2022_JP = 10
    EXTENDED_JIS = 13
    KS_C_5601 = 14


_CODECS: Final[dict[int, str]] = {
    DataCoding.IA5: "ascii",
    DataCoding.LATIN1: "latin-1",
    DataCoding.JIS: "shift_jis",
    DataCoding.CYRILLIC: "iso8859-5",
    DataCoding.HEBREW: "iso8859-8",
    DataCoding.UCS2: "utf-16-be",
    DataCoding.ISO_2022_JP: "iso2022_jp",
    DataCoding.EXTENDED_JIS: "euc_jp",
    DataCoding.KS_C_5601: "euc_kr",
}
_CLASS_GROUP: Final = 0xF0  # GSM 03.38: data coding and message class in one octet
_CLASS_IS_OCTETS: Final = 0x04
_WAITING_GROUPS: Final = {0xC0: DataCoding.DEFAULT, 0xD0: DataCoding.DEFAULT, 0xE0: DataCoding.UCS2}


def base_coding(data_coding: int) -> int:
    """The plain value of a data_coding that also carries a message class or waiting indication."""
    group = data_coding & 0xF0
    if group == _CLASS_GROUP:
        return DataCoding.OCTETS_TOO if data_coding & _CLASS_IS_OCTETS else DataCoding.DEFAULT
    return _WAITING_GROUPS.get(group, data_coding)


def decode_text(
    octets: bytes, data_coding: int, *, default_alphabet: Callable[[bytes], str]
) -> str | None:
    """Text of a message; None for binary and reserved codings.

    `default_alphabet` reads data_coding 0 as the carrier means it. What is no character of the
    alphabet becomes U+FFFD: a broken reply is still a reply.
    """
    base = base_coding(data_coding)
    if base == DataCoding.DEFAULT:
        return default_alphabet(octets)
    codec = _CODECS.get(base)
    return octets.decode(codec, "replace") if codec else None


def encode_text(text: str, data_coding: int) -> bytes:
    """Octets of a text in one of SMPP's own alphabets, but for 0, which is the carrier's.

    Raises ValueError for a character that the alphabet lacks and for codings without alphabet.
    """
    codec = _CODECS.get(base_coding(data_coding))
    if codec is None:
        raise ValueError(f"data_coding: {data_coding} names no alphabet known here")
    return text.encode(codec)
