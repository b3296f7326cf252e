"""Items that cannot be stored for reasons of their own: set aside whole, so that the rest goes on.

Nothing is dropped: an operator sees what and why (`textwell quarantine`), and lets it in again when
the reason is mended.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import structlog

from textwell.core.metrics import counter

log = structlog.get_logger()

QUARANTINED = counter(
    "quarantined", "Items that were set aside because they cannot be stored.", ["stream"]
)
LONGEST_ERROR = 2_000

_SET_ASIDE = """
INSERT INTO core_quarantineditem
    (stream, subject, sequence, place, payload, error, stored_at, set_aside_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, now())
ON CONFLICT DO NOTHING
"""

COUNT_BY_STREAM = (
    "SELECT stream, count(*) FROM core_quarantineditem GROUP BY stream ORDER BY stream"
)


class Cursor(Protocol):
    """Django's or psycopg's."""

    def execute(self, query: Any, params: Any = None, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Culprit:
    """One item that cannot be stored. `payload`: what may be published again as it is.

    `sequence` and `place` say where in the stream it stood, `stored_at` since when.
    """

    stream: str
    subject: str
    sequence: int
    place: int
    payload: bytes
    stored_at: datetime
    error: str


def name_error(error: BaseException) -> str:
    """An error in a form that any column takes: no NUL, no half of a surrogate pair, not endless."""
    text = f"{type(error).__name__}: {error}".replace("\x00", "\\0")
    return text.encode("utf-8", "backslashreplace").decode()[:LONGEST_ERROR]


def set_aside(cursor: Cursor, culprit: Culprit) -> None:
    """Keep it in the caller's transaction. The same item again changes nothing."""
    cursor.execute(
        _SET_ASIDE,
        (
            culprit.stream, culprit.subject, culprit.sequence, culprit.place, culprit.payload,
            culprit.error, culprit.stored_at,
        ),
    )  # fmt: skip
    QUARANTINED.labels(culprit.stream).inc()
    log.error(
        "item set aside",
        stream=culprit.stream,
        sequence=culprit.sequence,
        place=culprit.place,
        error=culprit.error.partition("\n")[0],
    )


def describe_counts(counts: Mapping[str, int]) -> str:
    """`3 items are set aside (CLICK 2, MO 1)`; empty where there are none."""
    total = sum(counts.values())
    if not total:
        return ""
    each = ", ".join(f"{stream} {count}" for stream, count in sorted(counts.items()))
    return f"{total} item{'s are' if total > 1 else ' is'} set aside ({each})"
