"""People from a file: upload, say what it means, dry run, apply, undo."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from textwell.accounts.selectors import home_country
from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.files import CSV_ANSWER, csv_response, shows_numbers
from textwell.api.paging import PagingQuery, make_page
from textwell.api.schemas.base import Page
from textwell.api.schemas.imports import ImportChange, ImportOut, PastedIn
from textwell.contacts.imports.actions import (
    Leave,
    rejected_rows,
    rows_without_consent,
    set_mapping,
    start_import,
)
from textwell.contacts.imports.pasting import import_pasted
from textwell.contacts.imports.steps import (
    access_import,
    begin_step,
    find_job,
    find_jobs,
    list_imports,
    lock_idle,
    resume_step,
    stop_step,
)
from textwell.contacts.models import ImportRun
from textwell.contacts.selectors import access_list
from textwell.core.models import Job

router = Router(tags=["Imports"])
READ, WRITE = ApiKey(Scope.CONTACTS_READ), ApiKey(Scope.CONTACTS_WRITE)
# The default stands in Form: beside a constraint ninja would lose it and ask for the field.
Region = Annotated[
    str | None,
    Form(
        None,
        max_length=2,
        description="Country of numbers without its code. Left out, the workspace's; empty: none.",
    ),
]


def _shown(run: ImportRun) -> dict[str, Any]:  # Any: what the schema reads
    return _with_job(run, find_job(run))


def _with_job(run: ImportRun, job: Job | None) -> dict[str, Any]:  # Any: as above
    names = [name for name in ImportOut.model_fields if name != "job"]
    return {name: getattr(run, name) for name in names} | {"job": job}


@router.get("", auth=READ, response=Page[ImportOut])
def list_all(request: KeyRequest, paging: PagingQuery) -> dict[str, object]:
    """Imports with their latest steps, newest first."""
    before = paging.after_id()
    rows = list_imports(request.auth.workspace_id, before_id=before, limit=paging.limit + 1)
    jobs = find_jobs(rows[: paging.limit])
    return make_page(
        rows,
        limit=paging.limit,
        shown=lambda run: _with_job(run, jobs.get(run.id)),
        cursor=lambda run: run.id,
    )


@router.post("", auth=WRITE, response={201: ImportOut})
def upload(
    request: KeyRequest,
    response: HttpResponse,
    file: File[UploadedFile],
    region: Region,
) -> Status[dict[str, Any]]:
    """Keep a CSV file and guess what its columns mean. Nothing is stored of its people yet."""
    holder = request.auth
    if region is None:
        region = home_country(holder.workspace_id)
    with tempfile.NamedTemporaryFile(suffix=".csv") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        run = start_import(
            workspace_id=holder.workspace_id,
            path=Path(copy.name),
            filename=file.name or "",
            actor=holder.actor,
            region=region,
        )
    response["Location"] = f"{request.path.rstrip('/')}/{run.id}"
    return Status(201, _shown(run))


@router.post("/paste", auth=WRITE, response={202: ImportOut})
def paste(request: KeyRequest, response: HttpResponse, pasted: PastedIn) -> Status[dict[str, Any]]:
    """People as lines of text, with their dry run begun. Nothing is stored of them before `apply`."""
    holder = request.auth
    region = home_country(holder.workspace_id) if pasted.region is None else pasted.region
    run = import_pasted(
        workspace_id=holder.workspace_id,
        text=pasted.people,
        region=region,
        consent=pasted.consent.evidence(),
        actor=holder.actor,
    )
    response["Location"] = f"{request.path.rpartition('/')[0]}/{run.id}"
    return Status(202, _shown(run))


@router.get("/{int:import_id}", auth=READ, response=ImportOut)
def get(request: KeyRequest, import_id: int) -> dict[str, Any]:
    """One import with its latest step; ask again until the step is over."""
    return _shown(access_import(request.auth.workspace_id, import_id))


@router.patch("/{int:import_id}", auth=WRITE, response=ImportOut)
def update(request: KeyRequest, import_id: int, change: ImportChange) -> dict[str, Any]:
    """Correct the mapping, and say what is true of the whole file. 409 once it is applied."""
    workspace_id = request.auth.workspace_id
    run = access_import(workspace_id, import_id)
    if change.list_id is not None:
        access_list(workspace_id, change.list_id)
    given = change.model_fields_set
    consent = change.consent.evidence() if change.consent else {}
    with transaction.atomic():
        changed = set_mapping(
            run=lock_idle(run),
            mapping=change.mapping,
            consent=consent if "consent" in given else None,
            region=change.region,
            list_id=change.list_id if "list_id" in given else Leave.AS_IS,
            actor=request.auth.actor,
        )
    return _shown(changed)


def _begin(request: KeyRequest, import_id: int, kind: str) -> Status[dict[str, Any]]:
    run = access_import(request.auth.workspace_id, import_id)
    return Status(202, _shown(begin_step(run=run, kind=kind, actor=request.auth.actor)))


@router.post("/{int:import_id}/dry-run", auth=WRITE, response={202: ImportOut})
def dry_run(request: KeyRequest, import_id: int) -> Status[dict[str, Any]]:
    """Judge every row and count. Nothing is stored of its people."""
    return _begin(request, import_id, "contacts.dry_run")


@router.post("/{int:import_id}/apply", auth=WRITE, response={202: ImportOut})
def apply(request: KeyRequest, import_id: int) -> Status[dict[str, Any]]:
    """Store the people as the dry run said. 409 before a dry run."""
    return _begin(request, import_id, "contacts.apply")


@router.post("/{int:import_id}/undo", auth=WRITE, response={202: ImportOut})
def undo(request: KeyRequest, import_id: int) -> Status[dict[str, Any]]:
    """Take back what it stored, but for people who changed or were texted since."""
    return _begin(request, import_id, "contacts.undo")


@router.post("/{int:import_id}/stop", auth=WRITE, response=ImportOut)
def stop(request: KeyRequest, import_id: int) -> dict[str, Any]:
    """Ask the present step to stop at its next chunk. Twice is once."""
    run = access_import(request.auth.workspace_id, import_id)
    stop_step(run, actor=request.auth.actor)
    return _shown(run)


@router.post("/{int:import_id}/resume", auth=WRITE, response=ImportOut)
def resume(request: KeyRequest, import_id: int) -> dict[str, Any]:
    """Let a stopped or failed step go on. 409 if there is none."""
    run = access_import(request.auth.workspace_id, import_id)
    resume_step(run, actor=request.auth.actor)
    return _shown(run)


@router.get("/{int:import_id}/rejected.csv", auth=READ, openapi_extra=CSV_ANSWER)
def get_rejected(
    request: KeyRequest, import_id: int, export_reason: str = ""
) -> StreamingHttpResponse:
    """The rows that were left out, with line and reason, to mend and import again.

    Numbers are masked; with the scope contacts:numbers and an `export_reason`, which the audit log keeps,
    they are full.
    """
    return _rows_as_csv(request, import_id, "rejected", rejected_rows, export_reason)


@router.get("/{int:import_id}/no-consent.csv", auth=READ, openapi_extra=CSV_ANSWER)
def get_without_consent(
    request: KeyRequest, import_id: int, export_reason: str = ""
) -> StreamingHttpResponse:
    """The people who come in without the consent that their row claims, with line and reason.

    Numbers are masked or full as in `rejected.csv`.
    """
    return _rows_as_csv(request, import_id, "no-consent", rows_without_consent, export_reason)


def _rows_as_csv(
    request: KeyRequest,
    import_id: int,
    kind: str,
    rows: Callable[..., Iterator[str]],
    export_reason: str,
) -> StreamingHttpResponse:
    holder = request.auth
    run = access_import(holder.workspace_id, import_id)
    is_full = shows_numbers(holder, export_reason, subject=f"import:{run.id}", what=kind)
    return csv_response(rows(run, shows_numbers=is_full), f"{kind}-{run.id}.csv")
