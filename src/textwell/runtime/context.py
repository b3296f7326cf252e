"""What every asyncio role is given: settings, its name, when to stop, where to report."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from textwell.core.settings import Settings


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
