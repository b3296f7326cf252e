"""The fold's loop: a thread with a connection of its own, as often as there is something to fold."""

import threading
import time

import psycopg
import structlog

from textwell.core.db import connect_sync
from textwell.messaging.fold import fold_once, forget_old_pending

log = structlog.get_logger()

IDLE_S = 0.5
BUSY_S = 0.2
TIDY_S = 3600.0


class FoldLoop(threading.Thread):
    """Folds until `stop` is called, then once more."""

    def __init__(self) -> None:
        super().__init__(name="fold", daemon=True)
        self._stop_event = threading.Event()
        self.moved_count = 0
        self.folded_at = time.time()

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
        with connect_sync() as connection:
            while True:
                is_last = self._stop_event.is_set()
                folded = fold_once(connection)
                self.moved_count += folded.moved_count
                self.folded_at = time.time()
                if time.monotonic() - tidied > TIDY_S:
                    forget_old_pending(connection)
                    tidied = time.monotonic()
                if is_last:
                    return
                self._stop_event.wait(IDLE_S if folded.is_idle else BUSY_S)
