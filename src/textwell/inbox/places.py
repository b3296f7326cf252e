"""Where a thread stands in the list, and the line that it shows there. Pure.

Who waits longest is first, then come the latest answered. A place is one number, so that one index
gives every list and a page begins after a place: microseconds of the first unanswered text; of a
thread without one, the later its last text the smaller, and beyond all that wait.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
ANSWERED: Final = 2**62  # less the microseconds of the last text
SHOWN: Final = 160  # characters of a text in a list
MOST_WAITING: Final = 2**61  # places below it are of threads that wait

# The same in SQL, of expressions for both times.
PLACE_SQL: Final = """CASE WHEN {waiting} IS NOT NULL THEN (extract(epoch FROM {waiting}) * 1000000)::bigint
    ELSE 4611686018427387904 - (extract(epoch FROM {last}) * 1000000)::bigint END"""


def place_of(*, waiting_since: datetime | None, last_at: datetime) -> int:
    """The place of a thread; smaller is nearer to the top."""
    if waiting_since is not None:
        return microseconds(waiting_since)
    return ANSWERED - microseconds(last_at)


def microseconds(at: datetime) -> int:
    """Since the epoch, exact."""
    return (at - EPOCH) // timedelta(microseconds=1)


def shorten(text: str) -> str:
    """The beginning of a text in one line."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"
