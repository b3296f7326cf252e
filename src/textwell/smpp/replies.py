"""What a session answers by itself, without asking its owner: octets of bare headers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textwell.smpp.codec import HEADER, HEADER_SIZE, Header, response_id
from textwell.smpp.commands import RESPONSE_BIT, Command, Status
from textwell.smpp.states import AFTER_BIND

if TYPE_CHECKING:
    from textwell.smpp.errors import DecodeError
    from textwell.smpp.pdu import Pdu

_FIRST_WITH_TLVS: Final = 0x34


def bare(command_id: int, status: int, sequence: int) -> bytes:
    """A PDU without a body."""
    return HEADER.pack(HEADER_SIZE, command_id, status, sequence)


def knows_tlvs(bind: Pdu) -> bool:
    """Whether who binds so may be sent optional parameters: SMPP 3.4 and later."""
    return int(bind.fields.get("interface_version", 0)) >= _FIRST_WITH_TLVS


def nack(status: int, sequence: int) -> bytes:
    return bare(Command.generic_nack, status, sequence)


def malformed_reply(header: Header, error: DecodeError) -> bytes:
    """To a PDU that could not be read; empty for a response, which nobody answers."""
    if error.status == Status.ESME_RINVCMDID:
        return nack(error.status, header.sequence)
    if header.command_id < RESPONSE_BIT:
        return bare(response_id(header.command_id), error.status, header.sequence)
    return b""


def wrong_state_reply(pdu: Pdu, *, is_bound: bool) -> bytes:
    """To a request that may not travel in the present state."""
    is_again = pdu.command_id in AFTER_BIND and is_bound
    status = Status.ESME_RALYBND if is_again else Status.ESME_RINVBNDSTS
    return bare(response_id(pdu.command_id), status, pdu.sequence)
