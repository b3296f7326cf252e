"""Ed25519 signatures as others check them: with a public key alone, no store and no Django.

What is signed begins with the word for what it is: a signature over a receipt says nothing about a proof.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

ALGORITHM: Final = "Ed25519"
KEY_OCTETS: Final = 32
SIGNATURE_OCTETS: Final = 64


def encode(value: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def decode(text: str, length: int) -> bytes:
    """What `encode` was given, if it had that length.

    Raises:
        ValueError: it is not exactly what `encode` writes: a second spelling of the same is refused.
    """
    try:
        value = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        value = b""
    if len(value) != length or encode(value) != text:
        raise ValueError("not base64url as it is written here")
    return value


def key_id_of(public_key: bytes) -> str:
    """The name of a key, from itself: 16 hexadecimal digits."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def signed_octets(subject: str, content: bytes) -> bytes:
    """What is signed: the word for what it is, a zero, the content."""
    return b"textwell " + subject.encode() + b"\x00" + content


def sign_with(private_key: bytes, subject: str, content: bytes) -> bytes:
    return _private(private_key).sign(signed_octets(subject, content))


def is_signed(public_key: bytes, subject: str, content: bytes, signature: bytes) -> bool:
    """Whether the holder of this key has signed this content as a `subject`. Never raises."""
    try:
        _public(public_key).verify(signature, signed_octets(subject, content))
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=256)
def _private(private_key: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(private_key)


@lru_cache(maxsize=256)
def _public(public_key: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public_key)
