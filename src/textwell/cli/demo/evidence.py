"""What the carrier's own log can tell of each number, and what it must leave open."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from textwell.gateways.providers.simulator.carrier import FINAL_STATS
from textwell.gateways.providers.simulator.log import (
    Acknowledged,
    Broken,
    Deed,
    Entry,
    Handed,
    Sent,
    read_log,
)

# An answer may lie this long, read but not recorded, before its reader dies: the database may be
# away just then. Before the break; and after it, for one still being written.
BEFORE_BREAK_S = 10.0
AFTER_BREAK_S = 1.0


@dataclass(slots=True)
class Evidence:
    """One pass over the log; numbers are E.164."""

    handed: dict[str, list[Handed]] = field(default_factory=lambda: defaultdict(list))
    finals: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # ids by number
    stops: dict[str, float] = field(default_factory=dict)  # when a STOP was acknowledged
    _delivered: Counter[str] = field(default_factory=Counter)  # receipts that say so, by id
    _taken: Counter[tuple[str, str]] = field(default_factory=Counter)  # number and hash of the text
    _texts_by_number: Counter[str] = field(default_factory=Counter)
    _acknowledged: set[str] = field(default_factory=set)
    _breaks: list[float] = field(default_factory=list)
    _stopping: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, log: Path) -> "Evidence":
        evidence = cls()
        for entry in read_log(log):
            evidence._add(entry)
        evidence._breaks.sort()
        return evidence

    def _add(self, entry: Entry) -> None:
        match entry:
            case Handed(status=0):
                self.handed[entry.msisdn].append(entry)
                self._taken[entry.msisdn, entry.text_hash] += 1
                self._texts_by_number[entry.msisdn] += 1
            case Sent():
                self._delivered[entry.message_id] += entry.stat == "DELIVRD"
                if entry.stat in FINAL_STATS:
                    self.finals[entry.msisdn].add(entry.message_id)
            case Acknowledged():
                self._acknowledged.update(entry.what)
                for msisdn in self._stopping.intersection(entry.what):
                    self.stops.setdefault(msisdn, entry.at)
            case Deed(kind="reply", detail="stop"):
                self._stopping.add(entry.msisdn)
            case Broken():
                self._breaks.append(entry.at)

    def set_aside(self, texts: Iterable[tuple[str, str]]) -> None:
        """Judge by nothing that became of these (number and hash): they are of no campaign.

        They still count as handed over twice, and make a receipt without an id ambiguous.
        """
        for msisdn, text_hash in texts:
            all_of = self.handed.pop(msisdn, [])
            rest = [one for one in all_of if one.text_hash != text_hash]
            ids = {one.message_id for one in all_of} - {one.message_id for one in rest}
            finals = self.finals.pop(msisdn, set()) - ids
            if rest:
                self.handed[msisdn] = rest
            if finals:
                self.finals[msisdn] = finals
            for message_id in ids:
                self._delivered.pop(message_id, None)

    @property
    def delivered_count(self) -> int:
        """Receipts that say delivered, each time that they were sent."""
        return self._delivered.total()

    def doubles(self) -> int:
        """(number, text) pairs that were accepted more than once."""
        return sum(1 for count in self._taken.values() if count > 1)

    def is_ambiguous(self, msisdn: str) -> bool:
        """More than one message to this number: a receipt without a known id may mean either."""
        return self._texts_by_number[msisdn] > 1

    def is_told(self, msisdn: str) -> bool:
        """Whether a final receipt for this number was acknowledged: we know what became of it."""
        return not self._acknowledged.isdisjoint(self.finals.get(msisdn, ()))

    def is_silent(self, msisdn: str) -> bool:
        """The carrier has it, kept its answer to itself and never sent a final receipt."""
        all_of = self.handed.get(msisdn, ())
        return (
            bool(all_of)
            and not any(one.is_answered for one in all_of)
            and msisdn not in self.finals
        )

    def is_open(self, msisdn: str) -> bool:
        """Whether the log leaves open what we were told: no proof that answer or receipt arrived."""
        if self.is_told(msisdn) and not self.is_ambiguous(msisdn):
            return False
        return all(
            not one.is_answered or self._is_broken(one.at) for one in self.handed.get(msisdn, ())
        )

    def _is_broken(self, at: float) -> bool:
        """Whether a session ended soon after this moment."""
        place = bisect_left(self._breaks, at - AFTER_BREAK_S)
        return place < len(self._breaks) and self._breaks[place] <= at + BEFORE_BREAK_S
