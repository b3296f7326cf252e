"""Receipts and replies as bodies of deliver_sm, written by hand: a carrier sends very many."""

from __future__ import annotations

import struct
import time
from functools import lru_cache
from typing import Final

from textwell.gateways.providers.simulator.carrier import ReceiptText
from textwell.smpp.plain_receipts import STATES
from textwell.text.segments import Encoding, segment_text
from textwell.text.user_data import build_user_data

_RECEIPT_CLASS: Final = 0x04  # esm_class of an SMSC delivery receipt
_UDHI: Final = 0x40
_SHORT_CODE_DIGITS: Final = 6
_UCS2: Final = 8
_RECEIPTED_MESSAGE_ID: Final = 0x001E
_MESSAGE_STATE: Final = 0x0427
_STATE_TLV: Final = {
    stat: struct.pack(">HHB", _MESSAGE_STATE, 1, state) for stat, state in STATES.items()
}
_ID_HEADS: Final = [struct.pack(">HH", _RECEIPTED_MESSAGE_ID, size) for size in range(66)]
_INTERNATIONAL: Final = b"\x01\x01"
_ALPHANUMERIC: Final = b"\x05\x00"
_NATIONAL: Final = b"\x03\x01"  # short codes


@lru_cache(maxsize=4096)
def _address(value: str) -> bytes:
    """ton, npi and address of whoever a text was from, with its terminator."""
    digits = value.lstrip("+")
    number = _NATIONAL if len(digits) <= _SHORT_CODE_DIGITS else _INTERNATIONAL
    kind = number if digits.isdigit() else _ALPHANUMERIC
    return kind + value.encode("latin-1", "replace") + b"\0"


@lru_cache(maxsize=1024)
def _date(second: int) -> str:
    return time.strftime("%y%m%d%H%M%S", time.gmtime(second))


def build_receipt(receipt: ReceiptText, *, with_tlvs: bool) -> bytes:
    """Body of the deliver_sm that says what became of a message (3.4 appendix B)."""
    message_id, stat = receipt.message_id, receipt.stat
    text = (
        f"id:{message_id} sub:001 dlvrd:{'001' if stat == 'DELIVRD' else '000'} "
        f"submit date:{_date(int(receipt.taken_at))} done date:{_date(int(receipt.done_at))} "
        f"stat:{stat} err:{receipt.err} text:"
    ).encode()
    body = (
        b"\0\x01\x01"
        + receipt.msisdn.encode()
        + b"\0"
        + _address(receipt.sender)
        + b"\x04\0\0\0\0\0\0\0\0"
        + bytes((len(text),))
        + text
    )
    if not with_tlvs:
        return body
    id_octets = message_id.encode() + b"\0"
    return body + _ID_HEADS[len(id_octets)] + id_octets + _STATE_TLV[stat]


def build_replies(msisdn: str, recipient: str, text: str, reference: int) -> list[bytes]:
    """Bodies of the deliver_sm of a person's text, one for each segment."""
    message = segment_text(text)
    coding = _UCS2 if message.encoding is Encoding.UCS2 else 0
    bodies = []
    for place in range(message.segment_count):
        octets = build_user_data(message, place=place, reference=reference)
        esm_class = _UDHI if message.segment_count > 1 else 0
        bodies.append(
            b"\0\x01\x01"
            + msisdn.encode()
            + b"\0"
            + _address(recipient)
            + bytes((esm_class, 0, 0, 0, 0, 0, 0, coding, 0, len(octets)))
            + octets
        )
    return bodies
