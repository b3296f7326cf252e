"""A public promise as anybody can take it along: JSON, signed. Whoever checks it needs no store of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from textwell.core.signed_form import check_document, write_document

FORM: Final = 1
SUBJECT: Final = "promise"  # of the signature


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


def write_promise(signed: SignedPromise) -> str:
    return write_document(signed).decode()


def read_promise(document: str) -> SignedPromise:
    """What `write_promise` wrote."""
    return msgspec.json.decode(document, type=SignedPromise)


def check_promise(octets: bytes, keys: Mapping[str, bytes]) -> Checked:
    """Whether one of these keys (by key id) has signed it, as it stands there. Never raises."""
    found, problem = check_document(
        octets,
        SignedPromise,
        lambda signed: (signed.promise, signed.signature),
        keys,
        subject=SUBJECT,
        version=FORM,
    )
    return Checked(problem, found)
