"""The written form of blocks, daily roots and inclusion proofs; checked with a public key and no store.

Blocks and heads are hashed and signed as the JSON that stands here, so that every octet counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import msgspec

from textwell.core.merkle import LEFT, RIGHT, climb, hash_leaf, make_levels, path_of
from textwell.core.signatures import SIGNATURE_OCTETS, decode, encode, is_signed

VERSION: Final = 1
SUBJECT: Final = "consent root"  # of the signature
HASH_OCTETS: Final = 32
# The places of an event's leaf, as `sql` builds it.
FIELDS: Final = (
    "fact", "number", "event", "workspace", "contact", "channel", "purpose", "topic", "brand", "sender",
    "kind", "basis", "given_at", "recorded_at", "source", "wording_sha256", "wording_version", "language",
    "actor", "import", "personal",
)  # fmt: skip
_encode = msgspec.json.Encoder().encode


class Block(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What its digest is over. `before`: the digest of the block before it, "" of the first."""

    workspace: int
    number: int
    first: int
    count: int
    root: str
    before: str
    sealed_at: str

    @property
    def digest(self) -> bytes:
        return sha256(_encode(self)).digest()


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A daily root: the tree over the day's blocks. `chain`: the last one's digest, which holds all before.

    `facts`: how many were sealed since the beginning. Of a day under way it speaks for the blocks so far.
    """

    v: int
    workspace: int
    day: str
    blocks: int
    facts: int
    root: str
    chain: str
    key: str
    signed_at: str


class Root(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    head: Head
    signature: str


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`path`: from the leaf to the block's root; `day_path`: from the block to the day's."""

    head: Head
    signature: str
    block: Block
    leaf: str
    path: str
    day_path: str


@dataclass(frozen=True, slots=True)
class Checked:
    """`problem` "": genuine; then `fields` is the event by the names of `FIELDS`."""

    problem: str
    fields: Mapping[str, object]
    day: str = ""


def root_of_blocks(digests: Sequence[bytes]) -> list[list[bytes]]:
    """The tree over a day's blocks, by their digests."""
    return make_levels([hash_leaf(digest) for digest in digests])


def write_path(levels: Sequence[Sequence[bytes]], index: int) -> str:
    """The sides, a dot, the neighbours one behind the other."""
    path = path_of(levels, index)
    return "".join(side for side, _ in path) + "." + encode(b"".join(each for _, each in path))


def read_path(text: str) -> list[tuple[str, bytes]]:
    """Raises ValueError unless it is as `write_path` writes."""
    sides, _, joined = text.partition(".")
    if set(sides) - {LEFT, RIGHT}:
        raise ValueError(text)
    octets = decode(joined, HASH_OCTETS * len(sides))
    return [
        (side, octets[at * HASH_OCTETS : (at + 1) * HASH_OCTETS]) for at, side in enumerate(sides)
    ]


def write_head(head: Head) -> bytes:
    """What the signature is over."""
    return _encode(head)


def write_line(made: Root | Proof) -> bytes:
    """One line, without its end."""
    return _encode(made)


def check_root(line: bytes, keys: Mapping[str, bytes]) -> tuple[Root | None, str]:
    """The root on a line, and what is wrong with it; "": one of these keys has signed it. Never raises."""
    try:
        root = msgspec.json.decode(line, type=Root)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None, "it is no root"
    if _encode(root) != line:
        return root, "it is not written as roots are"
    return root, _signature_problem(root.head, root.signature, keys)


def check_proof(line: bytes, keys: Mapping[str, bytes]) -> Checked:
    """Whether the event on a line belongs to a root that one of these keys has signed. Never raises."""
    try:
        proof = msgspec.json.decode(line, type=Proof)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Checked("it is no proof", {})
    if _encode(proof) != line:
        return Checked("it is not written as proofs are", {})
    problem = _signature_problem(proof.head, proof.signature, keys) or _place_problem(proof)
    if problem:
        return Checked(problem, {})
    return Checked("", _fields(proof.leaf), proof.head.day)


def _signature_problem(head: Head, signature: str, keys: Mapping[str, bytes]) -> str:
    if head.v != VERSION:
        return f"version {head.v} is unknown here"
    key = keys.get(head.key)
    if key is None:
        return f"no public key {head.key} was given"
    try:
        octets = decode(signature, SIGNATURE_OCTETS)
    except ValueError:
        return "the signature has changed"
    if not is_signed(key, SUBJECT, write_head(head), octets):
        return "the signature is not that of the key"
    return ""


def _place_problem(proof: Proof) -> str:
    try:
        block_root = climb(hash_leaf(proof.leaf.encode()), read_path(proof.path))
        day_root = climb(hash_leaf(proof.block.digest), read_path(proof.day_path))
    except (ValueError, UnicodeEncodeError):
        return "a hash has changed"
    if encode(block_root) != proof.block.root:
        return "the event does not belong to the block"
    if encode(day_root) != proof.head.root or proof.block.workspace != proof.head.workspace:
        return "the block does not belong to the day"
    fields = _fields(proof.leaf)
    if fields.get("fact") != "event" or fields["workspace"] != proof.head.workspace:
        return "it is no event of this workspace"
    return ""


def _fields(leaf: str) -> dict[str, object]:
    try:
        values = msgspec.json.decode(leaf, type=list[object])
    except msgspec.MsgspecError:
        return {}
    return dict(zip(FIELDS, values, strict=True)) if len(values) == len(FIELDS) else {}
