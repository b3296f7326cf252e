"""Take an import back: the last lines first, a range a transaction, and say who was left as they are."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.contacts.imports import sql
from textwell.contacts.imports.events import ImportUndone
from textwell.contacts.imports.judging import OnProgress, keep_silent
from textwell.contacts.models import ImportRow, ImportRun, ImportState
from textwell.contacts.statistics import refresh_people_statistics
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.errors import Conflict
from textwell.core.events import publish_now

CHUNK_ROWS = 20_000


def undo_import(run: ImportRun, *, on_progress: OnProgress = keep_silent) -> ImportRun:
    """Restore what the import changed, but for people who changed, spoke or were texted since.

    Their rows keep a reason, and `totals["kept"]` counts them. Consent events of the import stay
    written and count no more: who had consent before has it again. Killed or stopped it goes on where
    it stood; undoing twice is safe.

    Raises:
        Conflict: nothing of it is applied.
    """
    if run.state == ImportState.UNDONE:
        return run
    if run.state not in {ImportState.APPLYING, ImportState.APPLIED, ImportState.UNDOING}:
        raise Conflict(f"An import that is {run.state} has nothing to undo.")
    if run.state != ImportState.UNDOING:
        ends = [last for _first, last in run.applied_ahead]
        run.state, run.applied_line = ImportState.UNDOING, max([run.applied_line, *ends])
        run.applied_ahead = []
        run.save(update_fields=["state", "applied_line", "applied_ahead"])
    refresh_people_statistics(run.workspace_id)  # the import's own came after the dry run's
    while run.applied_line > 0:
        _undo_last(run)
        on_progress(max(0, run.row_count - run.applied_line))
    with transaction.atomic(), cursor() as raw:
        raw.execute(sql.COUNT_KEPT, {"run": run.id})
        run.totals = run.totals | {"kept": raw.fetchone()[0]}
        run.state = ImportState.UNDONE
        run.save(update_fields=["state", "totals"])
    return run


def _undo_last(run: ImportRun) -> None:
    first = max(1, run.applied_line - CHUNK_ROWS + 1)
    params: dict[str, Any] = {
        "run": run.id,
        "workspace": run.workspace_id,
        "first": first,
        "last": run.applied_line,
        "list": run.list_id,
        "now": now(),
        "applied_at": run.created_at,
        "kept": _("kept: changed, texted or heard from after the import"),
    }
    with transaction.atomic(), cursor() as raw:
        publish_now(ImportUndone(run.workspace_id, run.id, first, run.applied_line, run.actor))
        if run.list_id is not None:
            raw.execute(sql.UNDO_LIST, params)
        raw.execute(sql.UNDO_CHANGES, params)
        raw.execute(sql.UNDO_NEW, params)
        raw.execute(sql.TELL_KEPT, params)
        run.applied_line = first - 1
        run.save(update_fields=["applied_line"])


def kept_rows(run: ImportRun) -> list[ImportRow]:
    """Rows whose people the undo left as they are, by line."""
    found = ImportRow.objects.filter(import_run_id=run.id, verdict__in=["new", "changed"])
    return list(found.exclude(reason="").order_by("line"))
