"""Secrets in JSON columns (passwords of gateways) are sealed with a key from the signing key.

Fernet: AES-128-CBC and HMAC-SHA-256 with a random IV, so sealing twice gives two texts.
"""

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.utils.translation import gettext_noop

from textwell.core.errors import TextwellError
from textwell.core.settings import load_settings

PREFIX = "sealed:1:"  # the version of the key derivation


_WORDS = gettext_noop(
    "A secret cannot be read: it was sealed with another signing key. Put the old key back"
    " (TEXTWELL_SECRET_KEY or secret.key in the data folder), or enter the secret again."
)


class Unsealable(TextwellError):
    """The text was sealed with another signing key, or changed since."""

    def __init__(self) -> None:
        super().__init__(_WORDS)


@cache
def _fernet(secret: str) -> Fernet:
    derived = HKDF(hashes.SHA256(), length=32, salt=None, info=b"textwell seal 1").derive(
        secret.encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))


def seal(text: str) -> str:
    """`text` so that only holders of the signing key can read it."""
    return PREFIX + _fernet(load_settings().secret_key_value()).encrypt(text.encode()).decode()


def is_sealed(text: str) -> bool:
    return text.startswith(PREFIX)


def unseal(text: str) -> str:
    """What was sealed.

    Raises:
        Unsealable: it is no sealed text, was changed, or the signing key is another one.
    """
    token = text.removeprefix(PREFIX).encode() if is_sealed(text) else b""
    try:
        return _fernet(load_settings().secret_key_value()).decrypt(token).decode()
    except InvalidToken:
        raise Unsealable from None
