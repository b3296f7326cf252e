"""What comes into the inbox, for those above who may act on it first."""

from dataclasses import dataclass
from datetime import datetime

from textwell.inbox.words import Understanding


@dataclass(slots=True)
class ArrivedText:
    """One text of a person, as it was stored. Whoever acts on it says whose it is in `taken_by`."""

    workspace_id: int
    msisdn: str
    recipient: str  # the sender of ours that it was written to
    text: str
    received_at: datetime
    source_key: str
    gateway_id: int
    understanding: Understanding
    contact_id: int | None  # None: the number is nobody's yet
    taken_by: int | None = None  # the contact; then nobody else acts on it, and no thread waits


@dataclass(frozen=True, slots=True)
class TextsArrived:
    """New texts but opt-outs, in order of time; published inside the transaction that stores them."""

    texts: tuple[ArrivedText, ...]
