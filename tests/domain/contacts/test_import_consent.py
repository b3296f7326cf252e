"""Consent that a file claims: what is no clear yes with evidence grants nothing, and is told."""

import csv
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from builders import make_contact
from textwell.accounts.models import Workspace
from textwell.cli.import_people import command
from textwell.consent.models import ConsentEvent, ConsentState, SuppressionReason
from textwell.consent.selectors import is_textable
from textwell.consent.suppressing import lift_suppression, suppress_numbers
from textwell.contacts.imports import actions
from textwell.contacts.imports.applying import apply_import
from textwell.contacts.imports.judging import dry_run
from textwell.contacts.imports.mapping import guess_mapping
from textwell.contacts.imports.undoing import undo_import
from textwell.contacts.imports.yes_no import read_yes_no
from textwell.contacts.models import Contact, ImportRow, ImportRun

EVIDENCE = "consent_source,consent_at,consent_wording"
GIVEN = "Form,2026-01-02,Yes"
WHOLE = {"source": "Shop", "wording": "Yes, text me", "given_at": "2026-01-02T10:00:00+01:00"}


def imported(
    workspace: Workspace, path: Path, text: str, consent: dict[str, str] | None = None
) -> ImportRun:
    path.write_text(text, encoding="utf-8")
    run = actions.start_import(
        workspace_id=workspace.id, path=path, filename=path.name, actor="user:1", region="FR"
    )
    if consent:
        actions.set_mapping(run=run, consent=consent)
    return apply_import(dry_run(run))


def granted(run: ImportRun) -> set[str]:
    people = Contact.objects.filter(import_run_id=run.id)
    states = ConsentState.objects.filter(contact_id__in=people.values("id"), is_granted=True)
    ids = set(states.values_list("contact_id", flat=True))
    return set(people.filter(id__in=ids).values_list("msisdn", flat=True))


def problems(run: ImportRun) -> dict[int, str]:
    rows = ImportRow.objects.filter(import_run_id=run.id).exclude(consent_problem="")
    return dict(rows.values_list("line", "consent_problem"))


@pytest.mark.django_db
def test_subscribed_no_grants_nothing_though_its_evidence_is_whole(
    workspace: Workspace, tmp_path: Path
) -> None:
    text = (
        f"Phone,Subscribed,{EVIDENCE}\n0612345601,yes,{GIVEN}\n0612345602,no,{GIVEN}\n"
        f"0612345603,perhaps,{GIVEN}\n0612345604,,{GIVEN}\n0612345605,Oui,{GIVEN}\n"
    )

    run = imported(workspace, tmp_path / "a.csv", text)

    assert granted(run) == {"+33612345601", "+33612345605"}
    assert Contact.objects.filter(import_run_id=run.id).count() == 5
    assert problems(run) == {
        3: "consent: the file says no",
        4: "consent: “perhaps” is neither yes nor no",
        5: "consent: is empty; write yes or no",
    }
    assert (run.totals["consent"], run.totals["consent_left_out"]) == (2, 3)


@pytest.mark.django_db
def test_consent_for_the_whole_file_does_not_beat_a_no(
    workspace: Workspace, tmp_path: Path
) -> None:
    text = (
        "Phone,Opt-in,Unsubscribed\n0612345601,1,0\n0612345602,0,0\n0612345603,1,1\n0612345604,1,\n"
    )

    run = imported(workspace, tmp_path / "a.csv", text, WHOLE)

    assert granted(run) == {"+33612345601", "+33612345604"}
    assert problems(run) == {3: "consent: the file says no", 4: "opted_out: the file says yes"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("evidence", "problem"),
    [
        (
            "Form,31/02/2026,Yes",
            "consent_at: “31/02/2026” is no time; write it as 2026-11-24T09:30:00+01:00",
        ),
        ("Form,2999-01-01,Yes", "consent_at: “2999-01-01” is in the future; correct it"),
        (
            "Form,,",
            "consent_wording, consent_at: missing; consent needs source, wording and time",
        ),
        (",,", ""),
    ],
)
def test_a_dropped_consent_is_told_with_its_reason(
    workspace: Workspace, tmp_path: Path, evidence: str, problem: str
) -> None:
    text = f"Phone,{EVIDENCE}\n0612345601,{evidence}\n0612345602,{GIVEN}\n"

    run = imported(workspace, tmp_path / "a.csv", text)

    assert granted(run) == {"+33612345602"}
    assert problems(run) == ({2: problem} if problem else {})
    rows = list(csv.reader(actions.rows_without_consent(run, shows_numbers=True)))
    told = [["2", problem, "0612345601", *evidence.split(",")]] if problem else []
    assert rows == [["line", "reason", "Phone", *EVIDENCE.split(",")], *told]


@pytest.mark.django_db
def test_a_yes_without_evidence_says_what_is_missing(workspace: Workspace, tmp_path: Path) -> None:
    run = imported(workspace, tmp_path / "a.csv", "Phone,Newsletter\n0612345601,yes\n")

    assert granted(run) == set()
    assert problems(run) == {
        2: (
            "consent_source, consent_wording, consent_at: missing; "
            "consent needs source, wording and time"
        )
    }


@pytest.mark.django_db
def test_the_command_writes_the_rows_without_their_consent(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"Phone,Subscribed,{EVIDENCE}\n+33612345601,no,{GIVEN}\n")

    result = CliRunner().invoke(command, [str(path), "--workspace", str(workspace.id)])

    assert result.exit_code == 0, result.output
    assert "Subscribed → consent" in result.output
    rows = list(csv.reader((tmp_path / "people.no-consent.csv").read_text().splitlines()))
    assert rows[1][:2] == ["2", "consent: the file says no"]
    assert not ConsentState.objects.exists()


@pytest.mark.django_db
def test_the_command_refuses_a_region_that_is_no_country(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Phone\n0612345601\n")

    result = CliRunner().invoke(
        command, [str(path), "--workspace", str(workspace.id), "--region", "ZZ"]
    )

    assert result.exit_code == 2
    assert "region: ZZ is no country. Use a two-letter code such as VN." in result.output


@pytest.mark.django_db
def test_the_command_refuses_a_workspace_that_there_is_not(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Phone\n+33612345601\n")

    result = CliRunner().invoke(command, [str(path), "--workspace", str(workspace.id + 1)])

    assert result.exit_code == 2
    assert "There is no such workspace." in result.output
    assert not ImportRun.objects.exists()


@pytest.mark.django_db
def test_the_command_reads_numbers_as_the_workspaces_country_does(
    workspace: Workspace, tmp_path: Path
) -> None:
    Workspace.objects.filter(id=workspace.id).update(country="FR")
    path = tmp_path / "people.csv"
    path.write_text("Phone\n0612345601\n")

    result = CliRunner().invoke(command, [str(path)])

    assert result.exit_code == 0, result.output
    assert Contact.objects.get().msisdn == "+33612345601"


@pytest.mark.django_db
def test_the_command_takes_a_correction_of_the_guess(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"Phone,State,{EVIDENCE}\n+33612345601,no,{GIVEN}\n")
    common = [str(path), "--workspace", str(workspace.id), "--map"]

    wrong = CliRunner().invoke(command, [*common, "State=nonsense"])
    right = CliRunner().invoke(command, [*common, "State=consent"])

    assert wrong.exit_code == 2
    assert "mapping.State" in wrong.output
    assert right.exit_code == 0, right.output
    assert not ConsentState.objects.exists()


@pytest.mark.parametrize(
    "header",
    [
        "Subscribed", "Opt-in", "opted in", "Consent", "Newsletter", "SMS opt-in", "Đồng ý",
        "Đăng ký", "是否订阅", "同意", "Suscrito", "Consentimiento", "Abonné", "Consentement",
    ],
)  # fmt: skip
def test_a_column_of_yes_and_no_is_guessed(header: str) -> None:
    assert guess_mapping(["Phone", header], []) == {"Phone": "msisdn", header: "consent"}


@pytest.mark.parametrize(
    ("said", "values"),
    [
        (True, "yes YES Y 1 1.0 true TRUE sí Si oui có Có 是 同意 ✓ subscribed Opted-In"),
        (False, "no No N 0 0.0 false non không Không 否 不 ✗ unsubscribed opted_out"),
        (None, "maybe 2 ? x pending yesno 2026-01-01"),
    ],
)
def test_yes_and_no_in_five_languages(said: bool | None, values: str) -> None:
    assert {value: read_yes_no(value) for value in values.split()} == dict.fromkeys(
        values.split(), said
    )


def may_be_texted(workspace: Workspace, msisdn: str) -> bool:
    person = Contact.objects.get(workspace_id=workspace.id, msisdn=msisdn)
    return is_textable(workspace.id, contact_id=person.id, msisdn=msisdn)


@pytest.mark.django_db
def test_a_file_that_says_unsubscribed_opts_a_person_out(
    workspace: Workspace, tmp_path: Path
) -> None:
    imported(workspace, tmp_path / "a.csv", "Phone\n0612345601\n0612345602\n", WHOLE)
    assert may_be_texted(workspace, "+33612345601")

    run = imported(workspace, tmp_path / "b.csv", "Phone,Unsubscribed\n0612345601,yes\n")

    assert run.totals["opted_out"] == 1
    assert not may_be_texted(workspace, "+33612345601")
    assert may_be_texted(workspace, "+33612345602")
    event = ConsentEvent.objects.filter(kind="opt_out").get()
    assert (event.source, event.evidence) == ("import", {"import": str(run.id), "line": "2"})


@pytest.mark.django_db
def test_a_new_person_who_unsubscribed_elsewhere_stays_out_whatever_a_later_file_says(
    workspace: Workspace, tmp_path: Path
) -> None:
    imported(workspace, tmp_path / "a.csv", "Phone,Unsubscribed\n0612345601,yes\n", WHOLE)

    later = imported(workspace, tmp_path / "b.csv", "Phone\n0612345601\n", WHOLE)

    assert (later.totals["opted_out"], later.totals["consent"]) == (1, 0)
    assert not may_be_texted(workspace, "+33612345601")


@pytest.mark.django_db
def test_consent_for_a_number_suppressed_by_hand_counts_once_that_is_lifted(
    workspace: Workspace, tmp_path: Path
) -> None:
    make_contact(workspace=workspace, msisdn="+33612345601", has_consent=False)
    numbers = ["+33612345601", "+33612345602"]
    who: dict[str, Any] = {"workspace_id": workspace.id, "actor": "user:1"}
    suppress_numbers(numbers=numbers, source="page", reason="dead_number", **who)

    run = imported(workspace, tmp_path / "a.csv", "Phone\n0612345601\n0612345602\n", WHOLE)

    assert (run.totals["opted_out"], run.totals["consent"]) == (0, 2)
    assert ConsentEvent.objects.filter(kind="opt_in", source="Shop").count() == 2
    assert [may_be_texted(workspace, number) for number in numbers] == [False, False]
    for row in SuppressionReason.objects.all():
        lift_suppression(suppression_id=row.id, why="It is somebody's again", **who)
    assert [may_be_texted(workspace, number) for number in numbers] == [True, True]


@pytest.mark.django_db
def test_of_two_spellings_of_a_number_the_stop_wins(workspace: Workspace, tmp_path: Path) -> None:
    text = (
        "Phone,Subscribed,Unsubscribed\n+33612345601,yes,no\n0612345601,no,yes\n0612345602,yes,no\n"
    )

    run = imported(workspace, tmp_path / "a.csv", text, WHOLE)

    assert run.totals["duplicate"] == 1
    assert granted(run) == {"+33612345602"}
    assert not may_be_texted(workspace, "+33612345601")


@pytest.mark.django_db
def test_the_undo_of_an_import_keeps_who_it_opted_out_out(
    workspace: Workspace, tmp_path: Path
) -> None:
    imported(workspace, tmp_path / "a.csv", "Phone\n0612345601\n", WHOLE)
    run = imported(workspace, tmp_path / "b.csv", "Phone,Unsubscribed\n0612345601,yes\n")

    undo_import(run)

    assert not may_be_texted(workspace, "+33612345601")
