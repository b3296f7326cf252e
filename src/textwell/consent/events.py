"""What happened to consent, for those above."""

from dataclasses import dataclass

from textwell.consent.types import ConsentScope


@dataclass(frozen=True, slots=True)
class OptedOut:
    """People said stop; published inside the transaction that records it."""

    workspace_id: int
    contact_ids: tuple[int, ...]
    msisdns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScopeEnded:
    """A person refused a part of a purpose; published inside the transaction that records it."""

    workspace_id: int
    contact_id: int
    purpose: str
    scope: ConsentScope


@dataclass(frozen=True, slots=True)
class SampleRemoved:
    """Sample people were taken away; published inside the transaction that did it."""

    workspace_id: int
    contact_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NumbersSuppressed:
    """Numbers were suppressed, other than by an opt-out; published once they are, some people at a time.

    `contact_ids`: whose numbers these are; a number may be nobody's.
    """

    workspace_id: int
    contact_ids: tuple[int, ...]
