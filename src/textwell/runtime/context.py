"""What every asyncio role is given: settings, its name, when to stop, where to count and report."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from prometheus_client import Counter

from textwell.core.metrics import counter
from textwell.core.settings import Settings

_counters: dict[str, Counter] = {}


@dataclass(slots=True)
class RoleContext:
    """`name` is unique among running processes (role, host, process); leases carry it."""

    settings: Settings
    role: str
    name: str
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    _checks: list[Callable[[], bool]] = field(default_factory=list)

    def ready(self, check: Callable[[], bool]) -> None:
        """The role is up; from now on `/readyz` also asks `check` (called from another thread)."""
        self._checks.append(check)

    def problems(self) -> Mapping[str, str]:
        """What keeps the role from work, by name; empty when it is ready."""
        if not self._checks:
            return {self.role: "is starting"}
        if all(check() for check in self._checks):
            return {}
        return {self.role: "is not connected"}

    def count(self, name: str, amount: int = 1, **labels: str) -> None:
        """Add to the counter `textwell_<name>_total`; the same name always with the same labels."""
        known = _counters.get(name)
        if known is None:
            sentence = f"{name.replace('_', ' ').capitalize()}, counted by the role {self.role}."
            known = _counters[name] = counter(name, sentence, sorted(labels))
        (known.labels(**labels) if labels else known).inc(amount)
