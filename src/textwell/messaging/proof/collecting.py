"""Proofs as they arise at hand-off: a few hashes a message, in rows that are appended with outcomes.

Who signs them does it a moment later, elsewhere (`messaging.proving`): the connector holds no key.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

import msgspec

from textwell.compliance.library import kept_with_packs
from textwell.core.merkle import digest_text
from textwell.core.signatures import encode
from textwell.messaging.gate import Decision, Facts
from textwell.messaging.law import Place
from textwell.messaging.proof.form import VERSION, number_hash
from textwell.messaging.proof.judged import (
    Judged,
    Terms,
    grounds_of,
    handed_text,
    place_text,
    shared_of,
)

BLOCK_SIZE: Final = 32  # a signature and five hashes of a path a message; a power of two
_NONCE_OCTETS: Final = 16
_KEY_OCTETS: Final = 18
KEY_LENGTH: Final = 24  # written down
_encode = msgspec.json.Encoder().encode


def _new_keys() -> str:
    return urlsafe_b64encode(secrets.token_bytes(_KEY_OCTETS * BLOCK_SIZE)).decode()


class Seen:
    """What the gate saw and said, one object for all who are alike: it is written once a block.

    `decision` None: made out of the facts.
    """

    def __init__(self, terms: Terms, facts: Facts, decision: Decision | None = None) -> None:
        self.terms = terms
        self.facts = facts
        self._decision = decision

    @cached_property
    def record(self) -> str:
        """As it is written."""
        return _encode(shared_of(self.terms, self.facts, self._decision)).decode()


@dataclass(slots=True)
class RawBlock:
    """Leaves of one workspace that are to be signed together."""

    workspace_id: int
    at: datetime  # when the first of them was judged
    nonce: str = field(default_factory=lambda: encode(secrets.token_bytes(_NONCE_OCTETS)))
    ids: list[int] = field(default_factory=list)
    leaves: list[str] = field(default_factory=list)
    records: dict[Seen, int] = field(default_factory=dict)
    record_texts: list[str] = field(default_factory=list)
    grounds: dict[str, int] = field(default_factory=dict)
    all_keys: str = field(default_factory=_new_keys)

    def add(self, message_id: int, leaf: str) -> None:
        self.leaves.append(leaf)
        self.ids.append(message_id)

    def next_key(self) -> str:
        start = len(self.leaves) * KEY_LENGTH
        return self.all_keys[start : start + KEY_LENGTH]

    def place_record(self, seen: Seen) -> int:
        place = self.records.get(seen)
        if place is None:
            place = self.records[seen] = self.place_text(seen.record)
        return place

    def place_text(self, record: str) -> int:
        if not self.record_texts or self.record_texts[-1] != record:
            self.record_texts.append(record)
        return len(self.record_texts) - 1

    def place_grounds(self, text: str) -> int:
        return self.grounds.setdefault(text, len(self.grounds))

    def row(self) -> tuple[str, ...]:
        """In the order of COLUMNS, as text; the caller escapes."""
        ends = range(0, len(self.leaves) * KEY_LENGTH, KEY_LENGTH)
        return (
            str(self.workspace_id),
            str(min(self.ids)),
            str(max(self.ids)),
            self.at.isoformat(),
            str(VERSION),
            self.nonce,
            " ".join(self.leaves),
            f"[{','.join(self.record_texts)}]",
            f"[{','.join(self.grounds)}]",
            " ".join(self.all_keys[start : start + KEY_LENGTH] for start in ends),
        )


COLUMNS: Final = (
    "workspace_id", "first_message_id", "last_message_id", "at", "version", "nonce", "leaves",
    "records", "grounds", "keys",
)  # fmt: skip


@kept_with_packs(maxsize=20_000)
def _grounds(place: Place, minute: datetime, layer: str) -> tuple[str, str]:
    """The place and its grounds as they are written: clocks are noted to the minute."""
    return place_text(place), _encode(grounds_of(place, minute, layer)).decode()


class Collector:
    """Proofs of one connector that are not appended yet."""

    def __init__(self) -> None:
        self._open: dict[int, RawBlock] = {}
        self._full: list[RawBlock] = []
        self._at: datetime | None = None
        self._minute = datetime.min.replace(tzinfo=UTC)

    @property
    def is_empty(self) -> bool:
        return not self._open

    def note(
        self,
        workspace_id: int,
        seen: Seen,
        *,
        message_id: int,
        msisdn: str,
        text: str | None,
        consent_event_id: int | None,
        place: Place | None = None,
        handed: Sequence[datetime] | None = None,
    ) -> None:
        """A message was judged; `text` None: nothing is handed over; `place` None: no hours hold."""
        at = seen.facts.at
        block = self._block(workspace_id, at)
        where, grounds, before = "", "", ""
        if place is not None:
            where, written = _grounds(place, self._to_minute(at), seen.terms.layer)
            grounds = str(block.place_grounds(written))
            before = ";".join(map(handed_text, handed)) if handed else ""
        to = number_hash(block.next_key(), msisdn)
        said = "" if text is None else digest_text(text.encode())
        record = block.place_record(seen)
        block.add(
            message_id,
            f"{message_id},{to},{said},{consent_event_id or 0},{record},{grounds},{before},{where}",
        )

    def note_withdrawn(
        self, workspace_id: int, *, message_id: int, msisdn: str, judged: Judged
    ) -> None:
        """A last look kept back what the gate had let go: `judged.withdrawn_of`."""
        at = datetime.now(UTC)
        block = self._block(workspace_id, at)
        to = number_hash(block.next_key(), msisdn)
        record = block.place_text(_encode(judged).decode())
        block.add(message_id, f"{message_id},{to},,0,{record},,,")

    def _block(self, workspace_id: int, at: datetime) -> RawBlock:
        block = self._open.get(workspace_id)
        if block is None or len(block.leaves) == BLOCK_SIZE:
            if block is not None:
                self._full.append(block)
            block = self._open[workspace_id] = RawBlock(workspace_id, at)
        return block

    def _to_minute(self, at: datetime) -> datetime:
        if at is not self._at:
            self._at, self._minute = at, at.replace(second=0, microsecond=0)
        return self._minute

    def take(self) -> list[RawBlock]:
        """All that was noted; they are the caller's now."""
        taken = [*self._full, *self._open.values()]
        self._open, self._full = {}, []
        return taken
