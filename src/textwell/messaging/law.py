"""When law and carrier rules let a text go to a person: hours and holidays of every plausible place. Pure.

The judge is `compliance.engine`, whom `textwell inspect gate` asks too; here stands what it is asked for many
at once. A million people fall into a few hundred places, and each is asked once a minute at most. Marketing
alone is asked for: what a person need not agree to is exempt in every pack.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import structlog

from textwell.compliance.choices import read_choices
from textwell.compliance.clock import Clock
from textwell.compliance.engine import Ground, clock_of, decide_on, ground_of
from textwell.compliance.hours import pinned_zones
from textwell.compliance.library import kept_with_packs, shipped_library
from textwell.compliance.schema import CapRule, HolidaysRule, HoursRule
from textwell.compliance.types import (
    Case,
    Consent,
    ConsentKind,
    Decision,
    MessageClass,
    Recent,
    Recipient,
    Verdict,
)
from textwell.compliance.types import Reason as LawReason
from textwell.messaging.gate import Reason

log = structlog.get_logger()

NO_LAW: Final = ""  # the layer of what no hours hold for: no phone gets it, or it is no marketing

LONGEST_VALIDITY_H: Final = 72  # of a text with a carrier
UNREADABLE_WAIT: Final = timedelta(minutes=15)
# Countries whose numbers tell a part of them that has a law of its own, and how much of a number does.
NUMBER_STARTS: Final = {"US": 5, "BR": 5}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person may be, as far as hours go: equal for many."""

    country: str  # ISO 3166-1 of the number, "" where nothing is known
    number_start: str  # where it tells a part of the country, else ""
    zone: str = ""  # that the person or a file gave; empty: any that the packs leave open


@dataclass(frozen=True, slots=True)
class Law:
    """`reason` "": it may go now. Else the gate's, and the first moment at which it may, if there is one."""

    reason: str = ""
    lawful_at: datetime | None = None


ALLOWED: Final = Law()


def place_of(country: str, msisdn: str, zone: str) -> Place:
    """The place of a person with this number, and the zone that was given.

    What a number suggests of its zone is left to the packs, which know where that can be relied on.
    """
    length = NUMBER_STARTS.get(country, 0)
    return Place(country, msisdn[:length], zone)


def judge_hours(place: Place, at: datetime, layer: str) -> Law:
    """May marketing go to somebody there at this moment? `layer` NO_LAW: nothing is asked.

    `layer` with what was chosen besides it, as `compliance.choices` writes it. A country without a pack
    gets none. Where the rules themselves cannot be read nothing goes out, and
    it is asked again after a while. Never raises. Each place is judged once a minute, however often it
    is asked for: windows begin and end at whole minutes.
    """
    if layer == NO_LAW:
        return ALLOWED
    try:
        minute = at.astimezone(UTC).replace(second=0, microsecond=0)
        return _judge_minute(place, minute, layer)
    except (ValueError, OSError, OverflowError) as error:
        log.warning("rules not read", country=place.country, error=str(error))
        return Law(Reason.FACTS_MISSING.value, at + UNREADABLE_WAIT)


def judge_law(place: Place, at: datetime, layer: str, handed: Sequence[datetime] = ()) -> Law:
    """Hours and caps of law there together: as the plan, an answer and the hand-off ask it.

    A cap is asked for the moment at which hours let the text go; `handed` may hold what is planned
    until then.
    """
    hours = judge_hours(place, at, layer)
    if not handed or (hours.reason and hours.lawful_at is None):
        return hours
    capped = judge_caps(place, hours.lawful_at or at, layer, handed)
    return capped if capped.reason else hours


@kept_with_packs(maxsize=20_000)
def _judge_minute(place: Place, minute: datetime, layer: str) -> Law:
    return law_of(_decide(place, minute, layer))


def _decide(place: Place, at: datetime, layer: str, recent: tuple[Recent, ...] = ()) -> Decision:
    """What the judge says of marketing there, nothing but its time, and texts before it, being told."""
    day = at.astimezone(UTC).date()
    case = replace(_marketing(place, day, layer), at=at, recent=recent)
    return decide_on(_ground(place, day, layer), case)


# What the gate calls a reason of the judge; whatever else it has against a text is for good.
_REASONS: Final = {
    LawReason.NO_PACK: Reason.NO_PACK,
    LawReason.CAP_REACHED: Reason.LEGAL_CAP,
    LawReason.QUIET_HOURS: Reason.QUIET_HOURS,
    LawReason.HOLIDAY: Reason.HOLIDAY,
}


def law_of(decision: Decision) -> Law:
    """The judge's answer as a fact for the gate."""
    if decision.verdict is Verdict.ALLOW:
        return ALLOWED
    reason = _REASONS.get(decision.reason, Reason.NO_LAWFUL_TIME)
    return Law(reason.value, decision.until)


def closes_at(place: Place, at: datetime, layer: str) -> datetime | None:
    """When the open hours of a moment end there; None: not while a carrier may hold a text. Never raises."""
    try:
        return _closes_at(place, at.astimezone(UTC).replace(second=0, microsecond=0), layer)
    except (ValueError, OSError, OverflowError):
        return None


@kept_with_packs(maxsize=20_000)
def _closes_at(place: Place, minute: datetime, layer: str) -> datetime | None:
    clock = _clock(place, minute.date(), layer)
    return None if clock is None else clock.next_closed(minute, hours=LONGEST_VALIDITY_H)


def judge_caps(place: Place, at: datetime, layer: str, handed: Sequence[datetime]) -> Law:
    """Do the caps of law there let one more text go, after those that were handed off? As `judge_hours`.

    `lawful_at`: the first moment of open hours at which they would, nothing else being sent meanwhile.
    What is not known to be about another subject counts.
    """
    if layer == NO_LAW or not handed:
        return ALLOWED
    try:
        return _judge_caps(place, at, layer, handed)
    except (ValueError, OSError, OverflowError) as error:
        log.warning("rules not read", country=place.country, error=str(error))
        return Law(Reason.FACTS_MISSING.value, at + UNREADABLE_WAIT)


def _judge_caps(place: Place, at: datetime, layer: str, handed: Sequence[datetime]) -> Law:
    least = _least_cap(place, at.astimezone(UTC).date(), layer)
    if least is None or len(handed) < least:
        return ALLOWED  # however they lie in time: most have had less than any cap allows
    # The clock of the marks may be ahead of ours: what was handed off before is not later than now.
    found = _decide(place, at, layer, tuple(Recent(min(each, at)) for each in handed))
    is_reached = any(each.reason is LawReason.CAP_REACHED for each in found.findings)
    return law_of(found) if is_reached else ALLOWED


@kept_with_packs(maxsize=20_000)
def _least_cap(place: Place, day: date, layer: str) -> int | None:
    """Who had fewer texts has reached no cap of the place; None: it has none on texts."""
    rules = (rule for _pack, rule in _ground(place, day, layer).rules if isinstance(rule, CapRule))
    return min((rule.max for rule in rules if rule.counts == "messages"), default=None)


@dataclass(frozen=True, slots=True)
class CapTerm:
    """A country, or the beginning of numbers of a part of it, and what its caps on texts look at."""

    place: str
    least: int  # who had fewer texts has reached no cap of it
    most: int  # so many of the latest decide
    hours: int  # before which nothing counts
    is_rolling: bool
    is_by_subject: bool  # texts that are known to be about another subject do not count


@kept_with_packs(maxsize=16)
def capped_places(day: date) -> tuple[str, ...]:
    """Countries with a cap on texts, and beginnings of numbers of their parts that have one.

    Whoever lives nowhere among these has none. Never raises: where a pack cannot be read nothing goes
    out anyway, as its hours cannot be read either.
    """
    return tuple(term.place for term in cap_terms(day))


_PERIODS: Final = {"calendar_day": 25, "calendar_week": 7 * 24 + 1}  # hours of the longest of them


@kept_with_packs(maxsize=16)
def cap_terms(day: date) -> tuple[CapTerm, ...]:
    """Of `capped_places`, in their order."""
    found: dict[str, CapTerm] = {}
    for pack in shipped_library().packs_on(day):
        rules = [r for r in pack.rule if isinstance(r, CapRule) and r.counts == "messages"]
        if rules:
            for place in pack.number_starts if pack.subdivision else [pack.country]:
                found[place] = _cap_term(place, rules)
    return tuple(found[place] for place in sorted(found))


def _cap_term(place: str, rules: Sequence[CapRule]) -> CapTerm:
    return CapTerm(
        place,
        least=min(rule.max for rule in rules),
        most=max(rule.max for rule in rules),
        hours=max(_PERIODS.get(rule.period, rule.period_hours) for rule in rules),
        is_rolling=all(rule.period == "rolling" for rule in rules),
        is_by_subject=all(rule.same_subject_only for rule in rules),
    )


@kept_with_packs(maxsize=16)
def subject_places(day: date) -> tuple[str, ...]:
    """Of `capped_places` those whose caps all count by subject."""
    return tuple(term.place for term in cap_terms(day) if term.is_by_subject)


def is_capped(place: Place, day: date) -> bool:
    """Whether law caps texts to somebody there."""
    return not {place.country, place.number_start}.isdisjoint(capped_places(day))


@kept_with_packs(maxsize=20_000)
def _clock(place: Place, day: date, layer: str) -> Clock | None:
    """The hours of a place by the packs that hold on a day; None: no pack covers the country."""
    places = _ground(place, day, layer).places
    if places.missing or not places.packs:
        return None
    return clock_of(_marketing(place, day, layer), places)


@kept_with_packs(maxsize=20_000)
def _ground(place: Place, day: date, layer: str) -> Ground:
    return ground_of(_marketing(place, day, layer))


def zones_of(place: Place) -> tuple[str, ...]:
    """The zone that was given, if there is one of that name; empty: any that the packs leave open."""
    return (place.zone,) if place.zone in pinned_zones() else ()


@dataclass(frozen=True, slots=True)
class Basis:
    """By what the hours of a place are judged: versions of packs, their rules, every plausible zone."""

    packs: tuple[str, ...] = ()  # as FR@2026-11-01
    rules: tuple[str, ...] = ()  # as FR:hours
    zones: tuple[str, ...] = ()


def basis_of(place: Place, at: datetime, layer: str) -> Basis:
    """What `judge_hours` rests on at that moment. Never raises; what cannot be read is no basis."""
    try:
        return _basis(place, at.astimezone(UTC).date(), layer)
    except (ValueError, OSError, OverflowError):
        return Basis()


@kept_with_packs(maxsize=20_000)
def _basis(place: Place, day: date, layer: str) -> Basis:
    ground = _ground(place, day, layer)
    return Basis(
        packs=tuple(pack.version for pack in ground.places.packs),
        rules=tuple(
            f"{pack.id}:{rule.id}"
            for pack, rule in ground.rules
            if isinstance(rule, HoursRule | HolidaysRule | CapRule)
        ),
        zones=ground.places.zones,
    )


def _marketing(place: Place, day: date, layer: str) -> Case:
    """Marketing to somebody there whose consent, sender and words nothing speaks against: others ask that."""
    chosen = read_choices(layer)
    return Case(
        at=datetime(day.year, day.month, day.day, tzinfo=UTC),
        recipient=Recipient(place.country, number=place.number_start, zones=zones_of(place)),
        message_class=MessageClass.MARKETING,
        consent=Consent(ConsentKind.EXPRESS_WRITTEN),
        layer=chosen.layer,
        free_days=chosen.free_days,
        lenient=chosen.lenient,
    )
