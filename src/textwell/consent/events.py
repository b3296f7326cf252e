"""What happened to consent, for those above."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OptedOut:
    """People said stop; published inside the transaction that records it."""

    workspace_id: int
    contact_ids: tuple[int, ...]
    msisdns: tuple[str, ...]
