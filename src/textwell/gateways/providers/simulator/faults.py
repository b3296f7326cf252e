"""Which faults are on, until when."""

from __future__ import annotations

from dataclasses import dataclass, field

from textwell.gateways.providers.simulator.script import FAULT_KINDS, PlannedFault, ScriptInvalid


@dataclass(slots=True)
class Faults:
    """Faults by kind with the loop time of their end, and those planned by count."""

    planned: tuple[PlannedFault, ...] = ()
    until: dict[str, float] = field(default_factory=dict)
    _next_at: dict[PlannedFault, int] = field(default_factory=dict)

    def begin(self, kind: str, seconds: float, now: float) -> None:
        """Start a fault or make it longer. Raises ScriptInvalid for a kind that does not exist."""
        if kind not in FAULT_KINDS:
            raise ScriptInvalid(f"kind: {kind!r} is none of {', '.join(sorted(FAULT_KINDS))}")
        if not 0 <= seconds <= 3600:  # noqa: PLR2004 - an hour is longer than any drill
            raise ScriptInvalid(f"seconds: {seconds:g} is outside of 0 to 3600")
        self.until[kind] = max(now + seconds, self.until.get(kind, 0.0))

    def is_on(self, kind: str, now: float) -> bool:
        return self.until.get(kind, 0.0) > now

    def rest_s(self, kind: str, now: float) -> float:
        """Seconds until it ends; 0 where it is not on."""
        return max(0.0, self.until.get(kind, 0.0) - now)

    def clear(self) -> None:
        self.until.clear()

    def due_by_count(self, taken: int) -> list[PlannedFault]:
        """Planned faults whose every-so-many messages are reached with `taken` in all."""
        due = []
        for fault in self.planned:
            if fault.every_messages and taken >= self._next_at.get(fault, fault.every_messages):
                self._next_at[fault] = taken + fault.every_messages
                due.append(fault)
        return due
