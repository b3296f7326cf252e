"""Receipts as most carriers write them, known by one look at the frame.

A campaign brings one for each of its messages. What differs in the least from the form of 3.4
appendix B, in its frame, its words or its TLVs, is left to the complete readers.
"""

from __future__ import annotations

import re
import struct
from typing import Any, Final

from textwell.smpp.commands import Command, MessageState, Status
from textwell.smpp.errors import DecodeError
from textwell.smpp.fast import decode_sm
from textwell.smpp.layouts import MAX_SHORT_MESSAGE
from textwell.smpp.pdu import Pdu
from textwell.smpp.tlvs import decode_tlvs

STATES: Final[dict[str, MessageState]] = {
    "DELIVRD": MessageState.DELIVERED,
    "UNDELIV": MessageState.UNDELIVERABLE,
    "EXPIRED": MessageState.EXPIRED,
    "REJECTD": MessageState.REJECTED,
    "ACCEPTD": MessageState.ACCEPTED,
    "DELETED": MessageState.DELETED,
    "UNKNOWN": MessageState.UNKNOWN,
}

# From service_type to err: no times, esm_class of a receipt, the text by appendix B.
_find: Final = re.compile(
    r"[^\0]{0,5}\0..([^\0]{0,20})\0..[^\0]{0,20}\0\x04..\0\0....(.)"
    r"id:([^ \0]{1,64}) sub:[^ ]* dlvrd:[^ ]* submit date:([^ ]*) done date:([^ ]*)"
    r" stat:([A-Z]{7}) err:([^ ]*) ",
    re.DOTALL,
).match
_LENGTH: Final = 2  # the group of sm_length; the message begins after it
_DELIVER, _OK = int(Command.deliver_sm), int(Status.ESME_ROK)
# The usual TLVs, octets as characters: receipted_message_id up to its value, message_state.
_ID_HEADS: Final = tuple(str(struct.pack(">HH", 0x001E, size), "latin-1") for size in range(66))
_STATE_TLVS: Final = {
    stat: str(struct.pack(">HHB", 0x0427, 1, state), "latin-1") for stat, state in STATES.items()
}


# What a receipt says, as it stands there: the recipient's address, message id, submit date, done date,
# stat and err.
Said = tuple[str, str, str, str, str, str]


class PlainReceipt(Pdu):
    """A deliver_sm that is such a receipt: a Pdu whose parameters are read when they are asked for."""

    __slots__ = ("_frame", "_whole", "said")

    def __init__(self, sequence: int, frame: bytes, said: Said) -> None:
        self.command_id = _DELIVER
        self.status = _OK
        self.sequence = sequence
        self.said = said
        self._frame = frame
        self._whole: Pdu | None = None

    def _read(self) -> Pdu:
        if self._whole is None:
            self._whole = decode_sm(self.command_id, self.status, self.sequence, self._frame)
            assert self._whole is not None, "the frame was looked at before"
        return self._whole

    @property
    def fields(self) -> dict[str, Any]:  # type: ignore[override] # read only, as every value
        return self._read().fields

    @property
    def tlvs(self) -> dict[str, Any]:  # type: ignore[override] # as above
        return self._read().tlvs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pdu) and self._read() == (
            other._read() if isinstance(other, PlainReceipt) else other
        )

    __hash__ = None  # type: ignore[assignment] # as every Pdu


def find_plain_receipt(status: int, sequence: int, frame: bytes) -> PlainReceipt | None:
    """The receipt of a deliver_sm's whole frame; None for every other."""
    text = str(frame, "latin-1")
    found = _find(text, 16)
    if found is None or status:
        return None
    address, length, message_id, submit_date, done_date, stat, err = found.groups()
    start = found.end(_LENGTH)
    end = start + ord(length)
    if not found.end() <= end <= len(text) or end - start > MAX_SHORT_MESSAGE:
        return None
    state = _STATE_TLVS.get(stat)
    if state is None:
        return None
    if end < len(text):
        usual = f"{_ID_HEADS[len(message_id) + 1]}{message_id}\0{state}"
        if text[end:] != usual and not _agrees(frame, end, message_id, stat, err):
            return None
    said = (address, message_id, submit_date, done_date, stat, err)
    return PlainReceipt(sequence, frame, said)


def _agrees(frame: bytes, end: int, message_id: str, stat: str, err: str) -> bool:
    """Whether TLVs from `end` on say the same as the text, or nothing of it."""
    try:
        tlvs = decode_tlvs(frame, end, len(frame))
    except DecodeError:
        return False
    return (
        tlvs.get("receipted_message_id", message_id) == message_id
        and tlvs.get("message_state", STATES[stat]) == STATES[stat]
        and "message_payload" not in tlvs
        and ("network_error_code" not in tlvs or bool(err.strip("0")))
    )
