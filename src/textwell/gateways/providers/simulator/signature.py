"""Signatures of the simulated carrier's webhooks, for both ends. Pure.

Source: Standard Webhooks specification 1.0: HMAC-SHA256 over id, timestamp and body. The key is the
account's secret as it stands; receivers' libraries take its base64.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

ID: Final = "webhook-id"
TIMESTAMP: Final = "webhook-timestamp"
SIGNATURE: Final = "webhook-signature"
TOLERANCE_S: Final = 300

# No dot: "a.1" at 2 and "a" at "1.2" would sign the same octets.
_is_id = re.compile(r"[A-Za-z0-9_-]{1,80}").fullmatch
_is_timestamp = re.compile(r"[0-9]{1,12}").fullmatch


class Verdict(StrEnum):
    GENUINE = "genuine"
    FORGED = "forged"
    STALE = "stale"


def sign(secret: str, *, call_id: str, at: int, body: bytes) -> dict[str, str]:
    """The three headers of a call at that second of the epoch."""
    return {
        ID: call_id,
        TIMESTAMP: str(at),
        SIGNATURE: _signature(secret, call_id, str(at), body).decode(),
    }


def judge(secret: str, headers: Mapping[str, str], body: bytes, *, now: float) -> Verdict:
    """What a call is; `headers` by lower-case name. Never raises.

    Only whose signature is right is told that it is stale: more than `TOLERANCE_S` old, or ahead.
    """
    call_id, told_at = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not _is_id(call_id) or not _is_timestamp(told_at):
        return Verdict.FORGED
    wanted = _signature(secret, call_id, told_at, body)
    given = headers.get(SIGNATURE, "").encode("utf-8", "replace").split(b" ")
    if not any(hmac.compare_digest(wanted, one) for one in given):
        return Verdict.FORGED
    return Verdict.STALE if abs(now - int(told_at)) > TOLERANCE_S else Verdict.GENUINE


def _signature(secret: str, call_id: str, at: str, body: bytes) -> bytes:
    signed = b"%s.%s.%s" % (call_id.encode(), at.encode(), body)
    return b"v1," + base64.b64encode(hmac.digest(secret.encode(), signed, hashlib.sha256))
