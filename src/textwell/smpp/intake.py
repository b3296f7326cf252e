"""Events of one read, gathered in order; neighbours of one kind are put together."""

from __future__ import annotations

from textwell.smpp.events import Event, Outcome, Outcomes, Requests
from textwell.smpp.pdu import Pdu


class Intake:
    __slots__ = ("events", "has_business", "outcomes", "requests")

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.outcomes: list[Outcome] = []
        self.requests: list[Pdu] = []
        self.has_business = False

    def add(self, event: Event) -> None:
        self.flush()
        self.events.append(event)

    def flush(self) -> None:
        if self.outcomes:
            self.events.append(Outcomes(self.outcomes))
            self.outcomes = []
            self.has_business = True
        if self.requests:
            self.events.append(Requests(self.requests))
            self.requests = []
            self.has_business = True
