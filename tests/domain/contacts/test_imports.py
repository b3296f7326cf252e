"""Import: every row judged, applied once, taken back; consent only by evidence, never over a STOP."""

from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from builders import make_contact
from textwell.accounts.models import Workspace
from textwell.consent.actions import record_opt_out
from textwell.consent.models import ConsentEvent, ConsentState
from textwell.consent.selectors import consent_state, is_textable
from textwell.contacts.actions import create_list, define_field
from textwell.contacts.imports import actions, applying, judging
from textwell.contacts.imports.applying import apply_import
from textwell.contacts.imports.encodings import detect_encoding
from textwell.contacts.imports.judging import dry_run
from textwell.contacts.imports.mapping import guess_mapping
from textwell.contacts.imports.undoing import undo_import
from textwell.contacts.models import Contact, ImportRow, ImportRun, ListMember
from textwell.core.clock import now
from textwell.core.errors import Conflict, FieldError

pytestmark = pytest.mark.django_db
CONSENT = {"source": "Shop", "wording": "Yes, text me", "given_at": "2026-01-02T10:00:00+01:00"}


class Stopped(Exception):
    pass


def start(workspace: Workspace, path: Path, text: str, encoding: str = "utf-8") -> ImportRun:
    path.write_bytes(text.encode(encoding))
    return actions.start_import(
        workspace_id=workspace.id, path=path, filename=path.name, actor="user:1", region="FR"
    )


def judged(workspace: Workspace, tmp_path: Path, text: str) -> ImportRun:
    run = start(workspace, tmp_path / "people.csv", text)
    actions.set_mapping(run=run, consent=CONSENT)
    return dry_run(run)


def test_each_row_gets_its_verdict(workspace: Workspace, tmp_path: Path) -> None:
    same = make_contact(workspace=workspace, msisdn="+33612345601", first_name="Léa")
    make_contact(workspace=workspace, msisdn="+33612345602", first_name="Old")
    run = judged(
        workspace,
        tmp_path,
        "Phone,First name\n0612345601,Léa\n06 12 34 56 02,New\n+33612345603,Zoé\n"
        "0033 6 12 34 56 03,Again\n12,Short\n0612345604\n",
    )

    assert run.totals == {
        "new": 1, "changed": 1, "same": 1, "duplicate": 1, "invalid": 2, "opted_out": 0,
        "consent": 3, "consent_left_out": 0,
    }  # fmt: skip
    assert same.first_name == "Léa"


def test_applying_makes_people_textable_by_the_files_evidence(
    workspace: Workspace, tmp_path: Path
) -> None:
    run = apply_import(judged(workspace, tmp_path, "Phone,Name\n0612345605,Ana\n"))

    person = Contact.objects.get(workspace_id=workspace.id, msisdn="+33612345605")
    event = ConsentEvent.objects.get(contact_id=person.id)
    assert (person.first_name, person.country, person.import_run_id) == ("Ana", "FR", run.id)
    assert (event.source, event.wording, event.import_run_id) == ("Shop", "Yes, text me", run.id)
    assert is_textable(workspace.id, contact_id=person.id, msisdn=person.msisdn)


def test_a_file_says_how_its_people_agreed(workspace: Workspace, tmp_path: Path) -> None:
    """Of somebody new and of somebody known; who did not say it stays unsaid."""
    known = make_contact(workspace=workspace, msisdn="+33612345601", has_consent=False)
    run = start(workspace, tmp_path / "people.csv", "Phone\n0612345601\n0612345605\n")
    with pytest.raises(FieldError, match="basis"):
        actions.set_mapping(run=run, consent=CONSENT | {"basis": "nod"})

    actions.set_mapping(run=run, consent=CONSENT | {"basis": "express_written"})
    apply_import(dry_run(run))

    events = ConsentEvent.objects.filter(basis="express_written").values_list(
        "contact_id", flat=True
    )
    told = ConsentState.objects.filter(basis="express_written").values_list("contact_id", flat=True)
    assert sorted(events) == sorted(told) == sorted(Contact.objects.values_list("id", flat=True))
    assert known.id in told


def test_without_all_three_parts_of_evidence_nobody_is_textable(
    workspace: Workspace, tmp_path: Path
) -> None:
    text = "Phone,consent_source,consent_at,consent_wording\n0612345606,Form,2026-01-01,\n"
    run = start(workspace, tmp_path / "a.csv", text)
    apply_import(dry_run(run))

    person = Contact.objects.get(msisdn="+33612345606")
    assert consent_state(workspace.id, person.id) is None


def test_a_consent_from_the_future_is_none(workspace: Workspace, tmp_path: Path) -> None:
    text = "Phone,consent_source,consent_at,consent_wording\n0612345620,Form,2999-01-01,Yes\n"
    run = start(workspace, tmp_path / "a.csv", text)
    apply_import(dry_run(run))

    assert consent_state(workspace.id, Contact.objects.get(msisdn="+33612345620").id) is None


def test_an_external_id_of_two_numbers_is_left_out_and_said(
    workspace: Workspace, tmp_path: Path
) -> None:
    make_contact(workspace=workspace, external_id="A")
    run = judged(
        workspace, tmp_path, "Phone,External ID\n0612345621,A\n0612345622,B\n0612345623,B\n"
    )

    assert (run.totals["new"], run.totals["invalid"]) == (1, 2)
    assert "belongs to another number" in "".join(actions.rejected_rows(run))


def test_a_file_never_grants_what_a_person_took_back(workspace: Workspace, tmp_path: Path) -> None:
    person = make_contact(workspace=workspace, msisdn="+33612345607")
    record_opt_out(
        workspace_id=workspace.id, contact_id=person.id, msisdn=person.msisdn, source="SMS",
        wording="STOP", given_at=now(), actor="mo",
    )  # fmt: skip
    run = judged(workspace, tmp_path, "Phone\n0612345607\n")
    apply_import(run)

    assert run.totals["opted_out"] == 1
    assert not is_textable(workspace.id, contact_id=person.id, msisdn=person.msisdn)


def test_an_undo_takes_back_people_changes_membership_and_consent(
    workspace: Workspace, tmp_path: Path
) -> None:
    old = make_contact(
        workspace=workspace, msisdn="+33612345608", first_name="Old", fields={"a": 1}
    )
    before = Contact.objects.filter(id=old.id).values("first_name", "fields", "tags").get()
    group = create_list(workspace_id=workspace.id, name="Spring")
    run = start(
        workspace, tmp_path / "a.csv", "Phone,Name,Tags\n0612345608,New,vip\n0612345609,Bo,\n"
    )
    actions.set_mapping(run=run, consent=CONSENT, list_id=group.id)
    apply_import(dry_run(run))
    assert ListMember.objects.filter(list_id=group.id).count() == 2

    undo_import(run)
    undo_import(run)

    assert Contact.objects.filter(id=old.id).values("first_name", "fields", "tags").get() == before
    assert not Contact.objects.filter(msisdn="+33612345609").exists()
    assert not ListMember.objects.filter(list_id=group.id).exists()


def test_an_undo_leaves_people_who_changed_since(workspace: Workspace, tmp_path: Path) -> None:
    run = apply_import(judged(workspace, tmp_path, "Phone,Name\n0612345610,Cy\n"))
    Contact.objects.get(msisdn="+33612345610").save()

    undo_import(run)

    assert Contact.objects.filter(msisdn="+33612345610").count() == 1
    assert not is_textable(
        workspace.id,
        contact_id=Contact.objects.get(msisdn="+33612345610").id,
        msisdn="+33612345610",
    )


def test_stopped_between_chunks_it_goes_on_where_it_stood(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "CHUNK_ROWS", 10)
    rows = "".join(f"06123457{n:02d},P{n}\n" for n in range(25))
    run = judged(workspace, tmp_path, "Phone,Name\n" + rows)

    def stop(_done: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        apply_import(run, on_progress=stop)
    assert Contact.objects.filter(import_run_id=run.id).count() == 9
    apply_import(ImportRun.objects.get(id=run.id))

    assert Contact.objects.filter(import_run_id=run.id).count() == 25
    assert ConsentEvent.objects.filter(import_run_id=run.id).count() == 25


def test_a_dry_run_stopped_between_chunks_goes_on_where_it_stood(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "CHUNK_ROWS", 10)
    rows = "".join(f"06123457{n:02d},P{n}\n" for n in range(25))
    run = start(workspace, tmp_path / "people.csv", "Phone,Name\n" + rows)

    def stop_at_20(done: int) -> None:
        if done == 20:
            raise Stopped

    with pytest.raises(Stopped):
        dry_run(run, on_progress=stop_at_20)
    again = ImportRun.objects.get(id=run.id)
    seen: list[int] = []
    dry_run(again, on_progress=seen.append)

    assert (again.staged_line, again.row_count, again.totals["new"]) == (26, 25, 25)
    assert seen[0] == 25


@pytest.mark.django_db(transaction=True)
def test_a_chunk_that_was_not_stored_keeps_back_those_after_it(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chunks are read ahead of the one being stored: a gap behind the place would lose its rows."""
    monkeypatch.setattr(judging, "CHUNK_ROWS", 10)
    rows = "".join(f"06123457{n:02d},P{n}\n" for n in range(60))
    run = start(workspace, tmp_path / "people.csv", "Phone,Name\n" + rows)
    stored: list[str] = []
    store = judging.copy_text

    def fail_once(*given: Any) -> None:
        stored.append(given[-1])
        if len(stored) == 2:
            raise OperationalError("the server went away")
        store(*given)

    monkeypatch.setattr(judging, "copy_text", fail_once)
    with pytest.raises(OperationalError):
        dry_run(run)
    place = ImportRun.objects.get(id=run.id)
    found = list(ImportRow.objects.filter(import_run_id=run.id).values_list("line", flat=True))
    assert (place.staged_line, place.row_count, sorted(found)) == (11, 10, [*range(2, 12)])

    dry_run(place)

    assert (place.staged_line, place.row_count, place.totals["new"]) == (61, 60, 60)


def test_a_duplicate_is_left_out_as_it_stood(workspace: Workspace, tmp_path: Path) -> None:
    run = judged(workspace, tmp_path, 'Phone,Name\n0612345611,A\n"+33 6 12 34 56 11","B, C"\n')

    assert list(actions.rejected_rows(run, shows_numbers=True))[1:] == [
        '3,same number as line 2,+33 6 12 34 56 11,"B, C"\r\n'
    ]


def test_the_rejected_rows_say_line_and_reason(workspace: Workspace, tmp_path: Path) -> None:
    run = judged(workspace, tmp_path, "Phone,Name\n12,Bad\n0612345611,Good\n")
    lines = list(actions.rejected_rows(run))

    assert lines[0] == "line,reason,Phone,Name\r\n"
    assert lines[1].startswith("2,")
    assert lines[1].endswith(",12,Bad\r\n")
    assert len(lines) == 2


def test_free_fields_are_typed_and_a_wrong_value_names_its_field(
    workspace: Workspace, tmp_path: Path
) -> None:
    define_field(workspace_id=workspace.id, name="points", kind="number")
    run = judged(workspace, tmp_path, "Phone,Points\n0612345612,12.5\n0612345613,many\n")
    apply_import(run)

    assert Contact.objects.get(msisdn="+33612345612").fields == {"points": 12.5}
    assert "points" in "".join(actions.rejected_rows(run))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "no text"),
        (b"Phone,Phone\n1,2\n", "twice"),
    ],
)
def test_a_bad_file_is_refused_with_its_mend(
    workspace: Workspace, tmp_path: Path, data: bytes, words: str
) -> None:
    (tmp_path / "x.csv").write_bytes(data)

    with pytest.raises(FieldError, match=words):
        actions.start_import(
            workspace_id=workspace.id, path=tmp_path / "x.csv", filename="x.csv", actor="user:1"
        )
    assert not ImportRun.objects.exists()


def test_nothing_is_applied_without_a_dry_run(workspace: Workspace, tmp_path: Path) -> None:
    run = start(workspace, tmp_path / "a.csv", "Phone\n0612345614\n")

    with pytest.raises(Conflict):
        apply_import(run)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("Téléphone", "cp1252"), ("手机号,姓名\n1,王", "gb18030"), ("Số", "utf-8"), ("Tên", "utf-16")],
)
def test_encodings_are_told_apart(text: str, encoding: str) -> None:
    assert text in text.encode(encoding).decode(detect_encoding(text.encode(encoding)))


def test_headers_of_five_languages_are_understood() -> None:
    header = ["Số điện thoại", "Tên", "Họ", "Correo", "Idioma"]

    assert list(guess_mapping(header, []).values()) == [
        "msisdn", "first_name", "last_name", "email", "language",
    ]  # fmt: skip
