"""Twilio's names of things: two letters and our id in 32 hex digits. Pure."""

import re
from typing import Final

from textwell.webhooks.bodies import twilio_sid

ACCOUNT: Final = "AC"  # a workspace
KEY: Final = "SK"  # an API key
MESSAGE: Final = "SM"
SERVICE: Final = "MG"  # a messaging service: a gateway
LARGEST: Final = 2**63 - 1

_SID = re.compile(r"([A-Z]{2})([0-9a-f]{32})", re.ASCII)


def make_sid(mark: str, number: int) -> str:
    return twilio_sid(mark, number)


def read_sid(mark: str, text: str) -> int | None:
    """Our id; None if it names nothing of this kind that we could have."""
    found = _SID.fullmatch(text)
    if found is None or found[1] != mark:
        return None
    number = int(found[2], 16)
    return number if 0 < number <= LARGEST else None
