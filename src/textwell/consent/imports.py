"""Consent that comes with a file of people: recorded, kept back and withdrawn in the import's own steps."""

from typing import Any, Final

from textwell.consent import sql, state_sql
from textwell.consent.actions import record_consents
from textwell.consent.erased import has_erased, hash_params, recognise
from textwell.consent.types import GivenConsent
from textwell.contacts.events import PeopleAdded
from textwell.contacts.imports.events import ImportChunkApplied, ImportJudged, ImportUndone
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.events import subscribe

_SOURCE: Final = "import"


def _on_added(event: PeopleAdded) -> None:
    recognise(event.workspace_id, event.msisdns)


def _on_judged(event: ImportJudged) -> None:
    params: dict[str, Any] = {"workspace_id": event.workspace_id, "run": event.import_run_id}
    with cursor() as raw:
        raw.execute(sql.NO_LOOPS)
        raw.execute(sql.SPREAD_STOPS, params)
        raw.execute(sql.LOOPS)
        raw.execute(sql.MARK_OPTED_OUT, params)
        if has_erased(event.workspace_id):
            raw.execute(sql.MARK_ERASED, params | hash_params(event.workspace_id))


def _on_applied(event: ImportChunkApplied) -> None:
    """An opt-in for each row with evidence, but for people who said stop here before or in the file."""
    params = _params(event)
    _recognise(event, params)
    _record_stops(event, params)
    with cursor() as raw:
        raw.execute(sql.GRANT_NEW, params)
        raw.execute(sql.MAKE_STAGING)
        raw.execute("TRUNCATE consent_staging")
        raw.execute(sql.STAGE_IMPORTED, params)
        if not raw.rowcount:
            return
        raw.execute(sql.INSERT_EVENTS, params)
        contact_ids = sorted({row[1] for row in raw.fetchall()})
        raw.execute(state_sql.DERIVE_STATES, params | {"contact_ids": contact_ids})


def _recognise(event: ImportChunkApplied, params: dict[str, Any]) -> None:
    """Who was erased here is not texted because a file brings them back."""
    if not has_erased(event.workspace_id):
        return
    with cursor() as raw:
        raw.execute(sql.ERASED_OF_IMPORT, params | hash_params(event.workspace_id))
        found = [row[0] for row in raw.fetchall()]
    recognise(event.workspace_id, found)


def _record_stops(event: ImportChunkApplied, params: dict[str, Any]) -> None:
    """An opt-out for each row that says so. An undo of the import does not take it back."""
    with cursor() as raw:
        raw.execute(sql.STOPS_OF_IMPORT, params)
        found = raw.fetchall()
    record_consents(
        workspace_id=event.workspace_id,
        actor=event.actor,
        consents=[
            GivenConsent(
                contact_id=contact_id,
                kind="opt_out",
                given_at=params["now"],
                source=_SOURCE,
                wording="",
                evidence={"import": str(event.import_run_id), "line": str(line)},
            )
            for contact_id, line in found
        ],
    )


def _on_undone(event: ImportUndone) -> None:
    """What the import granted counts no more; what was granted before it, or said since, does."""
    params = _params(event)
    with cursor() as raw:
        raw.execute(sql.WITHDRAW_IMPORT, params)
        raw.execute(sql.DROP_WITHDRAWN, params)
        contact_ids = sorted({row[0] for row in raw.fetchall()})
        raw.execute(state_sql.DERIVE_STATES, params | {"contact_ids": contact_ids})


def _params(event: ImportChunkApplied | ImportUndone) -> dict[str, Any]:
    return {
        "workspace_id": event.workspace_id,
        "run": event.import_run_id,
        "import_run_id": event.import_run_id,
        "first": event.first_line,
        "last": event.last_line,
        "now": now(),
        "actor": event.actor,
    }


def subscribe_all() -> None:
    """Called once when Django is ready."""
    subscribe(PeopleAdded, _on_added)
    subscribe(ImportJudged, _on_judged)
    subscribe(ImportChunkApplied, _on_applied)
    subscribe(ImportUndone, _on_undone)
