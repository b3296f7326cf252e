"""Every step of an import leaves an entry: who did it, to which file."""

from pathlib import Path

import pytest

from domain.contacts.test_imports import CONSENT, start
from textwell.accounts.models import AuditEntry, Workspace
from textwell.contacts.imports.actions import set_mapping
from textwell.contacts.imports.steps import begin_step, resume_step, stop_step
from textwell.contacts.models import ImportRun
from textwell.core.models import Job, JobState

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(workspace: Workspace, tmp_path: Path) -> ImportRun:
    return start(workspace, tmp_path / "people.csv", "Phone\n0612345601\n")


def entries(run: ImportRun) -> list[tuple[str, str]]:
    found = AuditEntry.objects.filter(subject=f"import:{run.id}").order_by("id")
    return list(found.values_list("action", "actor"))


def test_upload_mapping_and_every_handle_are_kept_with_who_did_it(run: ImportRun) -> None:
    set_mapping(run=run, consent=CONSENT, actor="user:2")
    begin_step(run=run, kind="contacts.dry_run", actor="user:3")
    stop_step(run, actor="user:4")
    Job.objects.update(state=JobState.STOPPED)
    resume_step(run, actor="key:5")

    assert entries(run) == [
        ("imports.uploaded", "user:1"), ("imports.mapped", "user:2"), ("imports.check", "user:3"),
        ("imports.stop", "user:4"), ("imports.resume", "key:5"),
    ]  # fmt: skip
    mapped = AuditEntry.objects.get(action="imports.mapped").data["after"]
    assert (mapped["mapping"], mapped["consent"]) == ({"Phone": "msisdn"}, CONSENT)


def test_a_stop_of_what_does_not_run_leaves_no_entry(run: ImportRun) -> None:
    stop_step(run, actor="user:4")
    begin_step(run=run, kind="contacts.dry_run", actor="user:3")
    stop_step(run, actor="user:4")
    Job.objects.update(state=JobState.DONE)
    stop_step(run, actor="user:4")

    assert [action for action, _actor in entries(run)].count("imports.stop") == 1
