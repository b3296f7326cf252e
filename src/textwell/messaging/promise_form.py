"""A public promise as anybody can take it along: JSON, signed. Whoever checks it needs no store of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from textwell.core.signatures import SIGNATURE_OCTETS, decode, is_signed

FORM: Final = 1
SUBJECT: Final = "promise"  # of the signature
_encode = msgspec.json.Encoder().encode


class PromisedSender(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What phones show; `country` empty: in every country that has no other."""

    value: str
    country: str


class PromisedTopic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    name: str


class Promised(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`most` 0: nothing is promised to those who agree from then on."""

    v: int
    workspace: int
    speaker: str
    version: int
    published_at: str  # UTC
    most: int  # marketing texts a person …
    days: int  # … in so many days, wherever they begin
    senders: list[PromisedSender]
    topics: list[PromisedTopic]
    key: str


class SignedPromise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    promise: Promised
    signature: str


@dataclass(frozen=True, slots=True)
class Checked:
    """`problem` "": `promise` is genuine."""

    problem: str = ""
    promise: Promised | None = None


def write_content(promise: Promised) -> bytes:
    """What the signature is over."""
    return _encode(promise)


def write_promise(signed: SignedPromise) -> str:
    return _encode(signed).decode() + "\n"


def read_promise(document: str) -> SignedPromise:
    """What `write_promise` wrote."""
    return msgspec.json.decode(document, type=SignedPromise)


def check_promise(octets: bytes, keys: Mapping[str, bytes]) -> Checked:
    """Whether one of these keys (by key id) has signed it, as it stands there. Never raises."""
    try:
        signed = msgspec.json.decode(octets, type=SignedPromise)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Checked("it is no promise")
    promise = signed.promise
    if promise.v != FORM:
        return Checked(f"version {promise.v} is unknown here")
    if write_promise(signed).rstrip().encode() != octets.rstrip():
        return Checked("it is not written as promises are")
    key = keys.get(promise.key)
    if key is None:
        return Checked(f"no public key {promise.key} was given")
    try:
        signature = decode(signed.signature, SIGNATURE_OCTETS)
    except ValueError:
        signature = b""
    if not is_signed(key, SUBJECT, write_content(promise), signature):
        return Checked("the signature is not that of the key")
    return Checked("", promise)
