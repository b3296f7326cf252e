"""What the gate saw and said, as a proof keeps it: equal for many messages of one minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

import msgspec

from textwell.compliance.hours import DAYS, zone_of
from textwell.messaging.gate import RULE_NAMES, Decision, Facts, decide
from textwell.messaging.law import NO_LAW, Law, Place, basis_of, judge_caps, judge_hours

# What need not be written down: facts that stand in nobody's way. A fact that is not named here is
# always written.
QUIET: Final[dict[str, object]] = {
    "is_known": True,
    "is_sample": False,
    "is_simulated": False,
    "suppression": "",
    "is_sender_allowed": True,
    "recent_count": 0,
    "cap_count": 0,
    "workspace_recent_count": 0,
    "workspace_cap_count": 0,
    "expires_at": None,
    "law_reason": "",
    "lawful_at": None,
    "paused_until": None,
    "sender_reason": "",
}

Fact = bool | int | str | None


class Judged(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`facts` are those of `gate.Facts` that are not QUIET; `rules` names those judged, in order."""

    at: str  # UTC, RFC 3339
    campaign: int | None
    gateway: int
    purpose: str
    wording: (
        str  # SHA-256 of the campaign's wording; "": a single text, whose own hash stands alone
    )
    sender: str
    country: str
    place: str  # country|start of the number|zone, as far as hours depend on them
    layer: str  # which rules about hours held; "": none
    packs: list[str]  # versions, as FR@2026-11-01
    hours: list[str]  # their rules about hours, days and caps
    handed: list[str]  # when the person was handed earlier texts, where a cap of law counts them
    local: dict[str, str]  # zone: weekday and time there
    facts: dict[str, Fact]
    rules: str
    verdict: str
    reason: str
    until: str


class Rejudged(StrEnum):
    """What comes out when the same facts are judged once more."""

    SAME = "same"
    OTHER = "other"
    PACKS_UNKNOWN = "packs_unknown"  # the versions of the packs are not those that we have


@dataclass(frozen=True, slots=True)
class Terms:
    """What a proof says of a message beside its facts."""

    campaign_id: int | None
    gateway_id: int
    purpose: str
    wording: str
    sender: str
    country: str
    place: Place | None  # None: no hours hold
    layer: str
    handed: tuple[datetime, ...] = ()


def judged_of(terms: Terms, facts: Facts, decision: Decision | None = None) -> Judged:
    """`decision` is what `gate.decide` says of the facts, where that is known already."""
    said = decision or decide(facts)
    place = terms.place
    basis = basis_of(place, facts.at, terms.layer) if place and terms.layer != NO_LAW else None
    seen = msgspec.to_builtins(facts)
    at = seen.pop("at")
    return Judged(
        at=at,
        campaign=terms.campaign_id,
        gateway=terms.gateway_id,
        purpose=terms.purpose,
        wording=terms.wording,
        sender=terms.sender,
        country=terms.country,
        place=f"{place.country}|{place.number_start}|{place.zone}" if place else "",
        layer=terms.layer if place else NO_LAW,
        packs=list(basis.packs) if basis else [],
        hours=list(basis.rules) if basis else [],
        handed=[each.astimezone(UTC).isoformat() for each in terms.handed] if basis else [],
        local=_local_times(facts.at, basis.zones) if basis else {},
        facts={name: seen[name] for name in seen if _is_said(name, seen[name])},
        rules=RULE_NAMES,
        verdict=said.verdict.value,
        reason=said.reason,
        until=msgspec.to_builtins(said.until) or "",
    )


def _is_said(name: str, value: object) -> bool:
    return name not in QUIET or QUIET[name] != value or type(QUIET[name]) is not type(value)


def _local_times(at: datetime, zones: tuple[str, ...]) -> dict[str, str]:
    local = {}
    for name in zones:
        here = at.astimezone(zone_of(name))
        local[name] = f"{DAYS[here.weekday()]} {here:%H:%M}"
    return local


def facts_of(judged: Judged) -> Facts:
    """What the gate saw.

    Raises:
        msgspec.ValidationError: they are no facts of this version of the gate.
    """
    whole: dict[str, Any] = {**QUIET, **judged.facts, "at": judged.at}
    return msgspec.convert(whole, Facts)


@lru_cache(maxsize=4_096)
def rejudge_written(judged: bytes) -> Rejudged:
    """`rejudge` of a record as it is written."""
    return rejudge(msgspec.json.decode(judged, type=Judged))


def rejudge(judged: Judged) -> Rejudged:
    """Judge the facts once more, and the hours by the packs that came with this version."""
    try:
        facts = facts_of(judged)
    except msgspec.ValidationError:
        return Rejudged.OTHER
    said = decide(facts)
    until = msgspec.to_builtins(said.until) or ""
    if (said.verdict, said.reason, until) != (judged.verdict, judged.reason, judged.until):
        return Rejudged.OTHER
    return _rejudge_hours(judged, facts) if judged.layer != NO_LAW else Rejudged.SAME


def _law(place: Place, at: datetime, judged: Judged) -> Law:
    """As the connector asks it: hours, and then caps where earlier texts count."""
    hours = judge_hours(place, at, judged.layer)
    if not judged.handed or (hours.reason and hours.lawful_at is None):
        return hours
    handed = [datetime.fromisoformat(each) for each in judged.handed]
    capped = judge_caps(place, at, judged.layer, handed)
    return capped if capped.reason else hours


def _rejudge_hours(judged: Judged, facts: Facts) -> Rejudged:
    country, start, zone = judged.place.split("|", 2)
    place = Place(country, start, zone)
    basis = basis_of(place, facts.at, judged.layer)
    if [*basis.packs] != judged.packs:
        return Rejudged.PACKS_UNKNOWN
    law = _law(place, facts.at, judged)
    is_same = (
        (law.reason, law.lawful_at) == (facts.law_reason, facts.lawful_at)
        and [*basis.rules] == judged.hours
        and _local_times(facts.at, basis.zones) == judged.local
    )
    return Rejudged.SAME if is_same else Rejudged.OTHER
