"""An import's long steps as jobs, for pages and programs: begin one, stop it, let it go on."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.contacts.imports.mapping import require_number_column
from textwell.contacts.models import ContactList, ImportRun, ImportState
from textwell.core.clock import now
from textwell.core.errors import Conflict, FieldError, NotFound
from textwell.core.jobs import OPEN, enqueue_job, request_stop, resume_job
from textwell.core.models import Job, JobState

_S = ImportState
FORGOTTEN: Final = timedelta(days=30)
# kind of job: the states in which it may begin
_STEPS: Final = {
    "contacts.dry_run": frozenset({_S.UPLOADED, _S.JUDGED}),
    "contacts.apply": frozenset({_S.JUDGED, _S.APPLYING}),
    "contacts.undo": frozenset({_S.APPLYING, _S.APPLIED, _S.UNDOING}),
}
_ACTIONS: Final = {  # as the audit log names them
    "contacts.dry_run": "imports.check",
    "contacts.apply": "imports.apply",
    "contacts.undo": "imports.undo",
}


def access_import(workspace_id: int, import_id: int) -> ImportRun:
    """The import of this workspace.

    Raises:
        NotFound: there is none, or it is another workspace's.
    """
    run = ImportRun.objects.filter(workspace_id=workspace_id, id=import_id).first()
    if run is None:
        raise NotFound("import", import_id)
    return run


def list_stopped(workspace_id: int) -> QuerySet[ImportRun]:
    """Imports whose last step ended before its end, the newest first.

    What was only being checked is forgotten after `FORGOTTEN`; what is half applied or half taken back
    stays until somebody sees to it.
    """
    left = Job.objects.filter(
        workspace_id=workspace_id, state__in=[JobState.STOPPED, JobState.FAILED]
    )
    found = ImportRun.objects.filter(workspace_id=workspace_id, job_id__in=left.values("id"))
    is_half_done = Q(state__in=[_S.APPLYING, _S.UNDOING])
    return found.filter(is_half_done | Q(created_at__gte=now() - FORGOTTEN)).order_by("-id")


def list_imports(
    workspace_id: int, *, before_id: int | None = None, limit: int = 50
) -> list[ImportRun]:
    """Imports of the workspace, newest first, a page at a time."""
    found = ImportRun.objects.filter(workspace_id=workspace_id)
    if before_id is not None:
        found = found.filter(id__lt=before_id)
    return list(found.order_by("-id")[:limit])


def find_job(run: ImportRun) -> Job | None:
    """The import's latest job."""
    return find_jobs([run]).get(run.id)


def find_jobs(runs: Sequence[ImportRun]) -> dict[int, Job]:
    """The latest job of each import that has one, by the import's id; all of one workspace."""
    asked = {run.job_id: run for run in runs if run.job_id is not None}
    jobs = Job.objects.filter(id__in=asked)
    return {asked[job.id].id: job for job in jobs if job.workspace_id == asked[job.id].workspace_id}


def begin_step(*, run: ImportRun, kind: str, actor: str) -> ImportRun:
    """Enqueue the dry run, the apply or the undo. One at a time: the import's row is the lock.

    Raises:
        Conflict: a step is under way, or the import's state does not allow this one.
        FieldError: a dry run, and no column holds the number; an apply, and its list is gone.
    """
    with transaction.atomic():
        locked = _lock_for(run, kind)
        job = enqueue_job(
            workspace_id=locked.workspace_id,
            kind=kind,
            payload={"import_run_id": locked.id},
            total_count=locked.row_count,
        )
        locked.job_id = job.id
        if kind == "contacts.dry_run":  # asked for anew; a stopped one is resumed, not begun
            locked.staged_line = 0
        locked.save(update_fields=["job_id", "staged_line"])
        _audit(locked, actor, _ACTIONS[kind])
    return locked


def begin_here(*, run: ImportRun, kind: str, actor: str) -> None:
    """As `begin_step`, without a job: the caller does it, at once, and a stopped dry run goes on.

    Raises:
        Conflict: a step is under way, or the import's state does not allow this one.
        FieldError: a dry run, and no column holds the number; an apply, and its list is gone.
    """
    with transaction.atomic():
        _audit(_lock_for(run, kind), actor, _ACTIONS[kind])


def _lock_for(run: ImportRun, kind: str) -> ImportRun:
    locked = lock_idle(run)
    if ImportState(locked.state) not in _STEPS[kind]:
        text = _("The import is “%(state)s”: this step is not possible now.")
        raise Conflict(text % {"state": locked.get_state_display()})
    if kind == "contacts.dry_run":
        require_number_column(locked.mapping.values())
    if kind == "contacts.apply" and locked.state == _S.JUDGED:
        _require_list(locked)
    return locked


def _require_list(run: ImportRun) -> None:
    """The list that was chosen may have been deleted since."""
    mine = ContactList.objects.filter(workspace_id=run.workspace_id, id=run.list_id or 0)
    if run.list_id is not None and not mine.exists():
        mend = _("Choose another list, or none, and check the rows again.")
        raise FieldError("list_id", _("The chosen list is not there any more."), mend)


def lock_idle(run: ImportRun) -> ImportRun:
    """The import locked until the present transaction ends, no job working on it.

    Raises:
        Conflict: a job works on it.
    """
    locked = ImportRun.objects.select_for_update().get(id=run.id)
    job = find_job(locked)
    if job is not None and job.state in OPEN:
        raise Conflict(_("Wait until the present step is over, or stop it."))
    return locked


def stop_step(run: ImportRun, *, actor: str) -> None:
    """Ask the present job to stop at its next chunk. Twice is once; without one nothing happens."""
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update().get(id=run.id)
        job = find_job(locked)
        if job is None or job.state not in {*OPEN} - {JobState.STOPPING}:
            return
        request_stop(job.id)
        _audit(locked, actor, "imports.stop")


def resume_step(run: ImportRun, *, actor: str) -> None:
    """Let a stopped or failed step go on.

    Raises:
        Conflict: there is none.
    """
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update().get(id=run.id)
        job = find_job(locked)
        if job is None:
            raise Conflict(_("No step was stopped."))
        resume_job(job.id)
        _audit(locked, actor, "imports.resume")


def _audit(run: ImportRun, actor: str, action: str) -> None:
    audit_row(run, "import", actor, action, after={"filename": run.filename})
