"""What waits where, for Prometheus: asked by the leading scheduler every few seconds.

Each statement reads a partial index of what is open, so that a large ledger costs nothing. The
figures of a scheduler that no longer leads are forgotten: two answers would be one too many.
"""

import math

from django.db import connection
from nats.js.errors import NotFoundError

from textwell.core.bus import Bus, call_sync
from textwell.core.errors import BusUnavailable
from textwell.core.metrics import gauge
from textwell.core.quarantine import COUNT_BY_STREAM
from textwell.core.streams import STREAMS

DUE_BATCHES = gauge("due_batches", "Batches whose time has come and that are not done.", ["state"])
DUE_OLDEST = gauge("due_batches_oldest_seconds", "How long the oldest of them has been due.")
STREAM_PENDING = gauge(
    "stream_pending", "Messages of a stream that nobody has acknowledged.", ["stream"]
)
JOBS_OPEN = gauge("jobs_open", "Jobs that wait, run or are asked to stop.", ["state"])
JOBS_OLDEST = gauge("jobs_waiting_oldest_seconds", "How long the oldest waiting job has waited.")
DELIVERIES = gauge("webhook_deliveries_waiting", "Deliveries not made yet, tried or not.")
DELIVERIES_LATE = gauge("webhook_deliveries_late_seconds", "How late the most overdue delivery is.")
ENDPOINTS_FAILING = gauge("webhook_endpoints_failing", "Endpoints without a success of late.")
QUARANTINE = gauge("quarantine_items", "Items that are set aside now.", ["stream"])

_BATCH_STATES = ("planned", "queued", "leased")
_JOB_STATES = ("waiting", "running", "stopping")
_DUE = """
SELECT state, count(*), coalesce(extract(epoch FROM now() - min(due_at)), 0)::float8
FROM messaging_batch WHERE state IN ('planned', 'queued', 'leased') AND due_at <= now() GROUP BY state
"""
_JOBS = """
SELECT state, count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8
FROM core_job WHERE state IN ('waiting', 'running', 'stopping') GROUP BY state
"""
_DELIVERIES = """
SELECT count(*), greatest(0, coalesce(extract(epoch FROM now() - min(next_at)), 0))::float8
FROM webhooks_delivery WHERE state = 'waiting'
"""
_FAILING = """
SELECT count(*) FROM webhooks_endpoint
WHERE failing_since IS NOT NULL AND is_active AND deleted_at IS NULL
"""


def measure() -> None:
    """Ask the stores and show what they say. Safe to call again.

    Raises:
        BusUnavailable: the streams could not be asked; what PostgreSQL said is shown all the same.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DUE)
        due = {state: (count, age) for state, count, age in cursor.fetchall()}
        cursor.execute(_JOBS)
        jobs = {state: (count, age) for state, count, age in cursor.fetchall()}
        cursor.execute(_DELIVERIES)
        waiting, late_s = cursor.fetchone()
        cursor.execute(_FAILING)
        (failing,) = cursor.fetchone()
        cursor.execute(COUNT_BY_STREAM)
        quarantined = dict(cursor.fetchall())
    for state in _BATCH_STATES:
        DUE_BATCHES.labels(state).set(due.get(state, (0, 0))[0])
    for state in _JOB_STATES:
        JOBS_OPEN.labels(state).set(jobs.get(state, (0, 0))[0])
    DUE_OLDEST.set(max((age for _count, age in due.values()), default=0))
    JOBS_OLDEST.set(jobs.get("waiting", (0, 0))[1])
    DELIVERIES.set(waiting)
    DELIVERIES_LATE.set(late_s)
    ENDPOINTS_FAILING.set(failing)
    QUARANTINE.clear()  # a stream with nothing set aside has no line
    for stream, count in quarantined.items():
        QUARANTINE.labels(stream).set(count)
    for stream, count in call_sync(_stream_counts).items():
        STREAM_PENDING.labels(stream).set(count)


async def _stream_counts(bus: Bus) -> dict[str, float]:
    """Work queues: what is in the stream is what nobody has acknowledged."""
    if not bus.is_connected:
        raise BusUnavailable("NATS is away: what waits in the streams is not known.")
    counts: dict[str, float] = {}
    for spec in STREAMS:
        try:
            counts[spec.name] = (await bus.js.stream_info(spec.name)).state.messages
        except NotFoundError:
            counts[spec.name] = math.nan
    return counts


def forget_measures() -> None:
    """This scheduler leads no longer: another one's figures count now."""
    for by_label in (DUE_BATCHES, JOBS_OPEN, STREAM_PENDING, QUARANTINE):
        by_label.clear()
    for single in (DUE_OLDEST, JOBS_OLDEST, DELIVERIES, DELIVERIES_LATE, ENDPOINTS_FAILING):
        single.set(math.nan)
