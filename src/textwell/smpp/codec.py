"""Octets to PDUs and back, strict by SMPP 3.4 section 4; pure.

`decode` and `encode` walk the tables of `layouts` and `tlvs`. The three PDUs of the hot path have
hand-written equals in `fast`, which are tested to give the same.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from textwell.smpp.commands import COMMAND_NAMES, RESPONSE_BIT, Command, Status
from textwell.smpp.errors import DecodeError, EncodeError
from textwell.smpp.layouts import (
    ADDRESS_SIZE,
    DL_NAME_SIZE,
    LAYOUTS,
    MAX_DESTINATIONS,
    Field,
    Kind,
    TlvRule,
)
from textwell.smpp.pdu import Pdu
from textwell.smpp.tlvs import decode_tlvs, encode_tlvs

HEADER: Final = struct.Struct("!IIII")
HEADER_SIZE: Final = 16
DEFAULT_MAX_PDU: Final = 66 * 1024  # a message_payload of 65,535 octets and what may surround it

_SME, _LIST = 1, 2  # dest_flag of submit_multi
_TIME_TEXT: Final = 16  # a time string without its terminator
_BYTE: Final = 0xFF
_WORD: Final = 0xFFFFFFFF


class Header(NamedTuple):
    """The four header integers; `command_length` is in octets and counts the header."""

    command_length: int
    command_id: int
    status: int
    sequence: int


def read_header(data: bytes) -> Header:
    """Header of the PDU at the start of `data`; DecodeError if 16 octets are not there."""
    if len(data) < HEADER_SIZE:
        raise DecodeError(
            "command_length",
            f"a header has {HEADER_SIZE} octets, got {len(data)}",
            Status.ESME_RINVCMDLEN,
        )
    return Header(*HEADER.unpack_from(data))


def decode(data: bytes, *, strict: bool = True, max_pdu: int = DEFAULT_MAX_PDU) -> Pdu:
    """The one PDU that `data` is, header included.

    Raises DecodeError, with the ESME_* status to answer, for anything short, too long, lying about
    a length or unknown. `strict=False` forgives what carriers are known to send and what harms
    nobody (see `decode_body`).
    """
    header = read_header(data)
    if not HEADER_SIZE <= header.command_length <= max_pdu:
        raise DecodeError(
            "command_length",
            f"{header.command_length} is outside of {HEADER_SIZE} to {max_pdu}",
            Status.ESME_RINVCMDLEN,
        )
    if header.command_length != len(data):
        raise DecodeError(
            "command_length",
            f"says {header.command_length} octets, got {len(data)}",
            Status.ESME_RINVCMDLEN,
        )
    return decode_body(header, data, strict=strict)


def decode_body(header: Header, data: bytes, *, strict: bool = True) -> Pdu:
    """PDU from a header already read and the whole octets (header included) of its frame.

    Not strict: a time may have any length up to its limit, a response may lack its body, a TLV may
    be odd (see `tlvs.decode_tlvs`), and TLVs may follow PDUs that have none in the book.
    """
    layout = LAYOUTS.get(header.command_id)
    if layout is None:
        raise unknown_command(header.command_id)
    is_response = header.command_id >= RESPONSE_BIT
    pdu = Pdu(header.command_id, header.status, header.sequence)
    if len(data) == HEADER_SIZE and is_response and (header.status or not strict):
        return pdu
    reader = _Reader(data, strict=strict)
    for field in layout.fields:
        reader.read(field, pdu.fields)
    if reader.position < len(data):
        if layout.tlvs is TlvRule.NONE and (strict or not layout.fields):
            raise DecodeError(
                "command_length",
                f"{len(data) - reader.position} octets after the last parameter",
                Status.ESME_RINVCMDLEN,
            )
        pdu.tlvs = decode_tlvs(data, reader.position, len(data), strict=strict)
        if layout.tlvs is TlvRule.CONGESTION and strict and set(pdu.tlvs) != {"congestion_state"}:
            raise DecodeError(
                "tlvs", "none but congestion_state may follow here", Status.ESME_ROPTPARNOTALLWD
            )
    return pdu


def unknown_command(command_id: int) -> DecodeError:
    """The refusal of a PDU whose kind is not known; it is answered with generic_nack."""
    return DecodeError("command_id", f"0x{command_id:08X} is unknown", Status.ESME_RINVCMDID)


class _Reader:
    """A position in the octets of one PDU, and how to take a parameter from there."""

    __slots__ = ("data", "end", "position", "strict")

    def __init__(self, data: bytes, *, strict: bool) -> None:
        self.data = data
        self.position = HEADER_SIZE
        self.end = len(data)
        self.strict = strict

    def read(self, field: Field, into: dict[str, Any]) -> None:
        kind = field.kind
        if kind is Kind.INT:
            into[field.name] = self.octet(field.name)
        elif kind is Kind.TEXT:
            into[field.name] = self.text(field.name, field.size, field.status)
        elif kind is Kind.TIME:
            into[field.name] = self.time(field)
        elif kind is Kind.MESSAGE:
            into[field.name] = self.message(field)
        elif kind is Kind.DESTINATIONS:
            into[field.name] = self.destinations(field)
        else:
            into[field.name] = self.unsuccess()

    def octet(self, name: str) -> int:
        if self.position >= self.end:
            raise DecodeError(name, "the PDU ends before it")
        value = self.data[self.position]
        self.position += 1
        return value

    def text(self, name: str, size: int, status: int) -> str:
        stop = self.data.find(0, self.position, self.position + size)
        if stop < 0:
            if self.end - self.position >= size:
                raise DecodeError(name, f"longer than {size} octets with its terminator", status)
            raise DecodeError(name, "no terminator before the end of the PDU")
        value = self.data[self.position : stop].decode("latin-1")
        self.position = stop + 1
        return value

    def time(self, field: Field) -> str:
        value = self.text(field.name, field.size, field.status)
        if value and len(value) != _TIME_TEXT and self.strict:
            raise DecodeError(
                field.name, f"1 or 17 octets expected, got {len(value) + 1}", field.status
            )
        return value

    def message(self, field: Field) -> bytes:
        length = self.octet("sm_length")
        if length > field.size:
            raise DecodeError("sm_length", f"{length} is more than {field.size}")
        if length > self.end - self.position:
            raise DecodeError(
                "sm_length", f"says {length} octets, {self.end - self.position} are left"
            )
        value = self.data[self.position : self.position + length]
        self.position += length
        return value

    def destinations(self, field: Field) -> list[dict[str, Any]]:
        count = self.octet("number_of_dests")
        if not 1 <= count <= field.size:
            raise DecodeError(
                "number_of_dests", f"{count} is outside of 1 to {field.size}", field.status
            )
        return [self.destination() for _ in range(count)]

    def destination(self) -> dict[str, Any]:
        flag = self.octet("dest_flag")
        if flag == _SME:
            return {"dest_flag": flag, **self.address()}
        if flag == _LIST:
            name = self.text("dl_name", DL_NAME_SIZE, Status.ESME_RINVDLNAME)
            return {"dest_flag": flag, "dl_name": name}
        raise DecodeError("dest_flag", f"{flag} is neither 1 nor 2", Status.ESME_RINVDESTFLAG)

    def address(self) -> dict[str, Any]:
        return {
            "dest_addr_ton": self.octet("dest_addr_ton"),
            "dest_addr_npi": self.octet("dest_addr_npi"),
            "destination_addr": self.text("destination_addr", ADDRESS_SIZE, Status.ESME_RINVDSTADR),
        }

    def unsuccess(self) -> list[dict[str, Any]]:
        return [
            {**self.address(), "error_status_code": self.word("error_status_code")}
            for _ in range(self.octet("no_unsuccess"))
        ]

    def word(self, name: str) -> int:
        if self.end - self.position < 4:  # noqa: PLR2004 - a 32-bit integer
            raise DecodeError(name, "the PDU ends within it")
        self.position += 4
        return int.from_bytes(self.data[self.position - 4 : self.position], "big")


def encode(pdu: Pdu) -> bytes:
    """Octets of a PDU; parameters left out are zero or empty. Raises EncodeError by field.

    A negative response without fields is written without a body, as the book has it.
    """
    body = encode_body(pdu)
    for name, value in (("status", pdu.status), ("sequence", pdu.sequence)):
        if not 0 <= value <= _WORD:
            raise EncodeError(name, f"{value} does not fit into 32 bits")
    return HEADER.pack(len(body) + HEADER_SIZE, pdu.command_id, pdu.status, pdu.sequence) + body


def encode_body(pdu: Pdu) -> bytes:
    """Octets after the header."""
    layout = LAYOUTS.get(pdu.command_id)
    if layout is None:
        raise EncodeError("command_id", f"0x{pdu.command_id:08X} is unknown")
    if pdu.is_response and pdu.status and not pdu.fields and not pdu.tlvs:
        return b""
    _refuse_unknown_fields(pdu.fields, layout.fields)
    parts = [_write(field, pdu.fields.get(field.name)) for field in layout.fields]
    if pdu.tlvs:
        _refuse_forbidden_tlvs(pdu, layout.tlvs)
        parts.append(encode_tlvs(pdu.tlvs))
    return b"".join(parts)


def _refuse_unknown_fields(given: Mapping[str, Any], known: tuple[Field, ...]) -> None:
    strange = set(given) - {field.name for field in known}
    if strange:
        name = min(strange)
        raise EncodeError(name, "no parameter of this PDU")


def _refuse_forbidden_tlvs(pdu: Pdu, rule: TlvRule) -> None:
    allowed = rule is TlvRule.ANY or (
        rule is TlvRule.CONGESTION and set(pdu.tlvs) == {"congestion_state"}
    )
    if not allowed:
        raise EncodeError("tlvs", f"{COMMAND_NAMES[pdu.command_id]} takes: {rule.value}")


def _write(field: Field, value: Any) -> bytes:  # Any: the type depends on the field's kind
    kind = field.kind
    if kind is Kind.INT:
        return _octet(field.name, 0 if value is None else value)
    if kind is Kind.TEXT:
        return _text(field.name, value or "", field.size)
    if kind is Kind.TIME:
        return _time(field, value or "")
    if kind is Kind.MESSAGE:
        return _message(field, value or b"")
    if kind is Kind.DESTINATIONS:
        return _destinations(field, value or ())
    return _unsuccess(value or ())


def _octet(name: str, value: object) -> bytes:
    if not isinstance(value, int) or not 0 <= value <= _BYTE:
        raise EncodeError(name, f"an integer from 0 to 255 expected, got {value!r}")
    return bytes((value,))


def _text(name: str, value: object, size: int) -> bytes:
    if not isinstance(value, str) or "\0" in value:
        raise EncodeError(name, "text without NUL expected")
    if len(value) >= size:
        raise EncodeError(name, f"{len(value)} characters, at most {size - 1} fit")
    try:
        return value.encode("latin-1") + b"\0"
    except UnicodeEncodeError:
        raise EncodeError(name, "has characters outside of Latin-1") from None


def _time(field: Field, value: object) -> bytes:
    octets = _text(field.name, value, field.size)
    if len(octets) not in {1, _TIME_TEXT + 1}:
        raise EncodeError(field.name, "a time is empty or has 16 characters (YYMMDDhhmmsstnnp)")
    return octets


def _message(field: Field, value: object) -> bytes:
    if not isinstance(value, bytes):
        raise EncodeError(field.name, f"octets expected, got {type(value).__name__}")
    if len(value) > field.size:
        raise EncodeError(
            field.name, f"{len(value)} octets, at most {field.size} fit; use message_payload"
        )
    return bytes((len(value),)) + value


def _destinations(field: Field, value: Any) -> bytes:  # Any: a list of dicts by the book's names
    if not 1 <= len(value) <= MAX_DESTINATIONS:
        raise EncodeError(field.name, f"1 to {MAX_DESTINATIONS} destinations, got {len(value)}")
    return _octet("number_of_dests", len(value)) + b"".join(map(_destination, value))


def _destination(value: Mapping[str, Any]) -> bytes:
    flag = value.get("dest_flag", _LIST if "dl_name" in value else _SME)
    if flag == _SME:
        return bytes((flag,)) + _address(value)
    if flag == _LIST:
        return bytes((flag,)) + _text("dl_name", value.get("dl_name", ""), DL_NAME_SIZE)
    raise EncodeError("dest_flag", f"1 (SME) or 2 (distribution list) expected, got {flag!r}")


def _address(value: Mapping[str, Any]) -> bytes:
    return (
        _octet("dest_addr_ton", value.get("dest_addr_ton", 0))
        + _octet("dest_addr_npi", value.get("dest_addr_npi", 0))
        + _text("destination_addr", value.get("destination_addr", ""), ADDRESS_SIZE)
    )


def _unsuccess(value: Any) -> bytes:  # Any: a list of dicts by the book's names
    return _octet("no_unsuccess", len(value)) + b"".join(
        _address(one) + _code(one.get("error_status_code", 0)) for one in value
    )


def _code(value: object) -> bytes:
    if not isinstance(value, int) or not 0 <= value <= _WORD:
        raise EncodeError("error_status_code", f"a 32-bit integer expected, got {value!r}")
    return value.to_bytes(4, "big")


def response_id(command_id: int) -> int:
    """Id of the response to a request; generic_nack for requests that have none."""
    answer = command_id | RESPONSE_BIT
    return answer if answer in LAYOUTS else int(Command.generic_nack)
