"""The carrier's own log against the ledger: what was handed over, once, and what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

from textwell.campaigns.models import Campaign
from textwell.cli.demo.evidence import Evidence
from textwell.gateways.providers.simulator.log import hash_text
from textwell.messaging.types import Equation

_HANDED = """
SELECT m.id, m.msisdn, o.text, m.state FROM messaging_message m
JOIN messaging_outcome o ON o.message_id = m.id AND o.outcome IN ('submitted', 'unknown')
WHERE m.campaign_id = %(campaign_id)s AND o.message_id BETWEEN %(first)s AND %(last)s
"""

# Texts of the workspace outside campaigns: what answers a STOP goes by the same carrier.
_ANSWERS = """
SELECT m.msisdn, coalesce(o.text, '') FROM messaging_message m
LEFT JOIN messaging_outcome o ON o.message_id = m.id AND o.outcome IN ('submitted', 'unknown')
WHERE m.workspace_id = %(workspace_id)s AND m.campaign_id IS NULL
  AND (o.text <> '' OR m.state NOT IN ('skipped', 'canceled'))
"""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`lost`: recorded as accepted, but the carrier never had it. `doubled`: it had it twice."""

    is_balanced: bool
    lost_count: int
    doubled_count: int
    unrecorded_count: int  # the carrier has it, the ledger neither as handed nor as unknown
    unknown_count: int
    unknown_arrived_count: int  # of the unknown ones, those in the carrier's log
    decided_count: int  # unknown, though by the log we were told what became of them
    guessed_count: int  # settled, though by the log nobody told us anything
    delivered_difference: int  # delivered in the ledger minus delivered by the carrier's log
    # Whose answer is on its way, without a text on record yet: nothing of theirs is unrecorded.
    answering_count: int
    after_stop: tuple[float, ...] = ()  # seconds from an acknowledged STOP to the hand-off after it

    @property
    def is_good(self) -> bool:
        faults = (
            self.lost_count, self.doubled_count, self.unrecorded_count, self.decided_count,
            self.guessed_count, len(self.after_stop),
        )  # fmt: skip
        return self.is_balanced and not any(faults) and self.delivered_difference <= 0

    def lines(self) -> list[str]:
        """For people: one fact a line."""
        latest = f" (up to {max(self.after_stop):.1f} s later)" if self.after_stop else ""
        return [
            f"equation balanced   {'yes' if self.is_balanced else 'NO'}",
            f"lost                {self.lost_count}",
            f"doubled             {self.doubled_count}",
            f"not recorded        {self.unrecorded_count}",
            f"unknown             {self.unknown_count} ({self.unknown_arrived_count} did arrive)",
            f"unknown but told    {self.decided_count}",
            f"settled by a guess  {self.guessed_count}",
            f"texts after STOP    {len(self.after_stop)}{latest}",
        ]


@dataclass(slots=True)
class Recorded:
    """What the ledger says of a campaign's messages that were or may be handed over."""

    known: set[tuple[str, str]] = field(default_factory=set)  # number and hash of the text
    unknown: set[str] = field(default_factory=set)  # a mark without an answer has no text on record
    settled: set[str] = field(default_factory=set)  # no text either, but a receipt settled it
    delivered: set[int] = field(default_factory=set)  # a message may have two outcomes
    # Outside the campaign, as `known`: on record, and judged by nothing else.
    answers: set[tuple[str, str]] = field(default_factory=set)
    answering: set[str] = field(default_factory=set)  # whose answer has no text on record (yet)

    def add_answer(self, msisdn: str, text: str) -> None:
        if text:
            self.answers.add((msisdn, hash_text(text)))
        else:
            self.answering.add(msisdn)

    def add(self, message_id: int, msisdn: str, text: str, state: str) -> None:
        if state == "delivered":
            self.delivered.add(message_id)
        if state == "unknown":
            self.unknown.add(msisdn)
        elif not text:
            self.settled.add(msisdn)
        else:
            self.known.add((msisdn, hash_text(text)))

    def has(self, msisdn: str, text_hash: str) -> bool:
        return (msisdn, text_hash) in self.known or msisdn in self.unknown | self.settled


def judge(campaign: Campaign, equation: Equation, log: Path) -> Judgement:
    """Compare a finished campaign with the log of the carrier that took it."""
    evidence = Evidence.read(log)
    recorded = Recorded()
    ends = {
        "campaign_id": campaign.id,
        "first": campaign.first_message_id,
        "last": campaign.last_message_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HANDED, ends)
        for row in cursor.fetchall():
            recorded.add(*row)
        cursor.execute(_ANSWERS, {"workspace_id": campaign.workspace_id})
        for msisdn, text in cursor.fetchall():
            recorded.add_answer(msisdn, text)
    return compare(evidence, recorded, is_balanced=equation.is_balanced and not equation["waiting"])


def compare(evidence: Evidence, recorded: Recorded, *, is_balanced: bool) -> Judgement:
    """The verdict on what the ledger recorded, by what the log can tell, but for answers' texts."""
    evidence.set_aside(recorded.answers)
    handed = {
        (msisdn, one.text_hash) for msisdn, all_of in evidence.handed.items() for one in all_of
    }
    numbers = {msisdn for msisdn, _hash in recorded.known} | recorded.settled
    unrecorded = sum(
        1 for key in handed if not recorded.has(*key) and key[0] not in recorded.answering
    )
    return Judgement(
        is_balanced=is_balanced,
        lost_count=len(recorded.known - handed) + len(recorded.settled - set(evidence.handed)),
        doubled_count=evidence.doubles(),
        unrecorded_count=unrecorded,
        unknown_count=len(recorded.unknown),
        unknown_arrived_count=len(recorded.unknown & set(evidence.handed)),
        decided_count=sum(1 for msisdn in recorded.unknown if not evidence.is_open(msisdn)),
        guessed_count=sum(1 for msisdn in numbers if evidence.is_silent(msisdn)),
        delivered_difference=len(recorded.delivered) - evidence.delivered_count,
        answering_count=len(recorded.answering),
        after_stop=tuple(_after_stop(evidence, recorded)),
    )


def _after_stop(evidence: Evidence, recorded: Recorded) -> Iterable[float]:
    """Seconds by which texts of the campaign came after an acknowledged STOP of their person."""
    for msisdn, stopped_at in evidence.stops.items():
        for one in evidence.handed.get(msisdn, ()):
            key = (msisdn, one.text_hash)
            is_ours = key in recorded.known or (
                recorded.has(*key) and msisdn not in recorded.answering
            )
            if one.at > stopped_at and is_ours:
                yield one.at - stopped_at
