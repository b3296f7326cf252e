"""Consent that comes with a file of people: recorded, kept back and revoked in the import's own steps."""

from typing import Any

from textwell.consent import sql
from textwell.contacts.imports.events import ImportChunkApplied, ImportJudged, ImportUndone
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.events import subscribe


def _on_judged(event: ImportJudged) -> None:
    with cursor() as raw:
        raw.execute(
            sql.MARK_OPTED_OUT, {"workspace_id": event.workspace_id, "run": event.import_run_id}
        )


def _on_applied(event: ImportChunkApplied) -> None:
    """An opt-in for each row with evidence, but for people who said stop here before."""
    lines = {"first": event.first_line, "last": event.last_line}
    _record_staged(sql.STAGE_IMPORTED, event, lines)


def _on_undone(event: ImportUndone) -> None:
    """What the import granted, and nothing later replaced, is taken back by an event of its own."""
    _record_staged(sql.STAGE_UNDONE, event, {})


def _record_staged(
    stage: str, event: ImportChunkApplied | ImportUndone, more: dict[str, Any]
) -> None:
    params: dict[str, Any] = more | {
        "workspace_id": event.workspace_id,
        "run": event.import_run_id,
        "import_run_id": event.import_run_id,
        "now": now(),
        "actor": event.actor,
    }
    with cursor() as raw:
        raw.execute(sql.MAKE_STAGING)
        raw.execute("TRUNCATE consent_staging")
        raw.execute(stage, params)
        raw.execute(sql.INSERT_EVENTS, params)
        contact_ids = sorted({row[1] for row in raw.fetchall()})
        raw.execute(sql.DERIVE_STATES, params | {"contact_ids": contact_ids})


def subscribe_all() -> None:
    """Called once when Django is ready."""
    subscribe(ImportJudged, _on_judged)
    subscribe(ImportChunkApplied, _on_applied)
    subscribe(ImportUndone, _on_undone)
