"""The jobs of contacts: imports, changes to many people at once, the places of numbers."""

from textwell.contacts.groups.changes import GROUP_JOB, run_change
from textwell.contacts.imports.applying import apply_import
from textwell.contacts.imports.judging import dry_run
from textwell.contacts.imports.undoing import undo_import
from textwell.contacts.models import ImportRun
from textwell.contacts.places import PLACES_JOB, load_places
from textwell.core.jobs import JobContext, job_handler


def _run_of(context: JobContext) -> ImportRun:
    return ImportRun.objects.get(id=int(context.payload["import_run_id"]))


@job_handler("contacts.dry_run")
def judge(context: JobContext) -> None:
    run = dry_run(_run_of(context), on_progress=lambda done: context.save(done_count=done))
    context.save(done_count=run.row_count, total_count=run.row_count, result=run.totals)


@job_handler("contacts.apply")
def apply(context: JobContext) -> None:
    run = _run_of(context)
    apply_import(
        run, on_progress=lambda done: context.save(done_count=done, total_count=run.row_count)
    )


@job_handler("contacts.undo")
def undo(context: JobContext) -> None:
    run = _run_of(context)
    undo_import(
        run, on_progress=lambda done: context.save(done_count=done, total_count=run.row_count)
    )


@job_handler(PLACES_JOB)
def fill_places(context: JobContext) -> None:
    count = load_places(context.save)  # it renews the lease, and raises when the job is to stop
    context.save(done_count=count, total_count=count)


@job_handler(GROUP_JOB)
def change_groups(context: JobContext) -> None:
    """Lists or tags of more people than a page waits for."""
    run_change(context)
