"""The one clock. Code asks here, so that tests can freeze it (time-machine)."""

from datetime import UTC, datetime
from typing import Final

# The years that somebody may mean. At the ends of what Python can hold a zone would leave the calendar.
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def is_meant(at: datetime) -> bool:
    """Whether an aware moment lies in a year that can be said in every zone; never raises."""
    first, end = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)
    return first <= at < end
