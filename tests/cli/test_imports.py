"""Imports by command: judged, applied, stopped half-way, gone on with, taken back."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.progress import Progress

from builders import make_workspace
from textwell.accounts.models import AuditEntry, Workspace
from textwell.cli import import_people, imports
from textwell.contacts.imports import applying
from textwell.contacts.models import Contact, ImportRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path, workspace: Workspace) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("Phone,Shoe size\n" + "".join(f"+8490123456{n},42\n" for n in range(4)))
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(imports.command, [str(one) for one in arguments])


def test_what_a_dry_run_judged_is_applied_and_taken_back(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    judged = CliRunner().invoke(import_people.command, [str(file), "--dry-run"]).output
    number = ImportRun.objects.get().id
    counts = [Contact.objects.count()]
    for step in ("apply", "undo"):
        assert run(step, number).exit_code == 0
        counts.append(Contact.objects.count())

    assert "Shoe size → (left out)" in judged
    assert f"textwell imports apply {number}" in judged
    assert counts == [0, 4, 0]
    told = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(told) == ["imports.uploaded", "imports.check", "imports.apply", "imports.undo"]


def test_what_ctrl_c_stopped_goes_on(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def press(_bars: Progress, _bar: object, *, completed: int, **_more: object) -> None:
        if ImportRun.objects.get().state == "applying":
            raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(applying, "CHUNK_ROWS", 3)
    with monkeypatch.context() as patched:
        patched.setattr(Progress, "update", press)
        stopped = CliRunner().invoke(import_people.command, [str(file)])
    number = ImportRun.objects.get().id
    count = Contact.objects.count()
    resumed = run("resume", number)

    assert f"textwell imports resume {number}" in stopped.output
    assert (stopped.exit_code, count) == (1, 2)  # lines 1 to 3, of which the first is the header
    assert (resumed.exit_code, Contact.objects.count()) == (0, 4)


def test_the_rows_left_out_are_written_where_one_says_and_the_place_is_told(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file.write_text("Phone,Shoe size\n+84901234561,42\n12,40\n")
    CliRunner().invoke(import_people.command, [str(file), "--dry-run"])
    (tmp_path / "people.rejected.csv").unlink()
    number = ImportRun.objects.get().id

    refused = run("apply", number, "--rejected", tmp_path / "none" / "out.csv")
    count = Contact.objects.count()
    chosen = run("apply", number, "--rejected", "out.csv").output

    assert (refused.exit_code, count) == (2, 0)
    assert f"{tmp_path}/none is no folder" in refused.output
    assert f"rows left out, with reasons: {tmp_path}/out.csv" in chosen.replace("\n", "")
    assert (tmp_path / "out.csv").read_text().startswith("line,reason,Phone,Shoe size\n3,")
    assert not (tmp_path / "people.rejected.csv").exists()


def test_the_list_shows_the_workspaces_own(file: Path) -> None:
    make_workspace(name="Other")
    CliRunner().invoke(import_people.command, [str(file), "--dry-run", "--workspace", "Other"])

    assert "people.csv" in run("list", "--workspace", "Other").output
    assert run("list", "--workspace", Workspace.objects.order_by("id")[0].id).output == (
        "There is none.\n"
    )


@pytest.mark.parametrize(
    ("step", "told"),
    [("resume", "is judged: nothing of it was stopped"), ("undo", "this step is not possible now")],
)
def test_a_step_that_is_not_due_is_refused(file: Path, step: str, told: str) -> None:
    CliRunner().invoke(import_people.command, [str(file), "--dry-run"])
    refused = run(step, ImportRun.objects.get().id)

    assert refused.exit_code != 0
    assert told in refused.output + str(refused.exception)


def test_a_number_that_there_is_not_is_told(workspace: Workspace) -> None:
    assert "There is no import 7" in run("undo", 7).output
