"""`textwell inspect link --key K`: the message and link number of a token."""

import base64
import binascii
from typing import Any

from textwell.links.tokens import KEY_OCTETS, read_token


def read_key(text: str) -> bytes:
    """The 16 octets of a workspace's link key, written as 32 hex digits or as base64.

    Raises ValueError with the mend.
    """
    plain = text.strip()
    try:
        key = bytes.fromhex(plain)
        if len(key) == KEY_OCTETS:
            return key
    except ValueError:
        pass
    try:
        # Both alphabets of base64, with or without the padding.
        padded = plain.rstrip("=").replace("-", "+").replace("_", "/") + "=" * (
            -len(plain.rstrip("=")) % 4
        )
        key = base64.b64decode(padded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_OCTETS:
        raise ValueError("key: give the 16 octets as 32 hex digits or as base64")
    return key


def inspect(case: dict[str, Any], *, key: bytes | str) -> dict[str, Any]:
    """One JSON line of the form `link`. Raises BadToken (a ValueError) for a token of no message."""
    token = case.get("token")
    if not isinstance(token, str):
        raise ValueError("token: must be text")  # noqa: TRY004 - bad input of a person, one kind
    message_id, link_number = read_token(read_key(key) if isinstance(key, str) else key, token)
    return {"message": message_id, "link": link_number}
