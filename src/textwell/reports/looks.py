"""Each look of the gate at a text: every rule with what it saw, as proofs keep it, or as things are now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from textwell.campaigns.forecast import gate_facts
from textwell.campaigns.models import Campaign
from textwell.campaigns.terms import is_for_samples, layer_of
from textwell.compliance.schema import Reading
from textwell.contacts.models import Contact
from textwell.messaging.disputed import Dispute, disputes_behind
from textwell.messaging.gate import Decision, decide
from textwell.messaging.law import NO_LAW, place_of
from textwell.messaging.proof.judged import LAST_LOOK, Grounds, facts_of, grounds_of
from textwell.messaging.proving import NotedLook, list_looks


@dataclass(frozen=True, slots=True)
class RuleSeen:
    """One rule with all that it was judged by."""

    rule: str
    passed: bool
    inputs: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Look:
    """`is_forecast`: nobody has asked the gate yet; it is what it would say as things are now."""

    is_forecast: bool
    at: datetime
    verdict: str  # allow | hold | skip
    reason: str  # "" where it allows
    packs: tuple[str, ...]  # versions, as FR@2026-11-01
    law: tuple[str, ...]  # their rules about hours, days and caps
    local: Mapping[str, str]  # zone: weekday and time there
    rules: tuple[RuleSeen, ...]  # none, where a last look withdrew what they had let pass
    consent_event_id: int | None = None
    consent_hash: str = ""  # SHA-256 of that event, once the proof is signed
    # Of those rules the disputed ones, each with the reading by which it was judged.
    disputed: tuple[tuple[Dispute, Reading], ...] = ()


def looks_of(workspace_id: int, message_id: int) -> tuple[Look, ...]:
    """The latest last; what another version of Textwell wrote otherwise is left out."""
    return tuple(_noted(each) for each in list_looks(workspace_id, message_id))


def look_now(
    campaign: Campaign, contact: Contact, *, at: datetime | None = None, message_id: int = 0
) -> Look:
    """What the gate would say of a text at that moment (None: when the campaign begins).

    `message_id`: of that text, where there is one; it counts in no cap of its own.
    """
    facts = gate_facts(campaign, contact, at=at, message_id=message_id)
    layer = layer_of(campaign, is_simulated=is_for_samples(campaign))
    grounds = Grounds((), (), {})
    if layer != NO_LAW:
        place = place_of(contact.country, contact.msisdn, contact.zone)
        grounds = grounds_of(place, facts.at, layer)
    decision = decide(facts)
    return Look(
        is_forecast=True,
        at=facts.at,
        verdict=decision.verdict.value,
        reason=decision.reason,
        packs=grounds.packs,
        law=grounds.hours,
        local=grounds.local,
        rules=_rules(decision),
        disputed=_disputed(grounds.hours, layer, facts.at),
    )


def _disputed(
    rules: Iterable[str], layer: str, at: datetime
) -> tuple[tuple[Dispute, Reading], ...]:
    return tuple(disputes_behind(list(rules), layer, on=at.date()))


def _noted(noted: NotedLook) -> Look:
    judged = noted.judged
    is_withdrawn = judged.rules == LAST_LOOK
    return Look(
        is_forecast=False,
        at=datetime.fromisoformat(judged.at),
        verdict=judged.verdict,
        reason=judged.reason,
        packs=tuple(judged.packs),
        law=tuple(judged.hours),
        local=judged.local,
        rules=() if is_withdrawn else _rules(decide(facts_of(judged))),
        consent_event_id=noted.consent_event_id or None,
        consent_hash=noted.consent_hash,
        disputed=_disputed(judged.hours, judged.layer, datetime.fromisoformat(judged.at)),
    )


def _rules(decision: Decision) -> tuple[RuleSeen, ...]:
    return tuple(RuleSeen(each.rule, each.is_passed, each.inputs) for each in decision.rules)
