"""Bring appended outcomes and receipts into message rows and counters: in bulk, in order, idempotently.

Runs in one process at a time (an advisory lock); a second caller finds it taken and returns at
once. Each step is one transaction that also moves its cursor, so a crash between steps repeats
nothing and loses nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Protocol

from textwell.core.blame import is_fault_of_data
from textwell.messaging import sql
from textwell.messaging.unfolded import set_outcome_aside, set_receipt_aside

CHUNK_ROWS = 50_000  # of the longer log in one transaction: half a second's work
_OUTCOME = "fold.outcome"  # names of cursors
_DLR = "fold.dlr"


class Connection(Protocol):
    """What the fold needs of psycopg's connection."""

    def cursor(self) -> Any: ...  # psycopg.Cursor; its row type is of no interest here
    def transaction(self, *, force_rollback: bool = False) -> Any: ...


@dataclass(frozen=True, slots=True)
class Bounds:
    """Ids of the two logs: up to them, inclusive."""

    outcome_id: int
    dlr_id: int

    def towards(self, until: "Bounds", most: int) -> "Bounds":
        """The way to `until`, or as much of it as has at most so many rows of the longer log.

        Both logs advance in step, so that a message's outcome and receipt tend to meet in one part.
        """
        outcomes = max(0, until.outcome_id - self.outcome_id)
        dlrs = max(0, until.dlr_id - self.dlr_id)
        longer = max(outcomes, dlrs)
        if longer <= most:
            return Bounds(self.outcome_id + outcomes, self.dlr_id + dlrs)
        return Bounds(
            self.outcome_id + -(-outcomes * most // longer), self.dlr_id + -(-dlrs * most // longer)
        )


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


def high_water(connection: Connection) -> Bounds:
    """Ids below which every append has been committed: appenders hold the lock shared."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [sql.LOG_LOCK])
        cursor.execute(sql.HIGH_WATER)
        outcome, dlr = cursor.fetchone()
    return Bounds(int(outcome), int(dlr))


def folded_so_far(connection: Connection) -> Bounds:
    """Where the cursors of the fold are."""
    return Bounds(_position(connection, _OUTCOME), _position(connection, _DLR))


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


def _fold_logs(connection: Connection, until: Bounds, chunk_rows: int) -> Folded:
    """Fold both logs up to `until`, some thousand rows of each in a transaction.

    Where a row is to blame for a failure, parts get smaller until it is alone; it is set aside.
    """
    total, rows = Folded(), chunk_rows
    while True:
        try:
            step = _fold_step(connection, until, rows)
        except Exception as error:
            if not is_fault_of_data(error):
                raise
            if rows == 1:
                _pass_over(connection, until, error)
            rows = max(1, rows // 2)
            continue
        if step is None:
            return total
        rows = min(chunk_rows, rows * 2)
        total = Folded(
            total.outcome_count + step.outcome_count,
            total.dlr_count + step.dlr_count,
            total.moved_count + step.moved_count,
        )


def _fold_step(connection: Connection, until: Bounds, rows: int) -> Folded | None:
    """At most so many rows of each log in one transaction; None: nothing to do, or not for us."""
    with connection.transaction():
        if not _is_mine(connection):
            return None
        after = folded_so_far(connection)
        step = after.towards(until, rows)
        if step == after:
            return None
        with _one(connection, sql.FOLD, _ends(after, step)) as row:
            moved = int(row[0])
        _move_cursors(connection, step)
    return Folded(step.outcome_id - after.outcome_id, step.dlr_id - after.dlr_id, moved)


def _pass_over(connection: Connection, until: Bounds, error: Exception) -> None:
    """Set aside what stands next in both logs and failed together: the outcome, or else the receipt."""
    with connection.transaction():
        if not _is_mine(connection):
            return
        after = folded_so_far(connection)
        step = after.towards(until, 1)
        outcome_alone = replace(step, dlr_id=after.dlr_id)
        with connection.cursor() as cursor:
            if outcome_alone != after and _fails(connection, after, outcome_alone):
                set_outcome_aside(cursor, step.outcome_id, error)
                _move_cursors(connection, outcome_alone)
            elif step.dlr_id != after.dlr_id:
                set_receipt_aside(cursor, step.dlr_id, error)
                _move_cursors(connection, replace(step, outcome_id=after.outcome_id))


def _fails(connection: Connection, after: Bounds, step: Bounds) -> bool:
    """Whether folding these is refused; nothing of it stays."""
    try:
        with connection.transaction(force_rollback=True), connection.cursor() as cursor:
            cursor.execute(sql.FOLD, _ends(after, step))
    except Exception as error:
        if is_fault_of_data(error):
            return True
        raise
    return False


def _move_cursors(connection: Connection, step: Bounds) -> None:
    _move_cursor(connection, _OUTCOME, step.outcome_id)
    _move_cursor(connection, _DLR, step.dlr_id)


def _ends(after: Bounds, until: Bounds) -> dict[str, object]:
    return {
        "outcome_after": after.outcome_id,
        "outcome_until": until.outcome_id,
        "dlr_after": after.dlr_id,
        "dlr_until": until.dlr_id,
    }


def fold_once(
    connection: Connection, until: Bounds | None = None, *, chunk_rows: int = CHUNK_ROWS
) -> Folded:
    """Fold all that is committed now, or up to `until`, which must be a high water of before.

    `chunk_rows` of the longer log are folded in one transaction. Calling it twice, or from two
    processes, is safe.
    """
    folded = _fold_logs(connection, until or high_water(connection), chunk_rows)
    return replace(folded, moved_count=folded.moved_count + _fold_pending(connection))


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
