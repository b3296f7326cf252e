"""One whole frame as a PDU: the fast reader where it will, the complete one where it must."""

from __future__ import annotations

from typing import Final

from textwell.smpp.codec import HEADER, Header, decode_body, unknown_command
from textwell.smpp.commands import RESPONSE_BIT, Command
from textwell.smpp.fast import decode_sm
from textwell.smpp.pdu import Pdu
from textwell.smpp.plain_receipts import find_plain_receipt
from textwell.smpp.states import REQUESTS

_DELIVER: Final = int(Command.deliver_sm)
_SM_COMMANDS: Final = frozenset({int(Command.submit_sm), int(Command.deliver_sm)})


def read_frame(header: Header, frame: bytes, *, strict: bool) -> Pdu:
    """Raises DecodeError where it is no PDU of SMPP 3.4, or (`strict`) not written as it should be."""
    command_id = header.command_id
    if command_id < RESPONSE_BIT and command_id not in REQUESTS:  # a 5.0 broadcast, too
        raise unknown_command(command_id)
    pdu: Pdu | None = None
    if command_id == _DELIVER:
        pdu = find_plain_receipt(header.status, header.sequence, frame)
        if pdu is not None:
            return pdu
    if command_id in _SM_COMMANDS:
        pdu = decode_sm(command_id, header.status, header.sequence, frame, strict=strict)
    return pdu or decode_body(header, frame, strict=strict)


def read_message_id(frame: bytes, *, strict: bool) -> str:
    """message_id of a response that the fast path would not read; empty if there is none.

    Raises DecodeError.
    """
    pdu = decode_body(Header(*HEADER.unpack_from(frame)), frame, strict=strict)
    message_id: str = pdu.fields.get("message_id", "")
    return message_id
