"""The handles of an import that runs: stopped midway it goes on, and what is not there is 404."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from textwell.accounts.models import Workspace
from textwell.contacts import jobs
from textwell.contacts.imports import applying
from textwell.contacts.imports.applying import apply_import
from textwell.contacts.models import Contact, ImportRun
from textwell.core.jobs import StopRequested, claim_job, finish_job, request_stop
from textwell.core.models import Job, JobState

ROWS = "Phone,Name\n" + "".join(f"06123456{n:02d},Ada\n" for n in range(6))

HANDLERS = {"contacts.dry_run": jobs.judge, "contacts.apply": jobs.apply}


def work() -> None:
    """Do the latest job as a worker does."""
    claimed = claim_job(Job.objects.latest("id").id, leased_by="test")
    assert claimed is not None
    HANDLERS[claimed.kind](claimed)
    finish_job(claimed, state=JobState.DONE)


@pytest.fixture
def run(owner_client: Client) -> ImportRun:
    """A file of six people, dry run done."""
    file = SimpleUploadedFile("people.csv", ROWS.encode())
    owner_client.post("/contacts/imports/new", {"file": file, "region": "FR"})
    made = ImportRun.objects.get()
    form = {"column_0": "msisdn", "column_1": "first_name", "region": "FR"}
    owner_client.post(f"/contacts/imports/{made.id}/mapping", form)
    work()
    return made


def test_an_apply_stopped_midway_goes_on_where_it_stood(
    owner_client: Client, run: ImportRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "CHUNK_ROWS", 3)
    owner_client.post(f"/contacts/imports/{run.id}/apply")
    claimed = claim_job(Job.objects.latest("id").id, leased_by="test")
    assert claimed is not None
    request_stop(claimed.job_id)
    run.refresh_from_db()
    with pytest.raises(StopRequested):
        apply_import(run, on_progress=lambda done: claimed.save(done_count=done))
    finish_job(claimed, state=JobState.STOPPED)

    page = owner_client.get(f"/contacts/imports/{run.id}").content.decode()
    stored = Contact.objects.count()
    owner_client.post(f"/contacts/imports/{run.id}/resume")
    work()

    run.refresh_from_db()
    assert f'action="/contacts/imports/{run.id}/resume"' in page
    assert (stored, Contact.objects.count(), run.state) == (2, 6, "applied")


def test_what_was_not_looked_at_is_not_stored(owner_client: Client, workspace: Workspace) -> None:
    file = SimpleUploadedFile("people.csv", ROWS.encode())
    owner_client.post("/contacts/imports/new", {"file": file, "region": "FR"})
    run = ImportRun.objects.get()

    page = owner_client.post(f"/contacts/imports/{run.id}/apply", follow=True).content.decode()

    assert "this step is not possible now" in page
    assert not Job.objects.exists()


def test_a_step_that_does_not_exist_is_not_there(owner_client: Client, run: ImportRun) -> None:
    answer = owner_client.post(f"/contacts/imports/{run.id}/explode")

    assert answer.status_code == 404
    assert Job.objects.count() == 1


def test_steps_come_by_post_only(owner_client: Client, run: ImportRun) -> None:
    statuses = {
        owner_client.get(f"/contacts/imports/{run.id}/{verb}").status_code
        for verb in ("apply", "undo", "stop", "resume", "mapping")
    }

    assert statuses == {405}
    assert Job.objects.count() == 1
