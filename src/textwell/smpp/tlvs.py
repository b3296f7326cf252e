"""Optional parameters (TLVs) of SMPP 3.4 section 5.3 and of 5.0 section 4.8.4, as one table.

A TLV is a 16-bit tag, a 16-bit length and that many octets. The table gives each known tag its
published name, its form and its lengths. Tags that are not in it are kept under `0xTTTT` with
their octets as they came, so that vendors' own parameters survive.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from textwell.smpp.commands import Status
from textwell.smpp.errors import DecodeError, EncodeError

_HEAD: Final = struct.Struct("!HH")
_OWN_TAG: Final = re.compile("0x[0-9A-Fa-f]{4}")


class Form(Enum):
    """How the octets of a TLV are to be read."""

    INTEGER = "integer"
    C_STRING = "C-octet string"
    OCTETS = "octet string"
    FLAG = "empty in 3.4, an integer of one octet in 5.0"


@dataclass(frozen=True, slots=True)
class Tlv:
    """One known TLV. `least` and `most` are lengths of the value in octets, terminator included.

    `has_two_sizes`: no length between the two, where 3.4 and 5.0 differ.
    """

    tag: int
    name: str
    form: Form
    least: int
    most: int
    has_two_sizes: bool = False

    def fits(self, size: int) -> bool:
        """Whether a value may have this many octets."""
        if self.has_two_sizes:
            return size in {self.least, self.most}
        return self.least <= size <= self.most

    @property
    def sizes(self) -> str:
        """The lengths allowed, for messages."""
        if self.least == self.most:
            return f"allowed is {self.least}"
        return f"allowed are {self.least} {'or' if self.has_two_sizes else 'to'} {self.most}"


def _integer(tag: int, name: str, size: int = 1, *, other: int | None = None) -> Tlv:
    return Tlv(tag, name, Form.INTEGER, size, other or size, has_two_sizes=other is not None)


def _text(tag: int, name: str, most: int, *, least: int = 1) -> Tlv:
    return Tlv(tag, name, Form.C_STRING, least, most)


def _octets(tag: int, name: str, least: int, most: int) -> Tlv:
    return Tlv(tag, name, Form.OCTETS, least, most)


TLVS: Final[tuple[Tlv, ...]] = (
    _integer(0x0005, "dest_addr_subunit"),
    _integer(0x0006, "dest_network_type"),
    _integer(0x0007, "dest_bearer_type"),
    _integer(0x0008, "dest_telematics_id", 2),
    _integer(0x000D, "source_addr_subunit"),
    _integer(0x000E, "source_network_type"),
    _integer(0x000F, "source_bearer_type"),
    _integer(0x0010, "source_telematics_id", 1, other=2),  # 1 in 3.4; seen as 2, like its twin
    _integer(0x0017, "qos_time_to_live", 4),
    _integer(0x0019, "payload_type"),
    _text(0x001D, "additional_status_info_text", 256),
    _text(0x001E, "receipted_message_id", 65),
    _integer(0x0030, "ms_msg_wait_facilities"),
    _integer(0x0201, "privacy_indicator"),
    _octets(0x0202, "source_subaddress", 2, 23),
    _octets(0x0203, "dest_subaddress", 2, 23),
    _integer(0x0204, "user_message_reference", 2),
    _integer(0x0205, "user_response_code"),
    _integer(0x020A, "source_port", 2),
    _integer(0x020B, "destination_port", 2),
    _integer(0x020C, "sar_msg_ref_num", 2),
    _integer(0x020D, "language_indicator"),
    _integer(0x020E, "sar_total_segments"),
    _integer(0x020F, "sar_segment_seqnum"),
    _integer(0x0210, "sc_interface_version"),
    _integer(0x0302, "callback_num_pres_ind"),
    _octets(0x0303, "callback_num_atag", 0, 65),
    _integer(0x0304, "number_of_messages"),
    _octets(0x0381, "callback_num", 4, 19),
    _integer(0x0420, "dpf_result"),
    _integer(0x0421, "set_dpf"),
    _integer(0x0422, "ms_availability_status"),
    _octets(0x0423, "network_error_code", 3, 3),
    _octets(0x0424, "message_payload", 0, 0xFFFF),
    _integer(0x0425, "delivery_failure_reason"),
    _integer(0x0426, "more_messages_to_send"),
    _integer(0x0427, "message_state"),
    _integer(0x0428, "congestion_state"),
    _octets(0x0501, "ussd_service_op", 1, 1),
    _integer(0x0600, "broadcast_channel_indicator"),
    _octets(0x0601, "broadcast_content_type", 3, 3),
    _octets(0x0602, "broadcast_content_type_info", 1, 255),
    _integer(0x0603, "broadcast_message_class"),
    _integer(0x0604, "broadcast_rep_num", 2),
    _octets(0x0605, "broadcast_frequency_interval", 3, 3),
    _octets(0x0606, "broadcast_area_identifier", 1, 0xFFFF),
    _integer(0x0607, "broadcast_error_status", 4),
    _integer(0x0608, "broadcast_area_success"),
    _text(0x0609, "broadcast_end_time", 17),
    _octets(0x060A, "broadcast_service_group", 1, 255),
    _octets(0x060B, "billing_identification", 1, 1024),
    _text(0x060D, "source_network_id", 65, least=7),
    _text(0x060E, "dest_network_id", 65, least=7),
    _octets(0x060F, "source_node_id", 6, 6),
    _octets(0x0610, "dest_node_id", 6, 6),
    _integer(0x0611, "dest_addr_np_resolution"),
    _octets(0x0612, "dest_addr_np_information", 10, 10),
    Tlv(0x0613, "dest_addr_np_country", Form.INTEGER, 1, 5),
    _integer(0x1201, "display_time"),
    _integer(0x1203, "sms_signal", 2),
    _integer(0x1204, "ms_validity", 1, other=4),  # one octet in 3.4, one or four in 5.0
    Tlv(0x130C, "alert_on_message_delivery", Form.FLAG, 0, 1),
    _integer(0x1380, "its_reply_type"),
    _octets(0x1383, "its_session_info", 2, 2),
)

BY_TAG: Final[dict[int, Tlv]] = {tlv.tag: tlv for tlv in TLVS}
BY_NAME: Final[dict[str, Tlv]] = {tlv.name: tlv for tlv in TLVS}


def encode_tlvs(tlvs: Mapping[str, Any]) -> bytes:
    """Octets of TLVs given by published name or as `0xTTTT`; a list or tuple repeats the TLV.

    Raises EncodeError naming the TLV.
    """
    out: list[bytes] = []
    for name, value in tlvs.items():
        for one in value if isinstance(value, list | tuple) else (value,):
            tag, octets = _encode_value(name, one)
            out.append(_HEAD.pack(tag, len(octets)) + octets)
    return b"".join(out)


def _encode_value(name: str, value: int | str | bytes) -> tuple[int, bytes]:
    known = BY_NAME.get(name)
    if known is None:
        return _unknown_tag(name), _as_octets(name, value)
    if known.form is Form.INTEGER:
        octets = _integer_octets(known, value)
    elif known.form is Form.C_STRING:
        octets = _c_string_octets(known, value)
    elif known.form is Form.FLAG and value != b"":
        octets = _integer_octets(known, value)
    else:
        octets = _as_octets(name, value)
    if not known.fits(len(octets)):
        raise EncodeError(name, f"{len(octets)} octets, {known.sizes}")
    return known.tag, octets


def _unknown_tag(name: str) -> int:
    if _OWN_TAG.fullmatch(name):
        return int(name, 16)
    raise EncodeError(name, "no TLV of this name; give an own one as 0xTTTT with its octets")


def _as_octets(name: str, value: object) -> bytes:
    if not isinstance(value, bytes):
        raise EncodeError(name, f"octets expected, got {type(value).__name__}")
    if len(value) > 0xFFFF:  # noqa: PLR2004 - the length is 16 bits wide
        raise EncodeError(name, f"{len(value)} octets, a TLV carries at most 65535")
    return value


def _integer_octets(known: Tlv, value: object) -> bytes:
    if not isinstance(value, int):
        raise EncodeError(known.name, f"integer expected, got {type(value).__name__}")
    needed = max(1, (value.bit_length() + 7) // 8)
    size = next((n for n in range(needed, known.most) if known.fits(n)), known.most)
    try:
        return value.to_bytes(size, "big")
    except OverflowError:
        raise EncodeError(known.name, f"{value} does not fit into {size} octets") from None


def _c_string_octets(known: Tlv, value: object) -> bytes:
    if not isinstance(value, str) or "\0" in value:
        raise EncodeError(known.name, "text without NUL expected")
    try:
        return value.encode("latin-1") + b"\0"
    except UnicodeEncodeError:
        raise EncodeError(known.name, "has characters outside of Latin-1") from None


_RECEIPTED_ID: Final = 0x001E
_ID_OCTETS: Final = 65
_MESSAGE_STATE: Final = 0x0427


def decode_tlvs(data: bytes, position: int, end: int, *, strict: bool = True) -> dict[str, Any]:
    """TLVs between `position` and `end`; a repeated TLV gives a list.

    Strict: a known TLV whose length or form is not by the book raises DecodeError. Not strict: a
    missing terminator is forgiven (many SMSCs leave it out of receipted_message_id) and any other
    odd value is kept under `0xTTTT`. A length beyond the PDU raises in both.
    """
    found: dict[str, Any] = {}
    name: str
    value: int | str | bytes
    while position < end:
        if end - position < _HEAD.size:
            raise DecodeError(
                "tlvs", f"{end - position} octets left over", Status.ESME_RINVOPTPARSTREAM
            )
        tag, length = _HEAD.unpack_from(data, position)
        position += 4
        if length > end - position:
            raise DecodeError(
                _name_of(tag),
                f"length {length}, but {end - position} octets are left",
                Status.ESME_RINVOPTPARSTREAM,
            )
        stop = position + length
        if tag == _MESSAGE_STATE and length == 1:  # the two of every receipt, the quick way
            name, value = "message_state", data[position]
        elif (
            tag == _RECEIPTED_ID
            and 1 <= length <= _ID_OCTETS
            and data.find(0, position, stop) == stop - 1
        ):
            name, value = "receipted_message_id", str(data[position : stop - 1], "latin-1")
        else:
            name, value = _decode_value(tag, data[position:stop], strict=strict)
        position = stop
        if name in found:
            _keep(found, name, value)
        else:
            found[name] = value
    return found


def _keep(found: dict[str, Any], name: str, value: int | str | bytes) -> None:
    if isinstance(found[name], list):
        found[name].append(value)
    else:
        found[name] = [found[name], value]


def _name_of(tag: int) -> str:
    known = BY_TAG.get(tag)
    return known.name if known else f"0x{tag:04X}"


def _decode_value(tag: int, octets: bytes, *, strict: bool) -> tuple[str, int | str | bytes]:
    known = BY_TAG.get(tag)
    if known is None:
        return f"0x{tag:04X}", octets
    try:
        return known.name, _read(known, octets, strict=strict)
    except DecodeError:
        if strict:
            raise
        return f"0x{tag:04X}", octets


def _read(known: Tlv, octets: bytes, *, strict: bool) -> int | str | bytes:
    if known.form is Form.C_STRING:
        return _read_c_string(known, octets, strict=strict)
    if not known.fits(len(octets)):
        raise DecodeError(
            known.name, f"length {len(octets)}, {known.sizes}", Status.ESME_RINVPARLEN
        )
    is_number = known.form is Form.INTEGER or (known.form is Form.FLAG and octets)
    return int.from_bytes(octets, "big") if is_number else octets


def _read_c_string(known: Tlv, octets: bytes, *, strict: bool) -> str:
    text = octets if not strict else octets[:-1]
    if strict and octets[-1:] != b"\0":
        raise DecodeError(known.name, "no terminator", Status.ESME_RINVPARLEN)
    if not strict:
        text = octets.rstrip(b"\0")
    if b"\0" in text:
        raise DecodeError(known.name, "NUL before its end", Status.ESME_RINVPARLEN)
    if not known.fits(len(text) + 1):
        raise DecodeError(
            known.name, f"length {len(octets)}, {known.sizes}", Status.ESME_RINVPARLEN
        )
    return text.decode("latin-1")
