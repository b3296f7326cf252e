"""Disputed rules of the packs that ship: both readings, which may be chosen, what was chosen. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from textwell.compliance.choices import read_choices
from textwell.compliance.disputes import find_lenient, find_strict, rule_name, signed_name
from textwell.compliance.library import kept_with_packs, shipped_library
from textwell.compliance.schema import HoursRule, Pack, Reading, Rule
from textwell.messaging.law import NO_LAW


@dataclass(frozen=True, slots=True)
class Dispute:
    """`lenient` None: the other reading is stricter than law asks, or cannot be judged by a machine."""

    rule: str  # as CN:hours
    kind: str  # of the rule
    pack_name: str
    country: str
    readings: tuple[Reading, ...]
    strict: Reading
    lenient: Reading | None
    signed_name: str  # how a choice names it: for these words alone

    def is_read_leniently(self, chosen: Collection[str]) -> bool:
        """Whether these choices hold for the rule as it stands now."""
        return self.lenient is not None and not {self.rule, self.signed_name}.isdisjoint(chosen)


@kept_with_packs(maxsize=4)
def list_disputes(on: date) -> tuple[Dispute, ...]:
    """Every disputed rule that holds on a day, by name. Never raises: what cannot be read is left out."""
    return tuple(sorted(_disputes(on), key=lambda one: one.rule))


def find_dispute(rule: str, *, on: date) -> Dispute | None:
    """By its name; None: no such rule is disputed."""
    return next((one for one in list_disputes(on) if one.rule == rule), None)


def disputes_behind(rules: list[str], layer: str, *, on: date) -> Iterator[tuple[Dispute, Reading]]:
    """Of rules that a text was judged by (as FR:hours) those that are disputed, as they were read.

    Such as are not among the rules any more because the reading drops them are told as well, of the same
    packs.
    """
    lenient = read_choices(layer).lenient if layer != NO_LAW else frozenset()
    packs = {rule.partition(":")[0] for rule in rules}
    for one in list_disputes(on):
        is_lenient = one.is_read_leniently(lenient)
        if one.rule in rules or (is_lenient and one.rule.partition(":")[0] in packs):
            yield one, one.lenient if is_lenient and one.lenient is not None else one.strict


@kept_with_packs(maxsize=1_000)
def has_recommended_hours(country: str, on: date) -> bool:
    """Whether we recommend hours there, in the pack of the country or of a part of it."""
    library = shipped_library()
    names = [country, *library.parts_of(country)]
    packs = (library.find(name, on) for name in names if name in library.ids)
    return any(
        isinstance(rule, HoursRule) and rule.layer == "recommended"
        for pack in packs
        if pack is not None
        for rule in pack.rule
    )


def _disputes(on: date) -> Iterator[Dispute]:
    for pack in shipped_library().packs_on(on):
        for rule in pack.rule:
            strict = find_strict(rule)
            if strict is not None:
                yield _dispute(pack, rule, strict)


def _dispute(pack: Pack, rule: Rule, strict: Reading) -> Dispute:
    kind = type(rule).__struct_config__.tag
    return Dispute(
        rule_name(pack, rule),
        str(kind),
        pack.name,
        pack.country,
        tuple(rule.reading),
        strict,
        find_lenient(rule),
        signed_name(pack, rule),
    )
