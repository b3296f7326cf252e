"""Rules that are read in more than one way: the strict reading holds until somebody signs for another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from hashlib import sha256
from typing import Any, Final

import msgspec

from textwell.compliance.schema import (
    HolidaysRule,
    HoursRule,
    IdentityRule,
    LabelRule,
    OptOutRule,
    Pack,
    Reading,
    Rule,
)

# Those that are judged by `engine.rules_of` wherever they are judged at all.
_KINDS: Final = (HoursRule, HolidaysRule, LabelRule, IdentityRule, OptOutRule)
# Keys that say what a rule is, and not what it asks.
_FIXED: Final = frozenset(
    ("id", "kind", "layer", "vector", "reading", "disputed", "sources", "confidence")
)
_DIGEST_LENGTH: Final = 12  # of hexadecimal digits: nobody gains by another rule of the same digest


def rule_name(pack: Pack, rule: Rule) -> str:
    """How choices name a rule: CN:hours."""
    return f"{pack.id}:{rule.id}"


def signed_name(pack: Pack, rule: Rule) -> str:
    """How a signed choice names a rule: CN:hours=1f0c4a9d2b7e, for these words and sources alone.

    Another version of the pack that says the rule otherwise, or from elsewhere, is read the strict way.
    """
    told = msgspec.to_builtins(rule)
    del told["vector"]
    told["sources"] = [
        msgspec.to_builtins(source) for source in pack.source if source.id in rule.sources
    ]
    digest = sha256(msgspec.json.encode(told, order="sorted")).hexdigest()
    return f"{rule_name(pack, rule)}={digest[:_DIGEST_LENGTH]}"


def is_chosen(pack: Pack, rule: Rule, lenient: Collection[str]) -> bool:
    """Whether the lenient reading was chosen: of these words, or of the rule by its name alone."""
    return rule_name(pack, rule) in lenient or signed_name(pack, rule) in lenient


def rules_as_read(pack: Pack, lenient: Collection[str]) -> Iterable[Rule]:
    """The rules of a pack, those of these names as the lenient reading has them."""
    return _as_read(pack, lenient) if lenient else pack.rule


def _as_read(pack: Pack, lenient: Collection[str]) -> Iterator[Rule]:
    for rule in pack.rule:
        reading = find_lenient(rule)
        if reading is None or not is_chosen(pack, rule, lenient):
            yield rule
        elif not reading.drops:
            yield _changed(rule, reading)


def find_lenient(rule: Rule) -> Reading | None:
    """The reading that may be chosen; None: there is none, or nothing is disputed."""
    return next((one for one in rule.reading if rule.disputed and one.is_choosable), None)


def find_strict(rule: Rule) -> Reading | None:
    """The reading by which a disputed rule is judged unless another is chosen."""
    return next((one for one in rule.reading if rule.disputed and one.is_used), None)


def _changed(rule: Rule, reading: Reading) -> Rule:
    values: dict[str, Any] = {**msgspec.to_builtins(rule), **reading.instead}
    return msgspec.convert(values, type(rule))


def iter_problems(rule: Rule) -> Iterator[str]:
    """What is wrong with the readings of a disputed rule that may be chosen."""
    chosen = [reading for reading in rule.reading if reading.is_choosable]
    if not chosen:
        return
    if len(chosen) > 1:
        yield "one [[rule.reading]] at most has instead or drops"
    if any(reading.is_used for reading in chosen):
        yield "the [[rule.reading]] that is used has neither instead nor drops"
    if any(reading.drops and reading.instead for reading in chosen):
        yield "a [[rule.reading]] has instead or drops, not both"
    if not isinstance(rule, _KINDS):
        yield "instead and drops are for hours, holidays, label, identity and opt_out"
    if not any(vector.lenient is not None for vector in rule.vector):
        yield "add a [[rule.vector]] with lenient, which the other reading changes"
    for reading in chosen:
        fixed = sorted(_FIXED & set(reading.instead))
        if fixed:
            yield f"instead cannot change {fixed[0]}"
            return
        try:
            _changed(rule, reading)
        except msgspec.ValidationError as error:
            yield f"instead: {error}"


def reread(rule: Rule) -> Rule | None:
    """The rule as its lenient reading has it; None where that drops it, or there is none."""
    reading = find_lenient(rule)
    return None if reading is None or reading.drops else _changed(rule, reading)
