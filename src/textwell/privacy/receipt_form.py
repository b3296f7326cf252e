"""A consent receipt as a person takes it along: JSON, signed. Whoever checks it needs no store of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from textwell.core.signatures import SIGNATURE_OCTETS, decode, is_signed

VERSION: Final = 1
SUBJECT: Final = "receipt"  # of the signature
_encode = msgspec.json.Encoder().encode


class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that the person said. Times are UTC."""

    kind: str  # opt_in | opt_out
    given_at: str
    source: str
    wording: str  # what the person was shown or wrote
    wording_sha256: str  # "" of an opt-out
    language: str
    channel: str
    purpose: str
    topic: str
    brand: str
    sender: str
    basis: str


class Standing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What holds of one scope when the receipt was made."""

    channel: str
    purpose: str
    topic: str
    brand: str
    sender: str
    is_granted: bool
    since: str


class Receipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    v: int
    workspace: int
    controller: str
    address: str
    contact: str
    person: int
    number: str  # masked
    issued_at: str
    is_stopped: bool
    paused_until: str  # "": no pause holds
    standings: list[Standing]
    statements: list[Statement]
    key: str


class SignedReceipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    receipt: Receipt
    signature: str


@dataclass(frozen=True, slots=True)
class Checked:
    """`problem` "": `receipt` is genuine."""

    problem: str = ""
    receipt: Receipt | None = None


def write_content(receipt: Receipt) -> bytes:
    """What the signature is over."""
    return _encode(receipt)


def write_receipt(signed: SignedReceipt) -> bytes:
    return _encode(signed) + b"\n"


def check_receipt(octets: bytes, keys: Mapping[str, bytes]) -> Checked:
    """Whether one of these keys (by key id) has signed it, as it stands there. Never raises."""
    try:
        signed = msgspec.json.decode(octets, type=SignedReceipt)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Checked("it is no receipt")
    receipt = signed.receipt
    if receipt.v != VERSION:
        return Checked(f"version {receipt.v} is unknown here")
    if write_receipt(signed).rstrip() != octets.rstrip():
        return Checked("it is not written as receipts are")
    key = keys.get(receipt.key)
    if key is None:
        return Checked(f"no public key {receipt.key} was given")
    try:
        signature = decode(signed.signature, SIGNATURE_OCTETS)
    except ValueError:
        signature = b""
    if not is_signed(key, SUBJECT, write_content(receipt), signature):
        return Checked("the signature is not that of the key")
    return Checked("", receipt)
