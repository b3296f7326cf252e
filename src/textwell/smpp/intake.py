"""Events of one read, gathered in order; neighbours of one kind are put together."""

from __future__ import annotations

from textwell.smpp.events import Event, MustClose, Outcome, Outcomes, Requests
from textwell.smpp.pdu import Pdu


class Intake:
    __slots__ = ("events", "has_business", "is_last", "outcomes", "requests")

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.outcomes: list[Outcome] = []
        self.requests: list[Pdu] = []
        self.has_business = False
        self.is_last = False  # the connection is to be closed: what follows is not read

    def add(self, event: Event) -> None:
        self.flush()
        self.events.append(event)
        self.is_last = self.is_last or isinstance(event, MustClose)

    def flush(self) -> None:
        if self.outcomes:
            self.events.append(Outcomes(self.outcomes))
            self.outcomes = []
            self.has_business = True
        if self.requests:
            self.events.append(Requests(self.requests))
            self.requests = []
            self.has_business = True
