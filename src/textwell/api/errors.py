"""What the API refuses by itself, beside what actions refuse."""

from textwell.core.errors import Conflict, FieldError, Forbidden, TextwellError
from textwell.messaging.gate import Decision


class ScopeMissing(Forbidden):
    """The key is valid but may not do this."""

    def __init__(self, scope: str, message: str) -> None:
        super().__init__(message)
        self.scope = scope


class RefusedByGate(TextwellError):
    """The gate would skip this message now: nothing was recorded."""

    def __init__(self, decision: Decision, message: str, mend: str) -> None:
        super().__init__(message)
        self.decision = decision
        self.mend = mend


class NoRoute(FieldError):
    """No active sender of the workspace fits what was asked for."""


class RateExceeded(TextwellError):
    """The key has made more requests than it may just now."""

    def __init__(self, retry_after_s: int, message: str) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class KeyReused(Conflict):
    """The Idempotency-Key was used with another request."""


class StillRunning(Conflict):
    """The first request with this Idempotency-Key has not been answered yet."""
