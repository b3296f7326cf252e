"""A proof as it is handed out: one line of JSON, and how whoever gets it checks it. No store needed.

The signature covers the head, which holds the root of a tree; the path leads from the leaf to that root;
the leaf names what was judged by its hash. A line is written in one way alone: each octet of it counts.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

import msgspec

from textwell.core.merkle import (
    LEFT,
    RIGHT,
    climb,
    digest_text,
    hash_leaf,
    make_levels,
    path_of,
    write_digest,
)
from textwell.core.signatures import (
    KEY_OCTETS,
    SIGNATURE_OCTETS,
    decode,
    encode,
    is_signed,
    key_id_of,
)
from textwell.messaging.proof.judged import Judged, Rejudged, rejudge_written

VERSION: Final = 1
SUBJECT: Final = "proof"  # of the signature
_HASH_OCTETS: Final = 32
_SLACK: Final = timedelta(minutes=1)
_encode = msgspec.json.Encoder().encode


class Leaf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a proof says of one message alone."""

    message: int
    to: str  # HMAC-SHA-256 of the number, under a key of this message alone
    key: str  # SHA-256 of that key, which is handed out to whoever may know the number
    text: str  # SHA-256 of what was handed over; "": nothing was
    consent: int  # the consent event on which it rests; 0: none is on file
    consent_hash: str  # SHA-256 of that event; "": none
    judged: str  # SHA-256 of the record


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is signed: the root over `count` messages, by whom and when."""

    v: int
    workspace: int
    nonce: str
    count: int
    root: str
    key: str
    signed_at: str


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`key` is that of `leaf.to`: with it the number can be found by trying. "": it is kept back."""

    head: Head
    leaf: Leaf
    judged: Judged
    path: list[str]
    signature: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class GivenKey:
    """A public key that whoever checks was given, and when it was in use; None: nothing was said."""

    value: bytes
    since: datetime | None = None
    until: datetime | None = None

    def was_used_at(self, moment: datetime) -> bool:
        """As far as clocks and a replacement amid a signature allow."""
        return (self.since is None or moment >= self.since - _SLACK) and (
            self.until is None or moment <= self.until + _SLACK
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """`problem` "": genuine. Of a genuine one what was judged, and whether the same verdict comes out."""

    problem: str = ""
    message_id: int = 0
    rejudged: Rejudged | None = None
    judged: Judged | None = None

    @property
    def is_genuine(self) -> bool:
        return not self.problem


@dataclass(frozen=True, slots=True)
class Block:
    """Leaves that are signed together, with their tree."""

    leaves: Sequence[Leaf]
    levels: Sequence[Sequence[bytes]]

    @property
    def root(self) -> str:
        return encode(self.levels[-1][0])

    def path(self, index: int) -> list[str]:
        return [side + encode(neighbour) for side, neighbour in path_of(self.levels, index)]


def make_block(leaves: Sequence[Leaf]) -> Block:
    return Block(leaves, make_levels([hash_leaf(_encode(leaf)) for leaf in leaves]))


def write_head(head: Head) -> bytes:
    """What the signature is over."""
    return _encode(head)


def write_proof(proof: Proof) -> bytes:
    """One line, without its end."""
    return _encode(proof)


def number_hash(key: str, msisdn: str) -> str:
    """How a leaf names a number: only who has the key can tell whether it is the one."""
    return write_digest(hmac.digest(key.encode(), msisdn.encode(), "sha256"))


def check_line(line: bytes, keys: Mapping[str, GivenKey]) -> Checked:
    """Whether a line is a proof as one of these keys (by key id) has signed it. Never raises."""
    try:
        proof = msgspec.json.decode(line, type=Proof)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Checked(_why_unread(line))
    if _encode(proof) != line:
        return Checked("it is not written as proofs are")
    problem = _problem(proof, keys)
    if problem:
        return Checked(problem, proof.leaf.message)
    rejudged = rejudge_written(_encode(proof.judged))
    return Checked("", proof.leaf.message, rejudged, proof.judged)


class _AnyHead(msgspec.Struct):
    v: int


class _AnyProof(msgspec.Struct):
    head: _AnyHead


def _why_unread(line: bytes) -> str:
    try:
        version = msgspec.json.decode(line, type=_AnyProof).head.v
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return "it is no proof"
    return "it is no proof" if version == VERSION else f"version {version} is unknown here"


def _problem(proof: Proof, keys: Mapping[str, GivenKey]) -> str:
    if proof.head.v != VERSION:
        return f"version {proof.head.v} is unknown here"
    key = keys.get(proof.head.key)
    if key is None:
        return f"no public key {proof.head.key} was given"
    if digest_text(_encode(proof.judged)) != proof.leaf.judged:
        return "what was judged has changed"
    if proof.key and digest_text(proof.key.encode()) != proof.leaf.key:
        return "the key of the number has changed"
    try:
        path = [_step(step) for step in proof.path]
        root = decode(proof.head.root, _HASH_OCTETS)
        signature = decode(proof.signature, SIGNATURE_OCTETS)
    except ValueError:
        return "a hash or the signature has changed"
    if climb(hash_leaf(_encode(proof.leaf)), path) != root:
        return "the message does not belong to what was signed"
    if not _is_signed(key.value, _encode(proof.head), signature):
        return "the signature is not that of the key"
    if not key.was_used_at(datetime.fromisoformat(proof.head.signed_at)):
        return "the key was not in use when this was signed"
    return ""


def _step(step: str) -> tuple[str, bytes]:
    side = step[:1]
    if side not in {LEFT, RIGHT}:
        raise ValueError(step)
    return side, decode(step[1:], _HASH_OCTETS)


@lru_cache(maxsize=4_096)
def _is_signed(key: bytes, head: bytes, signature: bytes) -> bool:
    """Of a block once: its proofs have the head in common."""
    return is_signed(key, SUBJECT, head, signature)


def read_keys(text: str) -> dict[str, GivenKey]:
    """Public keys as `textwell signing-key public` prints them, a line each: key id, key, since, until.

    Raises:
        ValueError: a line is no key, or a key has another id.
    """
    keys = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        key_id, value, since, until, *_rest = [*line.split(), "", "-", "-"]
        key = decode(value, KEY_OCTETS)
        if key_id_of(key) != key_id:
            raise ValueError(f"{key_id} is not the id of its key")
        keys[key_id] = GivenKey(key, _read_moment(since), _read_moment(until))
    return keys


def _read_moment(text: str) -> datetime | None:
    return None if text in {"", "-"} else datetime.fromisoformat(text).astimezone(UTC)
