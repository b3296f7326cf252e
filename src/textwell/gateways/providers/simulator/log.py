"""The carrier's own log: what it was handed and what it did, one line each, append-only.

Tab-separated; the first field is the kind, the second milliseconds since the epoch:

    H ms msisdn sender id hash length segments status answer   handed over (all parts of it)
    P ms msisdn sender hash parts wanted                       a long message that stayed in parts
    R ms msisdn id stat err                                    a receipt queued for its account
    A ms what…                                                 acknowledged: ids of final receipts,
                                                               numbers (with +) of who replied
    S ms                                                       the carrier started
    E ms system_id                                             a bound session ended
    D ms msisdn id                                             canceled before it arrived
    T ms msisdn id hash length                                 its text replaced before it arrived
    M ms msisdn recipient intent hash                          a reply sent
    C ms msisdn kind status url                                a link opened
    F ms kind seconds                                          a fault begun

`hash` is CRC-32 of the text in UTF-8, `status` the SMPP status in decimal (0 accepted), `answer` is
`sent` or `lost`. Written in blocks at least every 0.2 s, so kill -9 loses no more than that.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from zlib import crc32

FLUSH_S: Final = 0.1
_MOST_LINES: Final = 20_000


def hash_text(text: str) -> str:
    """The hash under which a text stands in the log: eight hex digits."""
    return f"{crc32(text.encode('utf-8', 'surrogatepass')):08x}"


class LogWriter:
    """Collects lines and appends them in blocks. `path` None: counts nothing, writes nothing."""

    def __init__(self, path: Path | None, *, is_eager: bool = False) -> None:
        """`is_eager`: every block is written at once, before its answers leave; kill -9 loses none."""
        self._most_lines = 1 if is_eager else _MOST_LINES
        self._lines: list[str] = []
        self._file = None if path is None else os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._timer: asyncio.TimerHandle | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Flush by the clock from now on."""
        self.flush()
        self._timer = loop.call_later(FLUSH_S, self.start, loop)

    def extend(self, lines: list[str]) -> None:
        """Add whole lines, each with its line feed."""
        if self._file is None:
            return
        self._lines += lines
        if len(self._lines) >= self._most_lines:
            self.flush()

    def flush(self) -> None:
        if self._file is None or not self._lines:
            return
        data = memoryview("".join(self._lines).encode())
        self._lines.clear()
        while data:
            data = data[os.write(self._file, data) :]

    def close(self) -> None:
        """Write what is left. Calling twice is safe."""
        if self._timer is not None:
            self._timer.cancel()
        self.flush()
        if self._file is not None:
            os.close(self._file)
            self._file = None


@dataclass(frozen=True, slots=True)
class Handed:
    """One message that the carrier took or refused, all its parts."""

    at: float
    msisdn: str
    sender: str
    message_id: str
    text_hash: str
    length: int
    segment_count: int
    status: int
    is_answered: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """A receipt that the carrier sent."""

    at: float
    msisdn: str
    message_id: str
    stat: str
    err: str


@dataclass(frozen=True, slots=True)
class Deed:
    """What a person did: `kind` reply or click; `detail` the intent or the kind of visitor."""

    at: float
    msisdn: str
    kind: str
    detail: str
    target: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What the account said it has: ids of final receipts, numbers of people who replied."""

    at: float
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """A session ended or the carrier started anew: answers just before may not have been read."""

    at: float


Entry = Handed | Sent | Deed | Acknowledged | Broken


def read_log(path: Path) -> Iterator[Entry]:
    """Entries in order of writing; a last line cut by a crash is passed over, as are faults."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            if line.endswith("\n") and (entry := _read_line(line[:-1].split("\t"))):
                yield entry


def _read_line(cells: list[str]) -> Entry | None:
    kind, at, rest = cells[0], int(cells[1]) / 1000, cells[2:]
    if kind == "H":
        msisdn, sender, message_id, text_hash, length, segments, status, answer = rest
        return Handed(
            at, msisdn, sender, message_id, text_hash, int(length), int(segments), int(status),
            answer == "sent",
        )  # fmt: skip
    if kind == "R":
        return Sent(at, *rest)
    if kind == "M":
        return Deed(at, rest[0], "reply", rest[2], rest[1])
    if kind == "C":
        return Deed(at, rest[0], "click", rest[1], rest[3])
    if kind == "A":
        return Acknowledged(at, tuple(rest))
    return Broken(at) if kind in {"S", "E"} else None


@dataclass(slots=True)
class Summary:
    """`handed`: how often the carrier accepted this text for this number. Receipts by stat."""

    handed: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused: Counter[int] = field(default_factory=Counter)
    unanswered_count: int = 0
    segment_count: int = 0
    receipts: Counter[str] = field(default_factory=Counter)
    replies: Counter[str] = field(default_factory=Counter)
    clicks: Counter[str] = field(default_factory=Counter)

    @property
    def accepted_count(self) -> int:
        return sum(self.handed.values())

    @property
    def doubles(self) -> dict[tuple[str, str], int]:
        """(msisdn, text hash) that were accepted more than once, with how often."""
        return {key: count for key, count in self.handed.items() if count > 1}


def summarise(path: Path) -> Summary:
    """The whole log in figures."""
    summary = Summary()
    for entry in read_log(path):
        if isinstance(entry, Handed):
            _add_handed(summary, entry)
        elif isinstance(entry, Sent):
            summary.receipts[entry.stat] += 1
        elif isinstance(entry, Deed):
            deeds = summary.replies if entry.kind == "reply" else summary.clicks
            deeds[entry.detail] += 1
    return summary


def _add_handed(summary: Summary, entry: Handed) -> None:
    if entry.status:
        summary.refused[entry.status] += 1
        return
    summary.handed[entry.msisdn, entry.text_hash] += 1
    summary.unanswered_count += not entry.is_answered
    summary.segment_count += entry.segment_count
