"""What every asyncio role is given: settings, its name, when to stop, where to report."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from textwell.core.bus import Bus, connect_bus, ensure_streams
from textwell.core.settings import Settings


class StoppedEarly(Exception):
    """Told to stop before there was anything to drain."""


@dataclass(slots=True)
class RoleContext:
    """`name` is unique among running processes (role, host, process); leases carry it."""

    settings: Settings
    role: str
    name: str
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    _checks: list[Callable[[], bool]] = field(default_factory=list)
    _notes: dict[str, Callable[[], str]] = field(default_factory=dict)

    def ready(self, check: Callable[[], bool]) -> None:
        """The role is up; from now on `/readyz` also asks `check` (called from another thread)."""
        self._checks.append(check)

    def note(self, name: str, text: Callable[[], str]) -> None:
        """`/readyz` also tells this (called from another thread), where it is not empty."""
        self._notes[name] = text

    def notes(self) -> Mapping[str, str]:
        """What an operator should look at though the role works."""
        told = {name: text() for name, text in self._notes.items()}
        return {name: text for name, text in told.items() if text}

    def problems(self) -> Mapping[str, str]:
        """What keeps the role from work, by name; empty when it is ready."""
        if not self._checks:
            return {self.role: "is starting"}
        if all(check() for check in self._checks):
            return {}
        return {self.role: "is not connected"}

    async def connect_bus(self) -> Bus:
        """The bus with its streams; waits for NATS for as long as the role is wanted.

        Raises:
            StoppedEarly: the role was told to stop before NATS answered.
        """
        connecting = asyncio.create_task(self._connect())
        stopping = asyncio.create_task(self.stop.wait())
        try:
            await asyncio.wait({connecting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not connecting.done():
                raise StoppedEarly
            return connecting.result()
        finally:
            stopping.cancel()
            connecting.cancel()
            await asyncio.wait([connecting, stopping])  # a cancelled connection closes itself

    async def _connect(self) -> Bus:
        bus = await connect_bus(name=self.name)
        try:
            await ensure_streams(bus)
        except BaseException:
            await bus.close()
            raise
        return bus
