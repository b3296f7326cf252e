"""The dry run: every row staged and judged, nothing applied.

Rows are staged a chunk a transaction and the place is kept, so that a dry run that was killed or
stopped goes on where it stood.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.db import connection, connections, transaction

from textwell.contacts.imports import sql
from textwell.contacts.imports.events import ImportJudged
from textwell.contacts.imports.mapping import require_number_column
from textwell.contacts.imports.reading import RowChunk, read_chunks
from textwell.contacts.imports.staging import Stager
from textwell.contacts.models import FieldDefinition, ImportRow, ImportRun, ImportState
from textwell.contacts.statistics import refresh_people_statistics
from textwell.core.db import copy_text, cursor
from textwell.core.events import publish_now

CHUNK_ROWS = 10_000
AHEAD = 2  # chunks that wait to be stored: neither side waits for a slow one of the other
SLICE_ROWS = 250_000  # judged in one statement, about a second
_USED = frozenset({"new", "changed", "same"})  # verdicts whose people come in
OnProgress = Callable[[int], None]  # rows done so far; may raise to stop


def keep_silent(_done: int) -> None:
    return


def own_kinds(workspace_id: int) -> dict[str, str]:
    found = FieldDefinition.objects.filter(workspace_id=workspace_id)
    return dict(found.values_list("name", "kind"))


def dry_run(run: ImportRun, *, on_progress: OnProgress = keep_silent) -> ImportRun:
    """Judge every row and count. Stopped, it goes on at the next call; finished, it starts afresh.

    Raises:
        FieldError: no column holds the number.
    """
    require_number_column(run.mapping.values())
    if run.state == ImportState.JUDGED or run.staged_line == 0:
        _start_afresh(run, on_progress)
    _stage_all(run, on_progress)
    _judge(run, on_progress)
    return run


def _start_afresh(run: ImportRun, on_progress: OnProgress) -> None:
    run.state, run.staged_line, run.row_count, run.totals = ImportState.UPLOADED, 0, 0, {}
    run.save(update_fields=["state", "staged_line", "row_count", "totals"])
    while True:
        with transaction.atomic(), cursor() as raw:
            raw.execute(sql.DELETE_STAGED, {"run": run.id, "limit": SLICE_ROWS})
            if not raw.rowcount:
                return
        on_progress(0)


def _stage_all(run: ImportRun, on_progress: OnProgress) -> None:
    stager = Stager(run, own_kinds(run.workspace_id))
    chunks = read_chunks(
        Path(run.path),
        encoding=run.encoding,
        delimiter=run.delimiter,
        width=len(run.header),
        size=CHUNK_ROWS,
        after_line=run.staged_line,
    )
    staged = ((chunk, stager.stage(chunk)) for chunk in chunks)
    # Another connection would not see what a transaction of the caller's has written.
    if connection.in_atomic_block:
        for chunk, text in staged:
            _store(run, stager.columns, chunk, text)
            on_progress(run.row_count)
    else:
        _store_beside(run, stager.columns, staged, on_progress)


def _store_beside(
    run: ImportRun,
    columns: Sequence[str],
    staged: Iterator[tuple[RowChunk, str]],
    on_progress: OnProgress,
) -> None:
    """PostgreSQL takes a chunk while the next ones are read here, `AHEAD` at most."""
    with ThreadPoolExecutor(1, thread_name_prefix="import") as pool:
        under_way: deque[Future[None]] = deque()

        def store_after(before: Future[None] | None, chunk: RowChunk, text: str) -> None:
            if before is not None:
                before.result()  # where it failed this one is not stored either: no gap behind the place
            _store(run, columns, chunk, text)

        def wait_for_first() -> None:
            under_way.popleft().result()
            on_progress(run.row_count)

        try:
            for chunk, text in staged:
                if len(under_way) > AHEAD:
                    wait_for_first()
                before = under_way[-1] if under_way else None
                under_way.append(pool.submit(store_after, before, chunk, text))
            while under_way:
                wait_for_first()
        finally:
            pool.submit(connections.close_all)


def _store(run: ImportRun, columns: Sequence[str], chunk: RowChunk, text: str) -> None:
    with transaction.atomic(), cursor() as raw:
        copy_text(raw, "contacts_importrow", columns, text)
        run.staged_line, run.row_count = chunk.last_line, run.row_count + len(chunk)
        run.save(update_fields=["staged_line", "row_count"])


def _judge(run: ImportRun, on_progress: OnProgress) -> None:
    """In slices of the numbers; a slice that was judged already finds nothing to do."""
    slices = 1 + run.row_count // SLICE_ROWS
    params: dict[str, Any] = {"run": run.id, "workspace": run.workspace_id, "slices": slices}
    refresh_people_statistics(run.workspace_id)
    with cursor() as raw:
        raw.execute(sql.ANALYZE_STAGED)
    for place in range(slices):
        with transaction.atomic(), cursor() as raw:
            raw.execute(sql.JUDGE, params | {"slice": place})
        on_progress(run.row_count)
    with transaction.atomic():
        with cursor() as raw:
            raw.execute(sql.REFUSE_TAKEN_IDS, params)
        publish_now(ImportJudged(run.workspace_id, run.id))
        run.totals = count_verdicts(run)
        run.state, run.applied_line, run.applied_ahead = ImportState.JUDGED, 0, []
        run.save(update_fields=["totals", "state", "applied_line", "applied_ahead"])


def count_verdicts(run: ImportRun) -> dict[str, int]:
    """Rows by verdict; how many of them said stop earlier, bring consent, claim one that is none."""
    with cursor() as raw:
        raw.execute(sql.COUNT, {"run": run.id})
        found = raw.fetchall()
    totals = dict.fromkeys(("new", "changed", "same", "duplicate", "invalid"), 0)
    totals |= {verdict: count for verdict, count, *_others in found}
    totals["opted_out"] = sum(out for _verdict, _count, out, _with, _without in found)
    used = [row for row in found if row[0] in _USED]
    totals["consent"] = sum(granted for *_others, granted, _without in used)
    totals["consent_left_out"] = sum(without for *_others, without in used)
    return totals


def last_line(run: ImportRun) -> int:
    last = ImportRow.objects.filter(import_run_id=run.id).order_by("-line").first()
    return last.line if last else 0
