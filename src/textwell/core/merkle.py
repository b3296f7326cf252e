"""A Merkle tree over a block of leaves: one signature for all, a short path for each.

Leaves and nodes are hashed apart (a zero and a one before them), so that no node passes for a leaf. An
odd one moves up as it is.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")
LEFT: Final = "l"  # the neighbour stands to the left
RIGHT: Final = "r"


def digest_text(content: bytes) -> str:
    """SHA-256 in base64url: 43 characters."""
    return write_digest(sha256(content).digest())


def write_digest(digest: bytes) -> str:
    """32 octets in base64url without padding; of each message, so by the shortest way."""
    return b2a_base64(digest, newline=False).translate(_URL_SAFE)[:43].decode()


def hash_leaf(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf).digest()


def _hash_pair(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def make_levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Of hashed leaves, from themselves up to the root alone."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = zip(below[::2], below[1::2], strict=False)
        above = [_hash_pair(left, right) for left, right in pairs]
        levels.append(above + below[len(above) * 2 :])
    return levels


def path_of(levels: Sequence[Sequence[bytes]], index: int) -> list[tuple[str, bytes]]:
    """The neighbours from a leaf up to the root, each with its side."""
    path = []
    for level in levels[:-1]:
        neighbour = index ^ 1
        if neighbour < len(level):
            path.append((RIGHT if index % 2 == 0 else LEFT, level[neighbour]))
        index //= 2
    return path


def climb(leaf: bytes, path: Iterable[tuple[str, bytes]]) -> bytes:
    """The root that a hashed leaf and its path lead to."""
    for side, neighbour in path:
        leaf = _hash_pair(neighbour, leaf) if side == LEFT else _hash_pair(leaf, neighbour)
    return leaf
