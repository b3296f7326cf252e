"""Import people from a file: start, map, dry run, apply, undo. Each step can be killed and repeated."""

import csv
import io
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from textwell.contacts.imports import sql
from textwell.contacts.imports.events import ImportChunkApplied, ImportJudged, ImportUndone
from textwell.contacts.imports.reading import FIELDS, RawRow, look_at, read_rows
from textwell.contacts.models import FieldDefinition, ImportRow, ImportRun, ImportState
from textwell.contacts.values import read_value
from textwell.core.clock import now
from textwell.core.db import copy_rows, cursor
from textwell.core.errors import Conflict, FieldError
from textwell.core.events import publish_now
from textwell.core.settings import load_settings
from textwell.text import find_carrier, normalise_bulk

CHUNK_ROWS = 10_000
OnProgress = Callable[[int], None]  # rows done so far; may raise to stop


def _nothing(_done: int) -> None:
    return


def own_kinds(workspace_id: int) -> dict[str, str]:
    found = FieldDefinition.objects.filter(workspace_id=workspace_id)
    return dict(found.values_list("name", "kind"))


def start_import(
    *, workspace_id: int, path: Path, filename: str, actor: str, region: str = ""
) -> ImportRun:
    """Keep a copy of the file and guess how it is to be read.

    Raises:
        FieldError: on `file`, if it is empty, no text, or has no usable header.
    """
    shape = look_at(path, own_fields=list(own_kinds(workspace_id)))
    folder = load_settings().data_dir / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    with transaction.atomic():
        run = ImportRun.objects.create(
            workspace_id=workspace_id,
            filename=filename[:200],
            path="",
            encoding=shape.encoding,
            delimiter=shape.delimiter,
            header=list(shape.header),
            mapping=shape.mapping,
            region=region,
            actor=actor,
        )
        run.path = str(folder / f"{run.id}.csv")
        run.save(update_fields=["path"])
        shutil.copyfile(path, run.path)
    return run


def set_mapping(
    *,
    run: ImportRun,
    mapping: Mapping[str, str] | None = None,
    consent: Mapping[str, str] | None = None,
    region: str | None = None,
    list_id: int | None = None,
) -> ImportRun:
    """Correct the guess, and say what is true of the whole file. Back to before the dry run.

    Raises:
        FieldError: an unknown column or field, or a consent without source, wording or time.
        Conflict: the import is applied already.
    """
    if run.state not in {ImportState.UPLOADED, ImportState.JUDGED}:
        raise Conflict(f"An import that is {run.state} cannot be mapped anew.")
    if mapping is not None:
        _check_mapping(run, mapping)
        run.mapping = dict(mapping)
    if consent is not None:
        run.consent = _check_consent(consent)
    run.region = run.region if region is None else region
    run.list_id = run.list_id if list_id is None else list_id
    run.state = ImportState.UPLOADED
    run.save(update_fields=["mapping", "consent", "region", "list_id", "state"])
    return run


def _check_mapping(run: ImportRun, mapping: Mapping[str, str]) -> None:
    own = {f"fields.{name}" for name in own_kinds(run.workspace_id)}
    for column, field in mapping.items():
        if column not in run.header:
            mend = _("Use a column of the file's header.")
            raise FieldError(f"mapping.{column}", _("is no column of the file."), mend)
        if field not in FIELDS and field not in own:
            known = ", ".join([*FIELDS, *sorted(own)])
            mend = _("Use one of: %(known)s.") % {"known": known}
            raise FieldError(f"mapping.{column}", _("is mapped to an unknown field."), mend)
    if "msisdn" not in mapping.values():
        mend = _("Say which column has the phone number (field msisdn).")
        raise FieldError("mapping", _("has no column for the number."), mend)


def _check_consent(consent: Mapping[str, str]) -> dict[str, str]:
    if not consent:
        return {}
    for name in ("source", "wording", "given_at"):
        if not str(consent.get(name, "")).strip():
            mend = _("Consent for a whole file needs source, wording and time.")
            raise FieldError(f"consent.{name}", _("is missing."), mend)
    if _read_time(str(consent["given_at"])) is None:
        raise FieldError(
            "consent.given_at", _("is no time."), _("Write it as 2026-11-24T09:30:00+01:00.")
        )
    return {name: str(consent[name]) for name in ("source", "wording", "given_at")}


def _read_time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


# ---- dry run --------------------------------------------------------------------------------


def dry_run(run: ImportRun, *, on_progress: OnProgress = _nothing) -> ImportRun:
    """Judge every row and count; nothing is applied. Running it again starts afresh."""
    _check_mapping(run, run.mapping)
    kinds = own_kinds(run.workspace_id)
    rows = read_rows(
        Path(run.path), encoding=run.encoding, delimiter=run.delimiter, width=len(run.header)
    )
    with transaction.atomic():
        ImportRow.objects.filter(import_run_id=run.id).delete()
        done = 0
        while chunk := list(islice(rows, CHUNK_ROWS)):
            _stage(run, chunk, kinds)
            done += len(chunk)
            on_progress(done)
        with cursor() as raw:
            raw.execute("ANALYZE contacts_importrow")
            raw.execute(sql.JUDGE, {"run": run.id, "workspace": run.workspace_id})
            raw.execute(sql.REFUSE_TAKEN_IDS, {"run": run.id, "workspace": run.workspace_id})
        publish_now(ImportJudged(run.workspace_id, run.id))
        run.totals, run.row_count = _count(run), done
        run.state, run.applied_line = ImportState.JUDGED, 0
        run.save(update_fields=["totals", "row_count", "state", "applied_line"])
    return run


def _count(run: ImportRun) -> dict[str, int]:
    with cursor() as raw:
        raw.execute(sql.COUNT, {"run": run.id})
        found = raw.fetchall()
    totals = dict.fromkeys(("new", "changed", "same", "duplicate", "invalid"), 0)
    totals |= {verdict: count for verdict, count, _out in found}
    totals["opted_out"] = sum(out for _verdict, _count, out in found)
    return totals


def _stage(run: ImportRun, chunk: list[RawRow], kinds: Mapping[str, str]) -> None:
    places = {field: run.header.index(column) for column, field in run.mapping.items()}
    at = places["msisdn"]
    given = [row.cells[at] if len(row.cells) > at else "" for row in chunk]
    numbers = normalise_bulk(given, run.region or None)
    with cursor() as raw:
        copy_rows(
            raw,
            "contacts_importrow",
            sql.STAGED_COLUMNS,
            (
                _staged(run, row, number, places, kinds)
                for row, number in zip(chunk, numbers, strict=True)
            ),
        )


def _staged(
    run: ImportRun, row: RawRow, number: Any, places: Mapping[str, int], kinds: Mapping[str, str]
) -> tuple[object, ...]:
    raw = _as_csv(row.cells)[:10_000].replace("\x00", "")
    values: dict[str, str] = {}
    fields: dict[str, object] = {}
    problem = row.problem
    if not problem and number.e164 is None:
        problem = f"msisdn: {number.error}"
    if not problem:
        values = {
            name: row.cells[place].strip().replace("\x00", "")[:200]
            for name, place in places.items()
            if not name.startswith(("fields.", "consent_")) and name != "msisdn"
        }
        values["operator"] = find_carrier(number.e164, number.type) or ""
        values["tags"] = "|".join(t.strip() for t in values.get("tags", "").split(",") if t.strip())
        problem = _read_fields(row, places, kinds, fields)
    source, wording, consent_at = _consent(run, row, places)
    return (
        run.id, row.line, "invalid" if problem else "new", problem[:200], False, number.e164 or "",
        number.region or "", orjson.dumps(values).decode(), orjson.dumps(fields).decode(),
        source[:200], wording, consent_at, raw,
    )  # fmt: skip


def _read_fields(
    row: RawRow, places: Mapping[str, int], kinds: Mapping[str, str], into: dict[str, object]
) -> str:
    for name, place in places.items():
        field = name.removeprefix("fields.")
        text = row.cells[place].strip()
        if name.startswith("fields.") and text:
            try:
                into[field] = read_value(kinds[field], text)
            except ValueError as error:
                return f"{field}: {error}"
    return ""


def _consent(
    run: ImportRun, row: RawRow, places: Mapping[str, int]
) -> tuple[str, str, datetime | None]:
    """Evidence of the row, else of the whole file; without all three parts there is none."""

    def cell(name: str) -> str:
        place = places.get(name)
        return row.cells[place].strip() if place is not None and place < len(row.cells) else ""

    source = cell("consent_source") or (
        "" if "consent_source" in places else run.consent.get("source", "")
    )
    wording = cell("consent_wording") or (
        "" if "consent_wording" in places else run.consent.get("wording", "")
    )
    given = cell("consent_at") or (
        "" if "consent_at" in places else run.consent.get("given_at", "")
    )
    at = _read_time(given) if given else None
    if not (source and wording and at) or at > now():  # evidence from the future is none
        return "", "", None
    return source, wording, at


def _as_csv(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


# ---- apply and undo -------------------------------------------------------------------------


def apply_import(run: ImportRun, *, on_progress: OnProgress = _nothing) -> ImportRun:
    """Write the people, a chunk a transaction; killed or stopped it goes on where it stood.

    Raises:
        Conflict: no dry run was made, or the import is undone.
    """
    if run.state == ImportState.APPLIED:
        return run
    if run.state not in {ImportState.JUDGED, ImportState.APPLYING}:
        raise Conflict(f"An import that is {run.state} cannot be applied: make the dry run first.")
    last = ImportRow.objects.filter(import_run_id=run.id).order_by("-line").first()
    end = last.line if last else 0
    while run.applied_line < end:
        with transaction.atomic():
            locked = ImportRun.objects.select_for_update().get(id=run.id)
            _apply_lines(locked, locked.applied_line + 1, locked.applied_line + CHUNK_ROWS)
            locked.state = ImportState.APPLYING
            locked.applied_line += CHUNK_ROWS
            locked.save(update_fields=["state", "applied_line"])
        run.refresh_from_db()
        on_progress(min(run.applied_line, end))
    run.state = ImportState.APPLIED
    run.save(update_fields=["state"])
    return run


def _apply_lines(run: ImportRun, first: int, last: int) -> None:
    params: dict[str, Any] = {
        "run": run.id,
        "workspace": run.workspace_id,
        "first": first,
        "last": last,
        "now": run.created_at,  # also the mark by which the undo knows that nobody changed it since
        "list": run.list_id,
    }
    with cursor() as raw:
        raw.execute(sql.INSERT_NEW, params)
        raw.execute(sql.KEEP_BEFORE, params)
        raw.execute(sql.UPDATE_CHANGED, params)
        if run.list_id is not None:
            raw.execute(sql.JOIN_LIST, params)
    publish_now(ImportChunkApplied(run.workspace_id, run.id, first, last, run.actor))


def undo_import(run: ImportRun) -> ImportRun:
    """Take back what the import did, but for people who changed or were texted since.

    Consent that it brought is revoked by an event of its own: history stays. Undoing twice is safe.

    Raises:
        Conflict: nothing of it is applied.
    """
    if run.state == ImportState.UNDONE:
        return run
    if run.state not in {ImportState.APPLYING, ImportState.APPLIED}:
        raise Conflict(f"An import that is {run.state} has nothing to undo.")
    params: dict[str, Any] = {
        "run": run.id,
        "workspace": run.workspace_id,
        "now": now(),
        "applied_at": run.created_at,
    }
    with transaction.atomic():
        publish_now(ImportUndone(run.workspace_id, run.id, run.actor))
        with cursor() as raw:
            raw.execute(sql.UNDO_LIST, params)
            raw.execute(sql.UNDO_CHANGES, params)
            raw.execute(sql.UNDO_NEW, params)
        run.state = ImportState.UNDONE
        run.save(update_fields=["state"])
    return run


def rejected_rows(run: ImportRun) -> Iterator[str]:
    """A CSV file of the rows that were left out: line, reason, and the row as it stood."""
    yield _as_csv(["line", "reason", *run.header]) + "\r\n"
    found = ImportRow.objects.filter(import_run_id=run.id, verdict__in=["invalid", "duplicate"])
    for line, reason, raw in found.order_by("line").values_list("line", "reason", "raw").iterator():
        yield _as_csv([str(line), reason]) + "," + raw + "\r\n"
