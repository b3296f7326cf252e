"""Apply an import: a range of lines a transaction, on two connections where there are two cores.

Which ranges are in is kept with the run, in the transaction of each: killed or stopped it goes on with
those that are not.
"""

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import Any

from django.db import IntegrityError, connection, connections, transaction

from textwell.contacts.imports import sql
from textwell.contacts.imports.events import ImportChunkApplied
from textwell.contacts.imports.judging import (
    OnProgress,
    count_verdicts,
    keep_silent,
    last_line,
)
from textwell.contacts.models import ImportRun, ImportState
from textwell.contacts.statistics import refresh_people_statistics
from textwell.core.db import cursor
from textwell.core.errors import Conflict
from textwell.core.events import publish_now

CHUNK_ROWS = 20_000
WORKERS = 2
Range = tuple[int, int]  # lines, both ends within


def apply_import(run: ImportRun, *, on_progress: OnProgress = keep_silent) -> ImportRun:
    """Write the people; killed or stopped it goes on where it stood.

    Raises:
        Conflict: no dry run was made, or the import is undone.
    """
    if run.state == ImportState.APPLIED:
        return run
    if run.state not in {ImportState.JUDGED, ImportState.APPLYING}:
        raise Conflict(f"An import that is {run.state} cannot be applied: make the dry run first.")
    ranges = open_ranges(run.applied_line, run.applied_ahead, last_line(run), CHUNK_ROWS)
    # Another connection would not see what a transaction of the caller's has written.
    if connection.in_atomic_block:
        for lines in ranges:
            _apply(run.id, lines)
            on_progress(_count_done(run))
    else:
        _apply_side_by_side(run, ranges, on_progress)
    run.refresh_from_db()
    run.state, run.totals = ImportState.APPLIED, count_verdicts(run)
    run.save(update_fields=["state", "totals"])
    return run


def open_ranges(done: int, ahead: list[list[int]], end: int, size: int) -> Iterator[Range]:
    """Ranges of at most `size` lines that cover (done, end] but for what is in `ahead`."""
    position = done + 1
    for first, last in sorted(ahead):
        yield from _cut(position, first - 1, size)
        position = last + 1
    yield from _cut(position, end, size)


def _cut(first: int, last: int, size: int) -> Iterator[Range]:
    for start in range(first, last + 1, size):
        yield start, min(start + size - 1, last)


def _apply_side_by_side(run: ImportRun, ranges: Iterator[Range], on_progress: OnProgress) -> None:
    """When one fails or we are to stop, those under way are finished and no other is begun."""
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="import") as pool:
        pending: set[Future[None]] = set()

        def begin(count: int) -> None:
            pending.update(
                pool.submit(_apply_alone, run.id, each) for each in islice(ranges, count)
            )

        begin(WORKERS)
        while pending:
            done, _others = wait(pending, return_when=FIRST_COMPLETED)
            pending -= done
            for each in done:
                each.result()
            on_progress(_count_done(run))
            begin(len(done))


def _apply_alone(run_id: int, lines: Range) -> None:
    """On a connection of this thread's, closed again: a thread that ends leaves none behind."""
    try:
        _apply(run_id, lines)
    finally:
        connections.close_all()


def _count_done(run: ImportRun) -> int:
    """Lines that are in, at most the rows of the file."""
    run.refresh_from_db(fields=["applied_line", "applied_ahead"])
    ahead = sum(last - first + 1 for first, last in run.applied_ahead)
    return int(min(run.applied_line + ahead, run.row_count))


def _apply(run_id: int, lines: Range) -> None:
    with transaction.atomic():
        run = ImportRun.objects.get(id=run_id)
        _write_people(run, lines)
        publish_now(ImportChunkApplied(run.workspace_id, run.id, *lines, run.actor))
        _keep_place(run_id, lines)  # last, so that its lock is short


def _write_people(run: ImportRun, lines: Range) -> None:
    params: dict[str, Any] = {
        "run": run.id,
        "workspace": run.workspace_id,
        "first": lines[0],
        "last": lines[1],
        "now": run.created_at,  # also the mark by which the undo knows that nobody changed it since
        "list": run.list_id,
    }
    with cursor() as raw:
        raw.execute(sql.COUNT_VERDICTS, params)
        new, changed = raw.fetchone()
        try:
            with transaction.atomic():
                raw.execute(sql.INSERT_NEW, params)
        except IntegrityError:
            raw.execute(sql.INSERT_STILL_NEW, params)
        if raw.rowcount < new:
            raw.execute(sql.MEET_NEWCOMERS, params)
            changed += raw.rowcount
            raw.execute(sql.REFUSE_NEWCOMERS, params)
        if changed:
            refresh_people_statistics(run.workspace_id)  # the new ones came after the dry run's
            raw.execute(sql.KEEP_BEFORE, params)
            raw.execute(sql.UPDATE_CHANGED, params)
        if run.list_id is not None:
            raw.execute(sql.JOIN_LIST, params)


def _keep_place(run_id: int, lines: Range) -> None:
    """Raises Conflict if the range is in already: another worker applies the same import."""
    run = ImportRun.objects.select_for_update().get(id=run_id)
    first, last = lines
    overlaps = [a for a, b in run.applied_ahead if a <= last and first <= b]
    if first <= run.applied_line or overlaps or run.state == ImportState.UNDONE:
        raise Conflict("The import is being applied by somebody else.")
    ahead = sorted([*run.applied_ahead, [first, last]])
    while ahead and ahead[0][0] == run.applied_line + 1:
        run.applied_line = ahead.pop(0)[1]
    run.state, run.applied_ahead = ImportState.APPLYING, ahead
    run.save(update_fields=["state", "applied_line", "applied_ahead"])
