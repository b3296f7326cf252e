"""A consent receipt as a person takes it along: JSON, signed. Whoever checks it needs no store of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from textwell.core.signed_form import check_document, write_document

VERSION: Final = 1
SUBJECT: Final = "receipt"  # of the signature


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


def write_receipt(signed: SignedReceipt) -> bytes:
    return write_document(signed)


def check_receipt(octets: bytes, keys: Mapping[str, bytes]) -> Checked:
    """Whether one of these keys (by key id) has signed it, as it stands there. Never raises."""
    found, problem = check_document(
        octets,
        SignedReceipt,
        lambda signed: (signed.receipt, signed.signature),
        keys,
        subject=SUBJECT,
        version=VERSION,
    )
    return Checked(problem, found)
