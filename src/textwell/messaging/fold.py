"""Bring appended outcomes and receipts into message rows and counters: in bulk, in order, idempotently.

Runs in one process at a time (an advisory lock); a second caller finds it taken and returns at
once. Each step is one transaction that also moves its cursor, so a crash between steps repeats
nothing and loses nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from textwell.messaging import sql

CHUNK_ROWS = 20_000


class Connection(Protocol):
    """What the fold needs of psycopg's connection."""

    def cursor(self) -> Any: ...  # psycopg.Cursor; its row type is of no interest here
    def transaction(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Folded:
    """Rows read and messages that changed state, by log."""

    outcome_count: int = 0
    dlr_count: int = 0
    moved_count: int = 0

    @property
    def is_idle(self) -> bool:
        return not (self.outcome_count or self.dlr_count)


@contextmanager
def _one(connection: Connection, statement: str, params: dict[str, object]) -> Iterator[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        yield cursor.fetchone()


def _high_water(connection: Connection, log: str) -> int:
    """An id below which every append has been committed: appenders hold the lock shared."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [sql.LOG_LOCK])
        cursor.execute(sql.HIGH_WATER[log])
        return int(cursor.fetchone()[0])


def _position(connection: Connection, name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT position FROM core_cursor WHERE name = %s", [name])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _move_cursor(connection: Connection, name: str, position: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_cursor (name, position, updated_at) VALUES (%s, %s, now())"
            " ON CONFLICT (name) DO UPDATE SET position = excluded.position, updated_at = now()",
            [name, position],
        )


def _is_mine(connection: Connection) -> bool:
    with _one(
        connection, "SELECT pg_try_advisory_xact_lock(%(key)s)", {"key": sql.FOLD_LOCK}
    ) as row:
        return bool(row[0])


def _fold_log(connection: Connection, *, log: str, statement: str) -> tuple[int, int]:
    """Fold everything above the log's cursor; answers (rows, messages moved)."""
    name = f"fold.{log}"
    until = _high_water(connection, log)
    rows = moved = 0
    while True:
        with connection.transaction():
            if not _is_mine(connection):
                return rows, moved
            after = _position(connection, name)
            if after >= until:
                return rows, moved
            step = min(until, after + CHUNK_ROWS)
            with _one(connection, statement, {"after_id": after, "until_id": step}) as row:
                moved += int(row[0])
            _move_cursor(connection, name, step)
            rows += step - after


def fold_once(connection: Connection) -> Folded:
    """Fold all that is committed now. Calling it twice, or from two processes, is safe."""
    outcomes, moved = _fold_log(connection, log="outcome", statement=sql.FOLD_OUTCOMES)
    moved += _fold_pending(connection)
    dlrs, moved_by_dlr = _fold_log(connection, log="dlr", statement=sql.FOLD_DLRS)
    return Folded(outcomes, dlrs, moved + moved_by_dlr)


def _fold_pending(connection: Connection) -> int:
    with connection.transaction():
        if not _is_mine(connection):
            return 0
        with _one(connection, "SELECT EXISTS (SELECT 1 FROM messaging_pendingreport)", {}) as row:
            if not row[0]:
                return 0
        with _one(connection, sql.FOLD_PENDING, {}) as row:
            return int(row[0])


def forget_old_pending(connection: Connection) -> None:
    """Drop receipts that nobody's id matched for three days; the log keeps them."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(sql.FORGET_PENDING)
