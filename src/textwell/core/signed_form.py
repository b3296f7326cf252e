"""Documents that people take along: JSON with a body and its signature, checked with a public key alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol, TypeVar

import msgspec

from textwell.core.signatures import SIGNATURE_OCTETS, decode, is_signed

_encode: Final = msgspec.json.Encoder().encode


class Body(Protocol):
    """What is signed: a struct that says its form and by which key it is signed."""

    @property
    def v(self) -> int: ...
    @property
    def key(self) -> str: ...


S = TypeVar("S")
B = TypeVar("B", bound=Body)


def write_body(body: Body) -> bytes:
    """What the signature is over."""
    return _encode(body)


def write_document(signed: object) -> bytes:
    """A line; it is written in one way alone, so that each octet of it counts."""
    return _encode(signed) + b"\n"


def check_document(
    octets: bytes,
    form: type[S],
    parts: Callable[[S], tuple[B, str]],
    keys: Mapping[str, bytes],
    *,
    subject: str,
    version: int,
) -> tuple[B | None, str]:
    """The body that one of these keys (by key id) has signed, or what is wrong. Never raises.

    `parts`: body and signature of the document; `subject`: of the signature, and what people call it.
    """
    try:
        signed = msgspec.json.decode(octets, type=form)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None, f"it is no {subject}"
    body, written = parts(signed)
    if body.v != version:
        return None, f"version {body.v} is unknown here"
    if _encode(signed) != octets.rstrip():
        return None, f"it is not written as {subject}s are"
    key = keys.get(body.key)
    if key is None:
        return None, f"no public key {body.key} was given"
    try:
        signature = decode(written, SIGNATURE_OCTETS)
    except ValueError:
        signature = b""
    if not is_signed(key, subject, write_body(body), signature):
        return None, "the signature is not that of the key"
    return body, ""
