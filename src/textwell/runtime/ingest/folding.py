"""The fold's loop: a thread with a connection of its own, as often as there is something to fold."""

import threading
import time
from collections import deque

import psycopg
import structlog

from textwell.core.db import connect_sync
from textwell.core.metrics import counter, gauge
from textwell.messaging.fold import (
    Bounds,
    fold_once,
    folded_so_far,
    forget_old_pending,
    high_water,
)

log = structlog.get_logger()

FOLDED = counter("folded_messages", "Messages whose state the fold has changed.")
LAG_ROWS = gauge("fold_lag_rows", "Appended outcomes and receipts that are not folded yet.")
LAG_S = gauge("fold_lag_seconds", "Since the fold had caught up or made a pass.")

IDLE_S = 0.5
LOOK_S = 0.25
TIDY_S = 3600.0
LIGHT_ROWS = 4_000
PASS_S = 2.0
MEET_S = 1.0


class Pace:
    """How far to fold now: all there is under light load, else so that outcomes meet their receipts.

    A message whose outcome and receipt are in one pass is written once, not twice, which is a third
    less work. Under load a pass is made every PASS_S, and takes outcomes that are MEET_S old: what
    the carrier reports MEET_S to MEET_S + PASS_S after its answer can meet. Readers see states that
    many seconds late, and only then.
    """

    def __init__(self) -> None:
        self._seen: deque[tuple[float, Bounds]] = deque()
        self._passed_at = float("-inf")

    def until(self, *, at: float, high: Bounds, folded: Bounds) -> Bounds | None:
        """Where to fold to at a time (monotonic seconds) with this high water; None: not yet."""
        self._seen.append((at, high))
        while len(self._seen) > 1 and self._seen[1][0] <= at - MEET_S:
            self._seen.popleft()
        rows = high.outcome_id + high.dlr_id - folded.outcome_id - folded.dlr_id
        if not rows:
            return None
        if rows <= LIGHT_ROWS:
            return high
        if at - self._passed_at < PASS_S:
            return None
        self._passed_at = at
        seen_at, old = self._seen[0]
        outcome_id = old.outcome_id if seen_at <= at - MEET_S else folded.outcome_id
        return Bounds(max(outcome_id, folded.outcome_id), high.dlr_id)


class FoldLoop(threading.Thread):
    """Folds until `stop` is called, then once more."""

    def __init__(self) -> None:
        super().__init__(name="fold", daemon=True)
        self._stop_event = threading.Event()
        self.moved_count = 0
        self.folded_at = time.time()
        LAG_S.set_function(lambda: time.time() - self.folded_at)

    def stop(self) -> None:
        self._stop_event.set()

    def run(self) -> None:
        while not self._stop_event.is_set():
            try:
                self._serve()
            except (psycopg.Error, OSError) as error:
                log.warning("fold waits for the database", error=str(error))
                self._stop_event.wait(1.0)

    def _serve(self) -> None:
        tidied = 0.0
        pace = Pace()
        with connect_sync() as connection:
            while True:
                is_last = self._stop_event.is_set()
                high = high_water(connection)
                folded = folded_so_far(connection)
                LAG_ROWS.set(high.outcome_id + high.dlr_id - folded.outcome_id - folded.dlr_id)
                until = (
                    high if is_last else pace.until(at=time.monotonic(), high=high, folded=folded)
                )
                if until is not None:
                    moved = fold_once(connection, until).moved_count
                    self.moved_count += moved
                    FOLDED.inc(moved)
                if high == folded or until is not None:
                    self.folded_at = time.time()
                if time.monotonic() - tidied > TIDY_S:
                    forget_old_pending(connection)
                    tidied = time.monotonic()
                if is_last:
                    return
                self._stop_event.wait(IDLE_S if high == folded else LOOK_S)
