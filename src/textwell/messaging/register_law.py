"""What rule packs say of numbers on do-not-contact registers, as rows that statements join.

The packs' own rules judge a number that is listed and one that is not; what the statements add is which
numbers are. Whoever gets marketing has agreed expressly, so a register that an express consent overrides
keeps nobody out and is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import orjson

from textwell.compliance.consent_rules import judge_register, register_names
from textwell.compliance.library import kept_with_packs, shipped_library
from textwell.compliance.schema import Pack, RegisterRule
from textwell.compliance.types import (
    Case,
    Consent,
    ConsentKind,
    MessageClass,
    Recipient,
    RegisterEntry,
)

NO_TERMS: Final = "[]"  # no register is asked


@dataclass(frozen=True, slots=True)
class Term:
    """A register that keeps people out. `start` "": of every number of the country.

    `listed` and `unlisted` are the gate's reasons against a number that stands in it and one that does
    not, "" for none.
    """

    key: str  # as `key_of`
    name: str  # in the pack's words
    country: str
    start: str
    listed: str
    unlisted: str
    max_age_days: int | None

    def is_stale(self, checked_at: datetime, at: datetime) -> bool:
        days = self.max_age_days
        return days is not None and at - checked_at > timedelta(days=days)


@dataclass(frozen=True, slots=True)
class KnownRegister:
    """A register that a pack names; `is_overridden`: an express consent beats an entry."""

    key: str
    name: str
    country: str
    is_overridden: bool


def key_of(name: str) -> str:
    """One form for all the ways in which a register may be called: the shortest."""
    return min(register_names(name.strip()), key=lambda each: (len(each), each))


def find_known(name: str, *, on: date) -> KnownRegister | None:
    """The register that packs know by this name; None: they know none."""
    wanted = name.strip().casefold()
    known = list_known(on)
    return next((one for one in known if wanted in (one.key, one.name.casefold())), None)


@kept_with_packs(maxsize=4)
def list_known(on: date) -> tuple[KnownRegister, ...]:
    """Every register that a pack names, each of several that one rule names by itself."""
    return tuple(
        KnownRegister(key_of(name), name, pack.country, is_overridden=not any(_reasons(rule)))
        for pack, rule in _rules(on)
        for name in _names(rule)
    )


@kept_with_packs(maxsize=4)
def list_terms(on: date) -> tuple[Term, ...]:
    """What the statements are told of a day. Never raises: what cannot be read sends nothing anyway."""
    found = []
    for pack, rule in _rules(on):
        listed, unlisted = _reasons(rule)
        if not (listed or unlisted):
            continue
        starts = pack.number_starts if pack.subdivision else [""]
        found += [
            Term(key_of(name), name, pack.country, start, listed, unlisted, rule.max_age_days)
            for name in _names(rule)
            for start in starts
        ]
    return tuple(found)


@kept_with_packs(maxsize=4)
def register_terms(on: date) -> str:
    """`list_terms` as statements bind them, see `messaging.sql.registers`."""
    return orjson.dumps(list_terms(on)).decode()


def _rules(on: date) -> Iterator[tuple[Pack, RegisterRule]]:
    for pack in shipped_library().packs_on(on):
        for rule in pack.rule:
            if isinstance(rule, RegisterRule):
                yield pack, rule


def _names(rule: RegisterRule) -> list[str]:
    return [name for each in rule.name.split(";") if (name := each.strip())]


def _reasons(rule: RegisterRule) -> tuple[str, str]:
    """Against whoever agreed expressly and is listed, and is not, on a list of this moment."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    case = Case(
        at=at,
        recipient=Recipient(""),
        message_class=MessageClass.MARKETING,
        consent=Consent(ConsentKind.EXPRESS),
    )
    found = []
    for is_listed in (True, False):
        registers = {rule.name: RegisterEntry(is_listed, at)}
        reason, _inputs = judge_register(rule, replace(case, registers=registers))
        found.append(reason.value if reason else "")
    return found[0], found[1]
