"""Numbers of people who were erased: known again by a keyed hash alone, and then not texted.

Whoever has the database alone cannot tell them: the key comes from the signing key of the installation.
A number that comes back, by whatever way, gets the reasons that it had, and an opt-out as of the erasure:
no file lifts that, only a new yes of the person.
"""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any, Final

from textwell.consent import sql
from textwell.consent.foremost import derive_foremost, owners_of, tell_connectors
from textwell.consent.models import ErasedNumber
from textwell.consent.types import SUPPRESSION_RANK
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.settings import load_settings

SOURCE: Final = "erasure"
_BLOCK: Final = 64  # octets of SHA-256's


def _key(workspace_id: int) -> bytes:
    secret = load_settings().secret_key_value().encode()
    return hmac.digest(secret, b"textwell erased numbers 1 %d" % workspace_id, hashlib.sha256)


def digest_of(workspace_id: int, msisdn: str) -> bytes:
    return hmac.digest(_key(workspace_id), msisdn.encode(), hashlib.sha256)


def hash_params(workspace_id: int) -> dict[str, bytes]:
    """What DIGEST of `consent.sql` binds: HMAC by PostgreSQL's own functions."""
    key = _key(workspace_id).ljust(_BLOCK, b"\0")
    return {
        "inner_pad": bytes(octet ^ 0x36 for octet in key),
        "outer_pad": bytes(octet ^ 0x5C for octet in key),
    }


def has_erased(workspace_id: int) -> bool:
    return ErasedNumber.objects.filter(workspace_id=workspace_id).exists()


def remember_erased(workspace_id: int, msisdns: Sequence[str]) -> None:
    """Keep the hashes of these numbers with their reasons not to be texted, before those go."""
    params: dict[str, Any] = {
        "workspace_id": workspace_id,
        "msisdns": list(msisdns),
        "now": now(),
        **hash_params(workspace_id),
    }
    with cursor() as raw:
        raw.execute(sql.REMEMBER_ERASED, params)


def recognise(workspace_id: int, msisdns: Sequence[str]) -> list[str]:
    """Put down again what an erased number had, in the transaction that brought it back.

    Answers the numbers that were known. Twice is once.
    """
    digests = {digest_of(workspace_id, msisdn): msisdn for msisdn in msisdns}
    found = ErasedNumber.objects.filter(workspace_id=workspace_id, digest__in=list(digests))
    known = {digests[bytes(row.digest)]: row for row in found}
    if known:
        _suppress_again(workspace_id, known)
    return sorted(known)


def _suppress_again(workspace_id: int, known: dict[str, ErasedNumber]) -> None:
    rows = [
        (msisdn, reason["reason"], reason["since"])
        for msisdn, row in sorted(known.items())
        for reason in _reasons(row)
    ]
    params: dict[str, Any] = {
        "workspace_id": workspace_id,
        "msisdns": [row[0] for row in rows],
        "reasons": [row[1] for row in rows],
        "sinces": [row[2] for row in rows],
        "source": SOURCE,
        "rank": list(SUPPRESSION_RANK),
    }
    with cursor() as raw:
        raw.execute(sql.PUT_ERASED_NUMBERS, params)
        raw.execute(sql.PUT_ERASED_REASONS, params)
    derive_foremost(workspace_id, list(known))
    tell_connectors("suppressed", workspace_id, owners_of(workspace_id, list(known)))


def _reasons(row: ErasedNumber) -> list[dict[str, Any]]:
    others = [each for each in row.reasons if each["reason"] != "opted_out"]
    return [{"reason": "opted_out", "since": row.erased_at.isoformat()}, *others]
