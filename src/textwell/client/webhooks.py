"""Whether a webhook is ours, by Standard Webhooks 1.0. Needs nothing but Python."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any, Final

TOLERANCE_S: Final = 300
_MOST_DIGITS = 12


class WebhookRefused(Exception):
    """Forged, stale or not whole: answer it with 400 and do nothing."""


def verify_webhook(
    secret: str, headers: Mapping[str, str], body: bytes, *, now: float | None = None
) -> Any:  # Any: JSON values
    """The event that a webhook tells. `secret` is the endpoint's, whsec_…; `body` the octets as they came.

    The same event may come twice: keep `webhook-id` and do each once.

    Raises WebhookRefused.
    """
    given = {name.lower(): value for name, value in headers.items()}
    call_id, at = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not call_id or not (at.isascii() and at.isdecimal() and len(at) <= _MOST_DIGITS):
        raise WebhookRefused("webhook-id or webhook-timestamp is missing")
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error as error:
        raise ValueError("the secret is not one of an endpoint: whsec_…") from error
    signed = f"{call_id}.{at}.".encode() + body
    wanted = b"v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256))
    told = given.get("webhook-signature", "").encode("utf-8", "replace").split(b" ")
    if not any(hmac.compare_digest(wanted, one) for one in told):
        raise WebhookRefused("the signature is not of this secret")
    if abs((time.time() if now is None else now) - int(at)) > TOLERANCE_S:
        raise WebhookRefused("its time is more than five minutes from our clock")
    return json.loads(body)
