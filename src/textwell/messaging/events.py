"""What happened to messages, for those above."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BatchesReady:
    """New batches are due now: whoever publishes them need not wait for the next sweep."""

    workspace_id: int
