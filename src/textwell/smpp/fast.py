"""Hand-written equals of `codec` for the PDUs of the hot path.

A campaign's submit_sm differ in destination and text only, so a SubmitTemplate is checked and laid
out once and costs two joins a message. Tests hold every function here to `codec`'s answer.
"""

from __future__ import annotations

import struct
from typing import Any, Final

from textwell.smpp.codec import encode_body
from textwell.smpp.commands import Command
from textwell.smpp.errors import EncodeError
from textwell.smpp.layouts import MAX_SHORT_MESSAGE
from textwell.smpp.pdu import Pdu
from textwell.smpp.tlvs import decode_tlvs, encode_tlvs

_OCTET: Final = tuple(bytes((value,)) for value in range(256))
_MAX_ADDRESS: Final = 20  # characters, without the terminator
_UDH_INDICATOR: Final = 0x40


class SubmitTemplate:
    """Bodies of submit_sm (or deliver_sm) that differ in destination and text only.

    Takes the other mandatory parameters by published name, TLVs in `tlvs`; raises EncodeError by
    field. Immutable; safe to share.
    """

    __slots__ = ("_middle", "_middle_udh", "_prefix", "_suffix", "fields", "tlvs")

    def __init__(self, *, tlvs: dict[str, Any] | None = None, **fields: Any) -> None:
        self.fields = dict(fields)
        self.tlvs = dict(tlvs or {})
        self._prefix, self._middle = _halves(self.fields)
        udh = self.fields.get("esm_class", 0) | _UDH_INDICATOR
        _, self._middle_udh = _halves({**self.fields, "esm_class": udh})
        self._suffix = encode_tlvs(self.tlvs)

    def body(
        self, destination_addr: bytes, short_message: bytes, *, udh: bool = False, tlvs: bytes = b""
    ) -> bytes:
        """Octets after the header, for `Session.request_batch`; the one call per message.

        `destination_addr`: ASCII digits, at most 20. `short_message`: at most 254 octets. `udh`
        sets the UDH indicator. `tlvs`: octets from `encode_tlvs`, put before the template's own.
        """
        if len(destination_addr) > _MAX_ADDRESS or b"\0" in destination_addr:
            raise EncodeError("destination_addr", f"at most {_MAX_ADDRESS} octets without NUL")
        if len(short_message) > MAX_SHORT_MESSAGE:
            raise EncodeError("short_message", f"at most {MAX_SHORT_MESSAGE} octets fit")
        return (
            self._prefix
            + destination_addr
            + (self._middle_udh if udh else self._middle)
            + _OCTET[len(short_message)]
            + short_message
            + tlvs
            + self._suffix
        )


def _halves(fields: dict[str, Any]) -> tuple[bytes, bytes]:
    """Octets before the destination address, and from its terminator to before sm_length."""
    for name in ("destination_addr", "short_message"):
        if name in fields:
            raise EncodeError(name, "is given with each message, not in the template")
    body = encode_body(Pdu(Command.submit_sm, fields=fields))
    before = len(fields.get("service_type", "")) + len(fields.get("source_addr", "")) + 6
    return body[:before], body[before:-1]


def decode_message_id(data: bytes, position: int, end: int) -> str | None:
    """message_id of a plain submit_sm_resp body (one C-octet string, nothing after it).

    None where the body is anything else: the caller then takes the long way through `codec`.
    """
    if 1 <= end - position <= 65 and data.find(0, position, end) == end - 1:  # noqa: PLR2004
        return str(data[position : end - 1], "latin-1")
    return None


def decode_sm(
    command_id: int, status: int, sequence: int, data: bytes, *, strict: bool = True
) -> Pdu | None:
    """submit_sm or deliver_sm from its whole frame, if its mandatory part is by the book.

    None for every other frame: the caller then takes the long way through `codec`, which also
    words the error. DecodeError for TLVs that `codec` would refuse as well.
    """
    text, size = str(data, "latin-1"), len(data)
    find = text.find
    end_service = find("\0", 16, 22)
    end_source = find("\0", end_service + 3, end_service + 24)
    end_dest = find("\0", end_source + 3, end_source + 24)
    end_schedule = find("\0", end_dest + 4, end_dest + 21)
    end_validity = find("\0", end_schedule + 1, end_schedule + 18)
    start = end_validity + 6
    if (
        end_service < 0
        or end_source < 0
        or end_dest < 0
        # A terminator that is not there gives a distance below zero.
        or (end_schedule - end_dest) not in _TIME_STEPS
        or (end_validity - end_schedule) not in _VALIDITY_STEPS
        or size < start
    ):
        return None
    receipts, replace, coding, default_id, length = _AFTER_VALIDITY(data, end_validity + 1)
    end = start + length
    if size < end or length > MAX_SHORT_MESSAGE:
        return None
    source_ton, source_npi = _TON_NPI(data, end_service + 1)
    dest_ton, dest_npi = _TON_NPI(data, end_source + 1)
    esm_class, protocol_id, priority = _AFTER_ADDRESS(data, end_dest + 1)
    return Pdu(
        command_id,
        status,
        sequence,
        {
            "service_type": text[16:end_service],
            "source_addr_ton": source_ton,
            "source_addr_npi": source_npi,
            "source_addr": text[end_service + 3 : end_source],
            "dest_addr_ton": dest_ton,
            "dest_addr_npi": dest_npi,
            "destination_addr": text[end_source + 3 : end_dest],
            "esm_class": esm_class,
            "protocol_id": protocol_id,
            "priority_flag": priority,
            "schedule_delivery_time": text[end_dest + 4 : end_schedule],
            "validity_period": text[end_schedule + 1 : end_validity],
            "registered_delivery": receipts,
            "replace_if_present_flag": replace,
            "data_coding": coding,
            "sm_default_msg_id": default_id,
            "short_message": data[start:end],
        },
        decode_tlvs(data, end, size, strict=strict) if end < size else {},
    )


_TON_NPI: Final = struct.Struct("BB").unpack_from
_AFTER_ADDRESS: Final = struct.Struct("BBB").unpack_from
_AFTER_VALIDITY: Final = struct.Struct("BBBBB").unpack_from
# Distances between terminators: an empty time or one of 16 characters.
_TIME_STEPS: Final = frozenset({4, 20})
_VALIDITY_STEPS: Final = frozenset({1, 17})
