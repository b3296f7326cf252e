"""Each workspace's own key to sign with: what we said can be shown elsewhere, and by whom it was said.

The private half is sealed like every secret. A key that was replaced signs nothing more; its public half
stays, as what it signed is to be checked for years.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from textwell.core.clock import now
from textwell.core.models import SigningKey
from textwell.core.seal import seal, unseal
from textwell.core.signatures import decode, encode, key_id_of, sign_with

_PRIVATE_OCTETS = 32


@dataclass(frozen=True, slots=True)
class Signature:
    key_id: str
    value: bytes  # 64 octets


@dataclass(frozen=True, slots=True)
class PublicKey:
    """`retired_at`: from then on it has signed nothing; None: it is the one in use."""

    key_id: str
    value: bytes  # 32 octets
    created_at: datetime
    retired_at: datetime | None


class Signer:
    """A workspace's present key, opened once: for many signatures in a row."""

    def __init__(self, workspace_id: int) -> None:
        row = _present_key(workspace_id)
        self.key_id = row.key_id
        self._private = decode(unseal(row.sealed_key), _PRIVATE_OCTETS)

    def sign(self, subject: str, content: bytes) -> Signature:
        """`subject` is the word for what is signed, such as `proof`: see `core.signatures`."""
        return Signature(self.key_id, sign_with(self._private, subject, content))


def sign(workspace_id: int, subject: str, content: bytes) -> Signature:
    """Sign with the workspace's present key; it is made when first needed.

    Raises:
        Unsealable: the key was sealed with another secret key of the installation.
    """
    return Signer(workspace_id).sign(subject, content)


def list_public_keys(workspace_id: int) -> list[PublicKey]:
    """Every key that ever signed for the workspace, the present one first; it is made when needed."""
    _present_key(workspace_id)
    rows = SigningKey.objects.filter(workspace_id=workspace_id).order_by("-id")
    return [
        PublicKey(row.key_id, bytes(row.public_key), row.created_at, row.retired_at) for row in rows
    ]


def replace_key(workspace_id: int) -> PublicKey:
    """Sign with a new key from now on; `accounts.signing` is the audited action."""
    with transaction.atomic():
        present = _present_key(workspace_id)
        SigningKey.objects.filter(id=present.id, retired_at=None).update(retired_at=now())
        row = _present_key(workspace_id)
    return PublicKey(row.key_id, bytes(row.public_key), row.created_at, row.retired_at)


def _present_key(workspace_id: int) -> SigningKey:
    """Two that make one at once get the same: the database keeps one present key a workspace."""
    found = SigningKey.objects.filter(workspace_id=workspace_id, retired_at=None)
    row = found.first()
    if row is None:
        SigningKey.objects.bulk_create([_new_key(workspace_id)], ignore_conflicts=True)
        row = found.get()
    return row


def _new_key(workspace_id: int) -> SigningKey:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    return SigningKey(
        workspace_id=workspace_id,
        key_id=key_id_of(public),
        public_key=public,
        sealed_key=seal(encode(private.private_bytes_raw())),
        created_at=now(),
    )
