"""Secrets that programs show, `<mark>_<prefix>_<secret>`: made, found again, their use noted.

The row is found by the prefix, which is no secret. Of the secret only a hash is kept.
"""

import hashlib
import hmac
import secrets
import string
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from django.db.models import QuerySet

from textwell.accounts.models import ApiKey, DirectoryToken
from textwell.core.clock import now

USE_NOTED_EVERY = timedelta(minutes=1)
_PREFIX_LETTERS = string.ascii_lowercase + string.digits
_PREFIX_LENGTH = 10
_SECRET_OCTETS = 32

Row = TypeVar("Row", ApiKey, DirectoryToken)


@dataclass(frozen=True, slots=True)
class NewSecret:
    """What is kept, and `shown`: told once and never again."""

    prefix: str
    secret_hash: str
    shown: str


def make_secret(mark: str) -> NewSecret:
    prefix = "".join(secrets.choice(_PREFIX_LETTERS) for _each in range(_PREFIX_LENGTH))
    secret = secrets.token_urlsafe(_SECRET_OCTETS)
    return NewSecret(prefix, hash_secret(secret), f"{mark}_{prefix}_{secret}")


def hash_secret(secret: str) -> str:
    """SHA-256 in hex. A slow hash is of no use: the secret has 256 bits of chance."""
    return hashlib.sha256(secret.encode()).hexdigest()


def split_secret(shown: str, mark: str) -> tuple[str, str] | None:
    """(prefix, secret); None if it has another form or mark."""
    found, _first, rest = shown.strip().partition("_")
    prefix, _second, secret = rest.partition("_")
    is_whole = found == mark and prefix and secret and "\x00" not in prefix
    return (prefix, secret) if is_whole else None


def find_by_secret(rows: QuerySet[Row], shown: str, mark: str) -> Row | None:
    """The row of these behind a secret as shown; None if wrong, unknown or revoked.

    The hash is compared in constant time.
    """
    parts = split_secret(shown, mark)
    if parts is None:
        return None
    row = rows.filter(prefix=parts[0], revoked_at=None).first()
    expected = row.secret_hash if row else "0" * 64  # a miss takes the time of a hit
    is_right = hmac.compare_digest(expected, hash_secret(parts[1]))
    return row if row is not None and is_right else None


def note_use(row: ApiKey | DirectoryToken) -> None:
    """Remember when it was last used, to the minute: one write a minute at most."""
    moment = now()
    if row.last_used_at is None or moment - row.last_used_at >= USE_NOTED_EVERY:
        type(row).objects.filter(id=row.id).update(last_used_at=moment)
