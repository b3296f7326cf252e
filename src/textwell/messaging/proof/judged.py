"""What the gate saw and said, as a proof keeps it: equal for many messages of one minute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

import msgspec

from textwell.compliance.hours import DAYS, zone_of
from textwell.compliance.library import (
    Pinned,
    kept_with_packs,
    library_instead,
    shipped_library,
)
from textwell.messaging.gate import RULE_NAMES, Decision, Facts, decide
from textwell.messaging.law import NO_LAW, Place, basis_of, judge_law

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
    "register_reason": "",
    "consent_reason": "",
    "promise_reason": "",
    "invitation_reason": "",
}

Fact = bool | int | str | None


class Judged(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`facts` are those of `gate.Facts` that are not QUIET; `rules` names those judged, in order.

    A field that is added later needs a default: what is stored already must stay readable.
    """

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


class Grounds(msgspec.Struct, frozen=True):
    """The part of a record that is equal for all whose place has the same rules and zones."""

    packs: tuple[str, ...]
    hours: tuple[str, ...]
    local: dict[str, str]


LAST_LOOK: Final = (
    "last_look"  # in the place of the gate's rules: it was withdrawn after they passed
)


class Rejudged(StrEnum):
    """What comes out when the same facts are judged once more."""

    SAME = "same"
    OTHER = "other"
    PACKS_UNKNOWN = "packs_unknown"  # the versions of the packs are not those that we have
    WITHDRAWN = "withdrawn"  # kept back by a last look: no facts of the gate's are there to judge


@dataclass(frozen=True, slots=True)
class Terms:
    """What a proof says of a message beside its facts: equal for many."""

    campaign_id: int | None
    gateway_id: int
    purpose: str
    wording: str
    sender: str
    country: str
    layer: str  # NO_LAW: no hours hold


def judged_of(
    terms: Terms,
    facts: Facts,
    decision: Decision | None = None,
    *,
    place: Place | None = None,
    handed: Sequence[datetime] = (),
) -> Judged:
    """`decision` is what `gate.decide` says of the facts, where that is known already."""
    shared = shared_of(terms, facts, decision)
    if place is None:
        return shared
    grounds = grounds_of(place, facts.at, terms.layer)
    return msgspec.structs.replace(
        shared,
        place=place_text(place),
        packs=list(grounds.packs),
        hours=list(grounds.hours),
        handed=[handed_text(each) for each in handed],
        local=grounds.local,
    )


def place_text(place: Place) -> str:
    return f"{place.country}|{place.number_start}|{place.zone.replace(' ', '_')}"


def handed_text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def grounds_of(place: Place, at: datetime, layer: str) -> Grounds:
    """By what the hours of that place are judged, and what its clocks show."""
    basis = basis_of(place, at, layer)
    return Grounds(basis.packs, basis.rules, _local_times(at, basis.zones))


def withdrawn_of(terms: Terms, at: datetime, outcome: str, reason: str, until: str) -> Judged:
    """What the gate had allowed, and a look right before the hand-off kept back."""
    return Judged(
        at=msgspec.to_builtins(at),
        campaign=terms.campaign_id,
        gateway=terms.gateway_id,
        purpose=terms.purpose,
        wording=terms.wording,
        sender=terms.sender,
        country=terms.country,
        place="",
        layer=NO_LAW,
        packs=[],
        hours=[],
        handed=[],
        local={},
        facts={},
        rules=LAST_LOOK,
        verdict="hold" if outcome == "held" else "skip",
        reason=reason or outcome,
        until=until,
    )


def shared_of(terms: Terms, facts: Facts, decision: Decision | None = None) -> Judged:
    """The record without what is of the place or the person alone."""
    said = decision or decide(facts)
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
        place="",
        layer=terms.layer,
        packs=[],
        hours=[],
        handed=[],
        local={},
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


@kept_with_packs(maxsize=4_096)
def rejudge_written(judged: bytes) -> Rejudged:
    """`rejudge` of a record as it is written."""
    return rejudge(msgspec.json.decode(judged, type=Judged))


def rejudge(judged: Judged) -> Rejudged:
    """Judge the facts once more, and the hours by the packs that came with this version."""
    if judged.rules == LAST_LOOK:
        return Rejudged.OTHER if judged.verdict == "allow" else Rejudged.WITHDRAWN
    try:
        facts = facts_of(judged)
    except msgspec.ValidationError:
        return Rejudged.OTHER
    said = decide(facts)
    until = msgspec.to_builtins(said.until) or ""
    if (said.verdict, said.reason, until) != (judged.verdict, judged.reason, judged.until):
        return Rejudged.OTHER
    if judged.layer == NO_LAW:
        return Rejudged.SAME
    return _rejudge_hours(judged, facts) if judged.place else Rejudged.OTHER


def missing_packs(judged: Judged) -> list[str]:
    """Versions that a record names and that are not here."""
    library = shipped_library()
    return [version for version in judged.packs if library.find_version(version) is None]


def rejudge_as_named(
    versions: Sequence[str], written: Iterable[bytes]
) -> Iterator[tuple[bytes, Rejudged]]:
    """Judge records that name these versions by them, whichever hold on their days; all must be here."""
    library = shipped_library()
    named = (library.find_version(version) for version in versions)
    with library_instead(Pinned(library, [pack for pack in named if pack])):
        for record in written:
            yield record, rejudge_written(record)


def _rejudge_hours(judged: Judged, facts: Facts) -> Rejudged:
    country, start, zone = judged.place.split("|", 2)
    place = Place(country, start, zone)
    basis = basis_of(place, facts.at, judged.layer)
    if [*basis.packs] != judged.packs:
        return Rejudged.PACKS_UNKNOWN
    handed = [datetime.fromisoformat(each) for each in judged.handed]
    law = judge_law(place, facts.at, judged.layer, handed)
    is_same = (
        (law.reason, law.lawful_at) == (facts.law_reason, facts.lawful_at)
        and [*basis.rules] == judged.hours
        and _local_times(facts.at, basis.zones) == judged.local
    )
    return Rejudged.SAME if is_same else Rejudged.OTHER
