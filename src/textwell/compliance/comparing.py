"""What two versions of a pack say differently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from textwell.compliance.schema import Pack

# What is said about a rule, and not by it.
_ASIDE: Final = frozenset(
    ("vector", "reading", "sources", "note", "confidence", "disputed", "basis")
)


# Of the pack itself.
_JUDGED: Final = (
    "effective_to", "inherits", "languages", "zones", "zone_hint", "subdivisions", "number_starts",
    "number_zones",
    "keywords", "confirmation", "help_reply", "opt_out_deadline", "proof", "disclosure",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One value of one rule; None where the rule or the value was not there, or is no more."""

    rule: str
    key: str
    old: object
    new: object

    def __str__(self) -> str:
        return f"{self.rule}.{self.key}: {_shown(self.old)} -> {_shown(self.new)}"


def _shown(value: object) -> str:
    return "nothing" if value is None else msgspec.json.encode(value).decode()


def compare_packs(old: Pack, new: Pack) -> Iterator[Change]:
    """Changes of what is judged or done, in order; remarks and sources are left out."""
    for name in _JUDGED:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield Change("pack", name, msgspec.to_builtins(before), msgspec.to_builtins(after))
    rules_before = {rule.id: msgspec.to_builtins(rule) for rule in old.rule}
    rules_after = {rule.id: msgspec.to_builtins(rule) for rule in new.rule}
    for rule in dict.fromkeys([*rules_before, *rules_after]):
        yield from _compare(rule, rules_before.get(rule), rules_after.get(rule))


def _compare(
    rule: str, old: dict[str, object] | None, new: dict[str, object] | None
) -> Iterator[Change]:
    if old is None or new is None:
        present = new if old is None else old
        kind = present["kind"] if present else None
        yield Change(rule, "rule", kind if new is None else None, kind if old is None else None)
        return
    for key in dict.fromkeys([*old, *new]):
        if key not in _ASIDE and old.get(key) != new.get(key):
            yield Change(rule, key, old.get(key), new.get(key))
