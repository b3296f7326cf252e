"""The mandatory parameters of every PDU, in order, with their limits (SMPP 3.4 section 4).

Cell broadcast is 5.0's (sections 4.4, 4.6): `codec` reads and writes it, a session speaks 3.4.
A layout is data; `codec` walks it. Lengths of C-octet strings include the terminator.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from textwell.smpp.commands import Command, Status


class Kind(Enum):
    """How one mandatory parameter is written."""

    INT = "integer"
    TEXT = "C-octet string"
    TIME = "C-octet string of 1 or 17 octets"
    MESSAGE = "sm_length and short_message"
    DESTINATIONS = "number_of_dests and dest_address"
    UNSUCCESS = "no_unsuccess and unsuccess_sme"


@dataclass(frozen=True, slots=True)
class Field:
    """One mandatory parameter: `size` is octets of an integer, or the most of a string."""

    name: str
    kind: Kind
    size: int = 1
    status: int = Status.ESME_RINVMSGLEN


class TlvRule(Enum):
    """Which TLVs may follow the mandatory parameters."""

    ANY = "any"
    CONGESTION = "only congestion_state, which 5.0 allows in every response"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Layout:
    fields: tuple[Field, ...]
    tlvs: TlvRule = TlvRule.ANY


MAX_SHORT_MESSAGE: Final = 254
MAX_DESTINATIONS: Final = 254
ADDRESS_SIZE: Final = 21
DL_NAME_SIZE: Final = 21


def _int(name: str) -> Field:
    return Field(name, Kind.INT)


def _text(name: str, size: int, status: int = Status.ESME_RINVMSGLEN) -> Field:
    return Field(name, Kind.TEXT, size, status)


def _time(name: str, status: int = Status.ESME_RINVMSGLEN) -> Field:
    return Field(name, Kind.TIME, 17, status)


def _address(prefix: str, name: str, size: int, status: int) -> tuple[Field, ...]:
    return (_int(f"{prefix}_ton"), _int(f"{prefix}_npi"), _text(name, size, status))


def _source(size: int = ADDRESS_SIZE) -> tuple[Field, ...]:
    return _address("source_addr", "source_addr", size, Status.ESME_RINVSRCADR)


def _destination(size: int = ADDRESS_SIZE) -> tuple[Field, ...]:
    return _address("dest_addr", "destination_addr", size, Status.ESME_RINVDSTADR)


_SERVICE_TYPE: Final = _text("service_type", 6, Status.ESME_RINVSERTYP)
_MESSAGE_ID: Final = _text("message_id", 65, Status.ESME_RINVMSGID)
_SYSTEM_ID: Final = _text("system_id", 16, Status.ESME_RINVSYSID)
_PASSWORD: Final = _text("password", 9, Status.ESME_RINVPASWD)
_SCHEDULE: Final = _time("schedule_delivery_time", Status.ESME_RINVSCHED)
_VALIDITY: Final = _time("validity_period", Status.ESME_RINVEXPIRY)
_MESSAGE: Final = Field("short_message", Kind.MESSAGE, MAX_SHORT_MESSAGE)

_BIND: Final = Layout(
    (
        _SYSTEM_ID,
        _PASSWORD,
        _text("system_type", 13, Status.ESME_RINVSYSTYP),
        _int("interface_version"),
        _int("addr_ton"),
        _int("addr_npi"),
        _text("address_range", 41),
    ),
    TlvRule.NONE,
)
_BIND_RESP: Final = Layout((_SYSTEM_ID,))
_DELIVERY_OPTIONS: Final = (
    _int("esm_class"),
    _int("protocol_id"),
    _int("priority_flag"),
    _SCHEDULE,
    _VALIDITY,
    _int("registered_delivery"),
    _int("replace_if_present_flag"),
    _int("data_coding"),
    _int("sm_default_msg_id"),
    _MESSAGE,
)
_SM: Final = Layout((_SERVICE_TYPE, *_source(), *_destination(), *_DELIVERY_OPTIONS))
_SM_RESP: Final = Layout((_MESSAGE_ID,))
_EMPTY: Final = Layout((), TlvRule.NONE)
_EMPTY_RESP: Final = Layout((), TlvRule.CONGESTION)

LAYOUTS: Final[dict[int, Layout]] = {
    Command.bind_transmitter: _BIND,
    Command.bind_receiver: _BIND,
    Command.bind_transceiver: _BIND,
    Command.bind_transmitter_resp: _BIND_RESP,
    Command.bind_receiver_resp: _BIND_RESP,
    Command.bind_transceiver_resp: _BIND_RESP,
    Command.outbind: Layout((_SYSTEM_ID, _PASSWORD), TlvRule.NONE),
    Command.unbind: _EMPTY,
    Command.unbind_resp: _EMPTY_RESP,
    Command.enquire_link: _EMPTY,
    Command.enquire_link_resp: _EMPTY_RESP,
    Command.generic_nack: _EMPTY,
    Command.submit_sm: _SM,
    Command.submit_sm_resp: _SM_RESP,
    Command.deliver_sm: _SM,
    Command.deliver_sm_resp: _SM_RESP,
    Command.submit_multi: Layout(
        (
            _SERVICE_TYPE,
            *_source(),
            Field("dest_address", Kind.DESTINATIONS, MAX_DESTINATIONS, Status.ESME_RINVNUMDESTS),
            *_DELIVERY_OPTIONS,
        )
    ),
    Command.submit_multi_resp: Layout((_MESSAGE_ID, Field("unsuccess_sme", Kind.UNSUCCESS))),
    Command.data_sm: Layout(
        (
            _SERVICE_TYPE,
            *_source(65),
            *_destination(65),
            _int("esm_class"),
            _int("registered_delivery"),
            _int("data_coding"),
        )
    ),
    Command.data_sm_resp: _SM_RESP,
    Command.query_sm: Layout((_MESSAGE_ID, *_source()), TlvRule.NONE),
    Command.query_sm_resp: Layout(
        (_MESSAGE_ID, _time("final_date"), _int("message_state"), _int("error_code")),
        TlvRule.CONGESTION,
    ),
    Command.cancel_sm: Layout(
        (_SERVICE_TYPE, _MESSAGE_ID, *_source(), *_destination()), TlvRule.NONE
    ),
    Command.cancel_sm_resp: _EMPTY_RESP,
    Command.replace_sm: Layout(
        (
            _MESSAGE_ID,
            *_source(),
            _SCHEDULE,
            _VALIDITY,
            _int("registered_delivery"),
            _int("sm_default_msg_id"),
            _MESSAGE,
        )
    ),
    Command.replace_sm_resp: _EMPTY_RESP,
    Command.broadcast_sm: Layout(
        (
            _SERVICE_TYPE,
            *_source(),
            _MESSAGE_ID,
            _int("priority_flag"),
            _SCHEDULE,
            _VALIDITY,
            _int("replace_if_present_flag"),
            _int("data_coding"),
            _int("sm_default_msg_id"),
        )
    ),
    Command.broadcast_sm_resp: _SM_RESP,
    Command.query_broadcast_sm: Layout((_MESSAGE_ID, *_source())),
    Command.query_broadcast_sm_resp: _SM_RESP,
    Command.cancel_broadcast_sm: Layout((_SERVICE_TYPE, _MESSAGE_ID, *_source())),
    Command.cancel_broadcast_sm_resp: _EMPTY_RESP,
    Command.alert_notification: Layout(
        (
            *_source(65),
            *_address("esme_addr", "esme_addr", 65, Status.ESME_RINVDSTADR),
        )
    ),
}
