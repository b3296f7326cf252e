"""An import before its dry run: start it, say what its columns mean; and the rows that were left out."""

import shutil
from collections.abc import Iterator, Mapping
from enum import Enum
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.contacts.field_names import refuse_reserved
from textwell.contacts.imports.consents import BASES, read_time
from textwell.contacts.imports.judging import CHUNK_ROWS, own_kinds
from textwell.contacts.imports.mapping import FIELDS, require_number_column
from textwell.contacts.imports.reading import look_at, read_raw_rows
from textwell.contacts.imports.staging import as_csv
from textwell.contacts.models import ImportRow, ImportRun, ImportState
from textwell.contacts.values import read_region
from textwell.core.errors import Conflict, FieldError
from textwell.core.masks import mask_text
from textwell.core.settings import load_settings

_LOOKED_AT = 50  # rows


class Leave(Enum):
    """Stands for what a call does not say, where None says: none."""

    AS_IS = "as it is"


def start_import(
    *, workspace_id: int, path: Path, filename: str, actor: str, region: str = ""
) -> ImportRun:
    """Keep a copy of the file and guess how it is to be read.

    Raises:
        FieldError: on `file`, if it is empty, no text, or has no usable header; on `region`, if it
            is no country.
    """
    country = read_region(region) or ""
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
            region=country,
            actor=actor,
        )
        run.path = str(folder / f"{run.id}.csv")
        run.save(update_fields=["path"])
        shutil.copyfile(path, run.path)
        audit_row(
            run,
            "import",
            actor,
            "imports.uploaded",
            after={"filename": run.filename, "region": region},
        )
    return run


def set_mapping(
    *,
    run: ImportRun,
    mapping: Mapping[str, str] | None = None,
    consent: Mapping[str, str] | None = None,
    region: str | None = None,
    list_id: int | Leave | None = Leave.AS_IS,
    actor: str | None = None,
) -> ImportRun:
    """Correct the guess, and say what is true of the whole file. Back to before the dry run.

    What is not given stays; `consent` {} and `list_id` None take back what was said. Without an
    `actor` whoever uploaded it did this too.

    Raises:
        FieldError: an unknown column, field or region, or a consent without source, wording or time.
        Conflict: the import is applied already.
    """
    if run.state not in {ImportState.UPLOADED, ImportState.JUDGED}:
        raise Conflict(f"An import that is {run.state} cannot be mapped anew.")
    if mapping is not None:
        _check_mapping(run, mapping)
        run.mapping = dict(mapping)
    if consent is not None:
        run.consent = _check_consent(consent)
    run.region = run.region if region is None else read_region(region) or ""
    if list_id is not Leave.AS_IS:
        run.list_id = list_id
    run.state, run.staged_line = ImportState.UPLOADED, 0
    with transaction.atomic():
        run.save(update_fields=["mapping", "consent", "region", "list_id", "state", "staged_line"])
        told = {"mapping": run.mapping, "consent": run.consent, "region": run.region}
        told |= {"list_id": run.list_id}
        audit_row(run, "import", actor or run.actor, "imports.mapped", after=told)
    return run


def _check_mapping(run: ImportRun, mapping: Mapping[str, str]) -> None:
    own = {f"fields.{name}" for name in own_kinds(run.workspace_id)}
    for column, field in mapping.items():
        if column not in run.header:
            mend = _("Use a column of the file's header.")
            raise FieldError(f"mapping.{column}", _("is no column of the file."), mend)
        if field not in FIELDS and field not in own:
            prefix, _dot, name = field.partition(".")
            if prefix == "fields":
                refuse_reserved(name, field=f"mapping.{column}")
            known = ", ".join([*FIELDS, *sorted(own)])
            mend = _("Use one of: %(known)s.") % {"known": known}
            raise FieldError(f"mapping.{column}", _("is mapped to an unknown field."), mend)
    require_number_column(mapping.values())


def _check_consent(consent: Mapping[str, str]) -> dict[str, str]:
    if not consent:
        return {}
    for name in ("source", "wording", "given_at"):
        if not str(consent.get(name, "")).strip():
            mend = _("Consent for a whole file needs source, wording and time.")
            raise FieldError(f"consent.{name}", _("is missing."), mend)
    if read_time(str(consent["given_at"])) is None:
        raise FieldError(
            "consent.given_at", _("is no time."), _("Write it as 2026-11-24T09:30:00+01:00.")
        )
    basis = str(consent.get("basis", ""))
    if basis and basis not in BASES:
        mend = _("Use one of: %(known)s.") % {"known": ", ".join(BASES)}
        raise FieldError("consent.basis", _("is unknown."), mend)
    kept = {name: str(consent[name]) for name in ("source", "wording", "given_at")}
    return kept | ({"basis": basis} if basis else {})


def rejected_rows(run: ImportRun, *, shows_numbers: bool = False) -> Iterator[str]:
    """A CSV file of the rows that were left out: line, reason, and the row as it stood in the file.

    Numbers are masked unless `shows_numbers`; who asks for that has the right and gave a reason.
    """
    shown = _as_is if shows_numbers else mask_text
    yield as_csv(["line", "reason", *run.header]) + "\r\n"
    found = ImportRow.objects.filter(import_run_id=run.id, verdict__in=["invalid", "duplicate"])
    # What was found out only by comparing rows is kept without its cells: the file has them.
    cells_of = _Rereader(run)
    rows = found.order_by("line").values_list("line", "reason", "raw")
    for line, reason, raw in rows.iterator():
        row = raw or as_csv(cells_of.find(line))
        yield as_csv([str(line), shown(reason)]) + "," + shown(row) + "\r\n"


def rows_without_consent(run: ImportRun, *, shows_numbers: bool = False) -> Iterator[str]:
    """A CSV file of the people who come in though the consent that their row claims does not.

    As `rejected_rows`.
    """
    shown = _as_is if shows_numbers else mask_text
    yield as_csv(["line", "reason", *run.header]) + "\r\n"
    cells_of = _Rereader(run)
    found = ImportRow.objects.filter(import_run_id=run.id, verdict__in=["new", "changed", "same"])
    rows = found.exclude(consent_problem="").order_by("line")
    for line, problem in rows.values_list("line", "consent_problem").iterator():
        cells = shown(as_csv(cells_of.find(line)))
        yield as_csv([str(line), shown(problem)]) + "," + cells + "\r\n"


def _as_is(text: str) -> str:
    return text


def first_values(run: ImportRun, *, most: int = 3) -> dict[str, list[str]]:
    """By column, up to `most` different values of the file's first rows; none once it is gone."""
    path = Path(run.path)
    if not path.is_file():
        return {column: [] for column in run.header}
    rows = read_raw_rows(
        path,
        encoding=run.encoding,
        delimiter=run.delimiter,
        width=len(run.header),
        size=_LOOKED_AT,
    )
    cells = [row for _line, row in islice(rows, _LOOKED_AT)]
    found: dict[str, list[str]] = {}
    for place, column in enumerate(run.header):
        values = (row[place].strip() for row in cells if place < len(row))
        found[column] = list(dict.fromkeys(value for value in values if value))[:most]
    return found


class _Rereader:
    """Rows of the kept file by rising line; the file is opened when the first is asked for."""

    def __init__(self, run: ImportRun) -> None:
        self._rows = read_raw_rows(
            Path(run.path),
            encoding=run.encoding,
            delimiter=run.delimiter,
            width=len(run.header),
            size=CHUNK_ROWS,
        )

    def find(self, line: int) -> list[str]:
        return next((cells for at, cells in self._rows if at >= line), [])
