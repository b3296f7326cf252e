"""What happened to people, for those above."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PeopleAdded:
    """People with these numbers are known, perhaps since this transaction; published inside it."""

    workspace_id: int
    msisdns: tuple[str, ...]
