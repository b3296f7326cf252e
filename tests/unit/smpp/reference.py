"""A second reader of PDUs, written from the tables of the specification and apart from the first.

It knows the forms by one string for each command and eats the octets from the front, so that a
slip in `codec`, `layouts` or `tlvs` shows as a difference. It tells right from wrong, not why.
"""

from __future__ import annotations

import struct
from typing import Any

Answer = dict[str, Any]  # Any: JSON values

# name:size is a C-octet string, name alone an octet, name@ a time, *name a form of its own.
_SOURCE = "source_addr_ton source_addr_npi source_addr:21"
_DEST = "dest_addr_ton dest_addr_npi destination_addr:21"
_OPTIONS = (
    "esm_class protocol_id priority_flag schedule_delivery_time@ validity_period@ "
    "registered_delivery replace_if_present_flag data_coding sm_default_msg_id *short_message"
)
_BIND = (
    "system_id:16 password:9 system_type:13 interface_version addr_ton addr_npi address_range:41"
)
_ANY, _CONGESTION, _NONE = "any", "congestion_state", "none"
COMMANDS: dict[int, tuple[str, str, str]] = {
    0x01: ("bind_receiver", _BIND, _NONE),
    0x02: ("bind_transmitter", _BIND, _NONE),
    0x03: ("query_sm", f"message_id:65 {_SOURCE}", _NONE),
    0x04: ("submit_sm", f"service_type:6 {_SOURCE} {_DEST} {_OPTIONS}", _ANY),
    0x05: ("deliver_sm", f"service_type:6 {_SOURCE} {_DEST} {_OPTIONS}", _ANY),
    0x06: ("unbind", "", _NONE),
    0x07: (
        "replace_sm",
        (
            f"message_id:65 {_SOURCE} schedule_delivery_time@ validity_period@ registered_delivery "
            "sm_default_msg_id *short_message"
        ),
        _ANY,
    ),
    0x08: ("cancel_sm", f"service_type:6 message_id:65 {_SOURCE} {_DEST}", _NONE),
    0x09: ("bind_transceiver", _BIND, _NONE),
    0x0B: ("outbind", "system_id:16 password:9", _NONE),
    0x15: ("enquire_link", "", _NONE),
    0x21: ("submit_multi", f"service_type:6 {_SOURCE} *dest_address {_OPTIONS}", _ANY),
    0x102: (
        "alert_notification",
        "source_addr_ton source_addr_npi source_addr:65 esme_addr_ton esme_addr_npi esme_addr:65",
        _ANY,
    ),
    0x103: (
        "data_sm",
        (
            "service_type:6 source_addr_ton source_addr_npi source_addr:65 dest_addr_ton dest_addr_npi "
            "destination_addr:65 esm_class registered_delivery data_coding"
        ),
        _ANY,
    ),
    0x111: (
        "broadcast_sm",
        (
            f"service_type:6 {_SOURCE} message_id:65 priority_flag schedule_delivery_time@ "
            "validity_period@ replace_if_present_flag data_coding sm_default_msg_id"
        ),
        _ANY,
    ),
    0x112: ("query_broadcast_sm", f"message_id:65 {_SOURCE}", _ANY),
    0x113: ("cancel_broadcast_sm", f"service_type:6 message_id:65 {_SOURCE}", _ANY),
    0x80000000: ("generic_nack", "", _NONE),
    0x80000003: (
        "query_sm_resp",
        "message_id:65 final_date@ message_state error_code",
        _CONGESTION,
    ),
    0x80000021: ("submit_multi_resp", "message_id:65 *unsuccess_sme", _ANY),
    **{
        0x80000000 | one: (f"{name}_resp", "system_id:16", _ANY)
        for one, name in ((1, "bind_receiver"), (2, "bind_transmitter"), (9, "bind_transceiver"))
    },
    **{
        0x80000000 | one: (f"{name}_resp", "message_id:65", _ANY)
        for one, name in (
            (0x04, "submit_sm"),
            (0x05, "deliver_sm"),
            (0x103, "data_sm"),
            (0x111, "broadcast_sm"),
            (0x112, "query_broadcast_sm"),
        )
    },
    **{
        0x80000000 | one: (f"{name}_resp", "", _CONGESTION)
        for one, name in (
            (0x06, "unbind"),
            (0x07, "replace_sm"),
            (0x08, "cancel_sm"),
            (0x15, "enquire_link"),
            (0x113, "cancel_broadcast_sm"),
        )
    },
}

# Tag, name, form and the lengths allowed: i integer, c C-octet string, o octet string, f flag.
TLVS: dict[int, tuple[str, str, range | tuple[int, ...]]] = {
    0x0005: ("dest_addr_subunit", "i", (1,)),
    0x0008: ("dest_telematics_id", "i", (2,)),
    0x0010: ("source_telematics_id", "i", (1, 2)),
    0x0017: ("qos_time_to_live", "i", (4,)),
    0x001D: ("additional_status_info_text", "c", range(1, 257)),
    0x001E: ("receipted_message_id", "c", range(1, 66)),
    0x0030: ("ms_msg_wait_facilities", "i", (1,)),
    0x0202: ("source_subaddress", "o", range(2, 24)),
    0x0204: ("user_message_reference", "i", (2,)),
    0x020B: ("destination_port", "i", (2,)),
    0x020C: ("sar_msg_ref_num", "i", (2,)),
    0x020E: ("sar_total_segments", "i", (1,)),
    0x0210: ("sc_interface_version", "i", (1,)),
    0x0303: ("callback_num_atag", "o", range(66)),
    0x0381: ("callback_num", "o", range(4, 20)),
    0x0423: ("network_error_code", "o", (3,)),
    0x0424: ("message_payload", "o", range(65536)),
    0x0427: ("message_state", "i", (1,)),
    0x0428: ("congestion_state", "i", (1,)),
    0x0501: ("ussd_service_op", "o", (1,)),
    0x0607: ("broadcast_error_status", "i", (4,)),
    0x060D: ("source_network_id", "c", range(7, 66)),
    0x0613: ("dest_addr_np_country", "i", range(1, 6)),
    0x1203: ("sms_signal", "i", (2,)),
    0x1204: ("ms_validity", "i", (1, 4)),
    0x130C: ("alert_on_message_delivery", "f", (0, 1)),
    0x1383: ("its_session_info", "o", (2,)),
}


class NotByTheBook(Exception):
    """These octets are no PDU."""


class _Octets:
    def __init__(self, left: bytes) -> None:
        self.left = left

    def take(self, count: int) -> bytes:
        if count > len(self.left):
            raise NotByTheBook
        taken, self.left = self.left[:count], self.left[count:]
        return taken

    def number(self, size: int = 1) -> int:
        return int.from_bytes(self.take(size), "big")

    def text(self, most: int) -> str:
        before, end, after = self.left.partition(b"\0")
        if not end or len(before) >= most:
            raise NotByTheBook
        self.left = after
        return before.decode("latin-1")

    def address(self) -> Answer:
        return {
            "dest_addr_ton": self.number(),
            "dest_addr_npi": self.number(),
            "destination_addr": self.text(21),
        }


def read(data: bytes) -> Answer:
    """What `textwell inspect pdu` should answer, with True for any error."""
    answer: Answer = dict.fromkeys(("command", "status", "sequence"))
    answer |= {"fields": {}, "tlvs": {}, "error": True}
    if len(data) < 16:
        return answer
    length, command_id, answer["status"], answer["sequence"] = struct.unpack_from(">4I", data)
    answer["command"], form, tail = COMMANDS.get(command_id, (None, "", _NONE))
    if answer["command"] is None or length != len(data):
        return answer
    octets = _Octets(data[16:])
    try:
        if octets.left or command_id < 0x80000000 or answer["status"] == 0:
            fields = dict(_fields(octets, form))
            answer |= {"tlvs": _tlvs(octets, tail), "fields": fields}
    except NotByTheBook:
        return answer
    return answer | {"error": None}


def _fields(octets: _Octets, form: str) -> Answer:
    found: Answer = {}
    for item in form.split():
        name, _, size = item.partition(":")
        if size:
            found[name] = octets.text(int(size))
        elif name.endswith("@"):
            found[name[:-1]] = text = octets.text(17)
            if len(text) not in {0, 16}:
                raise NotByTheBook
        elif name.startswith("*"):
            found |= _special(octets, name[1:])
        else:
            found[name] = octets.number()
    return found


def _special(octets: _Octets, name: str) -> Answer:
    count = octets.number()
    if name == "short_message":
        if count > 254:
            raise NotByTheBook
        return {"sm_length": count, name: octets.take(count).hex()}
    if name == "unsuccess_sme":
        failed = [octets.address() | {"error_status_code": octets.number(4)} for _ in range(count)]
        return {"no_unsuccess": count, name: failed}
    if count not in range(1, 255):
        raise NotByTheBook
    return {"number_of_dests": count, name: [_destination(octets) for _ in range(count)]}


def _destination(octets: _Octets) -> Answer:
    flag = octets.number()
    if flag not in {1, 2}:
        raise NotByTheBook
    return {"dest_flag": flag} | (octets.address() if flag == 1 else {"dl_name": octets.text(21)})


def _tlvs(octets: _Octets, tail: str) -> Answer:
    found: dict[str, list[Any]] = {}
    while octets.left:
        tag, value = octets.number(2), octets.take(octets.number(2))
        name, form, sizes = TLVS.get(tag, (f"0x{tag:04X}", "o", range(65536)))
        if tail not in {_ANY, name} or len(value) not in sizes:
            raise NotByTheBook
        if form == "c" and value.find(b"\0") != len(value) - 1:
            raise NotByTheBook
        shown: object = value.hex()
        if form == "i" or (form == "f" and value):
            shown = int.from_bytes(value, "big")
        elif form == "c":
            shown = value[:-1].decode("latin-1")
        found.setdefault(name, []).append(shown)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}
