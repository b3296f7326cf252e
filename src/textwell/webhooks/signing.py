"""Signatures of what we send. Pure.

Sources: Standard Webhooks specification 1.0 (by the specification's own library) and Twilio,
"Validating Signatures from Twilio" (HMAC-SHA-1 over the URL and the sorted fields).
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from standardwebhooks import Webhook

SECRET_OCTETS = 32  # the specification asks for 24 to 64


def make_secret() -> str:
    """A new signing secret as receivers' libraries take it: whsec_ and base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_OCTETS)).decode()


def sign_standard(
    secrets_in_use: Sequence[str], *, event_id: str, at: datetime, body: str
) -> dict[str, str]:
    """The three headers; while a secret is being changed both sign, separated by a space."""
    signatures = [Webhook(each).sign(event_id, at, body) for each in secrets_in_use if each]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def sign_twilio(auth_token: str, *, url: str, fields: Mapping[str, str]) -> str:
    """The value of X-Twilio-Signature for a POST of `fields` to `url`."""
    text = url + "".join(name + fields[name] for name in sorted(fields))
    digest = hmac.new(auth_token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
