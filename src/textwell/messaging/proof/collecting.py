"""Proofs as they arise at hand-off: a few hashes a message, in rows that are appended with outcomes.

Who signs them does it a moment later, elsewhere (`messaging.proving`): the connector holds no key.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import msgspec

from textwell.core.signatures import encode
from textwell.messaging.gate import Decision, Facts
from textwell.messaging.proof.form import number_hash
from textwell.messaging.proof.judged import Judged, Terms, judged_of
from textwell.messaging.proof.tree import digest_text

BLOCK_SIZE: Final = 32  # a signature and five hashes of a path a message; a power of two
_NONCE_OCTETS: Final = 16
_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class RawBlock:
    """Leaves of one workspace that are to be signed together."""

    workspace_id: int
    at: datetime  # when the first of them was judged
    nonce: str = field(default_factory=lambda: encode(secrets.token_bytes(_NONCE_OCTETS)))
    first_id: int = 2**63 - 1
    last_id: int = 0
    leaves: list[str] = field(default_factory=list)
    records: list[Judged] = field(default_factory=list)
    places: dict[tuple[Terms, Facts], int] = field(default_factory=dict)

    def row(self) -> tuple[str, ...]:
        """In the order of COLUMNS, as text; the caller escapes."""
        return (
            str(self.workspace_id),
            str(self.first_id),
            str(self.last_id),
            self.at.isoformat(),
            self.nonce,
            " ".join(self.leaves),
            _encode(self.records).decode(),
        )


COLUMNS: Final = (
    "workspace_id", "first_message_id", "last_message_id", "at", "nonce", "leaves", "records",
)  # fmt: skip


class Collector:
    """Proofs of one connector that are not appended yet."""

    def __init__(self) -> None:
        self._open: dict[int, RawBlock] = {}
        self._full: list[RawBlock] = []

    @property
    def is_empty(self) -> bool:
        return not self._open

    def note(
        self,
        workspace_id: int,
        *,
        message_id: int,
        msisdn: str,
        text: str | None,
        consent_event_id: int | None,
        terms: Terms,
        facts: Facts,
        decision: Decision | None = None,
    ) -> None:
        """A message was judged; `text` None: nothing is handed over."""
        block = self._open.get(workspace_id)
        if block is None or len(block.leaves) == BLOCK_SIZE:
            if block is not None:
                self._full.append(block)
            block = self._open[workspace_id] = RawBlock(workspace_id, facts.at)
        key = (terms, facts)
        place = block.places.get(key)
        if place is None:
            place = block.places[key] = len(block.records)
            block.records.append(judged_of(terms, facts, decision))
        to = number_hash(block.nonce, msisdn)
        said = "" if text is None else digest_text(text.encode())
        block.leaves.append(f"{message_id},{to},{said},{consent_event_id or 0},{place}")
        block.first_id = min(block.first_id, message_id)
        block.last_id = max(block.last_id, message_id)

    def take(self) -> list[RawBlock]:
        """All that was noted; they are the caller's now."""
        taken = [*self._full, *self._open.values()]
        self._open, self._full = {}, []
        return taken
