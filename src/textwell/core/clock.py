"""The one clock. Code asks here, so that tests can freeze it (time-machine)."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
