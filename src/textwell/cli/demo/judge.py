"""The carrier's own log against the ledger: what was handed over, once, and what came of it."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from textwell.campaigns.models import Campaign
from textwell.gateways.providers.simulator.log import hash_text, summarise
from textwell.messaging.types import Equation

_HANDED = """
SELECT m.id, m.msisdn, o.text, m.state FROM messaging_message m
JOIN messaging_outcome o ON o.message_id = m.id AND o.outcome IN ('submitted', 'unknown')
WHERE m.campaign_id = %(campaign_id)s AND o.message_id BETWEEN %(first)s AND %(last)s
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
    delivered_difference: int  # delivered in the ledger minus delivered by the carrier's log

    @property
    def is_good(self) -> bool:
        faults = (self.lost_count, self.doubled_count, self.unrecorded_count)
        return self.is_balanced and not any(faults) and self.delivered_difference <= 0

    def lines(self) -> list[str]:
        """For people: one fact a line."""
        return [
            f"equation balanced   {'yes' if self.is_balanced else 'NO'}",
            f"lost                {self.lost_count}",
            f"doubled             {self.doubled_count}",
            f"not recorded        {self.unrecorded_count}",
            f"unknown             {self.unknown_count} ({self.unknown_arrived_count} did arrive)",
        ]


def judge(campaign: Campaign, equation: Equation, log: Path) -> Judgement:
    """Compare a finished campaign with the log of the carrier that took it."""
    summary = summarise(log)
    ends = {
        "campaign_id": campaign.id,
        "first": campaign.first_message_id,
        "last": campaign.last_message_id,
    }
    known: Counter[tuple[str, str]] = Counter()
    unknown: set[str] = set()  # numbers: a mark without an answer has no text on record
    settled: set[str] = set()  # numbers of those that a receipt settled all the same
    delivered: set[int] = set()  # a message may have two outcomes: lost, then found
    with connection.cursor() as cursor:
        cursor.execute(_HANDED, ends)
        for message_id, msisdn, text, state in cursor.fetchall():
            key = (msisdn, hash_text(text))
            if state == "delivered":
                delivered.add(message_id)
            if state == "unknown":
                unknown.add(msisdn)
            elif not text:
                settled.add(msisdn)
            else:
                known[key] += 1
    return Judgement(
        is_balanced=equation.is_balanced and equation["waiting"] == 0,
        lost_count=sum(1 for key in known if key not in summary.handed)
        + len(settled - {msisdn for msisdn, _hash in summary.handed}),
        doubled_count=len(summary.doubles),
        unrecorded_count=sum(
            1 for key in summary.handed if key not in known and key[0] not in unknown | settled
        ),
        unknown_count=len(unknown),
        unknown_arrived_count=sum(1 for key in summary.handed if key[0] in unknown),
        delivered_difference=len(delivered) - summary.receipts.get("DELIVRD", 0),
    )
