"""An import taken back leaves everything as it was, but for what people did in between."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from builders import make_contact
from reads import know_others_only, reads
from textwell.accounts.models import Workspace
from textwell.consent.actions import record_opt_in, record_opt_out
from textwell.consent.models import ConsentEvent, ConsentState, Suppression
from textwell.consent.selectors import is_textable
from textwell.consent.suppressing import suppress_number
from textwell.contacts.actions import create_list, define_field
from textwell.contacts.imports import actions, applying, undoing
from textwell.contacts.imports.applying import apply_import
from textwell.contacts.imports.judging import dry_run
from textwell.contacts.imports.undoing import kept_rows, undo_import
from textwell.contacts.models import Contact, ContactList, ImportRun
from textwell.core.clock import now
from wide import examples

pytestmark = pytest.mark.django_db
CONSENT = {"source": "Fair", "wording": "Yes, text me", "given_at": "2026-03-01T10:00:00Z"}
# Everything that an import may touch, but `updated_at`: the undo itself is a change, and is seen as one.
STATE = """
SELECT 'contact', id, msisdn, external_id, email, first_name, last_name, language, zone, country, operator,
    fields::text, tags::text, import_run_id, created_at::text FROM contacts_contact WHERE workspace_id = %(w)s
"""
OTHERS = (
    """SELECT * FROM contacts_listmember WHERE list_id IN
        (SELECT id FROM contacts_contactlist WHERE workspace_id = %(w)s)""",
    "SELECT * FROM consent_consentstate WHERE workspace_id = %(w)s",
    "SELECT * FROM consent_suppression WHERE workspace_id = %(w)s",
)


class Stopped(Exception):
    pass


def state_hash(workspace: Workspace) -> str:
    digest = hashlib.sha256()
    with connection.cursor() as raw:
        for statement in (STATE, *OTHERS):
            raw.execute(statement, {"w": workspace.id})
            digest.update(repr(sorted(map(repr, raw.fetchall()))).encode())
    return digest.hexdigest()


def start(
    workspace: Workspace, path: Path, text: str, group: ContactList | None = None
) -> ImportRun:
    path.write_text(text, encoding="utf-8")
    run = actions.start_import(
        workspace_id=workspace.id, path=path, filename=path.name, actor="user:1", region="FR"
    )
    return actions.set_mapping(run=run, consent=CONSENT, list_id=group and group.id)


def imported(
    workspace: Workspace, path: Path, text: str, group: ContactList | None = None
) -> ImportRun:
    return apply_import(dry_run(start(workspace, path, text, group)))


def person_of(workspace: Workspace, msisdn: str) -> Contact:
    return Contact.objects.get(workspace_id=workspace.id, msisdn=msisdn)


def grant(workspace: Workspace, person: Contact, given_at: datetime) -> None:
    record_opt_in(
        workspace_id=workspace.id, contact_id=person.id, source="Shop", wording="Yes",
        given_at=given_at, actor="user:1",
    )  # fmt: skip


def make_crowd(workspace: Workspace) -> ContactList:
    """People of every kind that an import of +336100000nn meets."""
    group = create_list(workspace_id=workspace.id, name="Spring")
    define_field(workspace_id=workspace.id, name="points", kind="number")
    for n in range(30):
        person = make_contact(
            workspace=workspace, msisdn=f"+336100000{n:02d}", first_name=f"Old {n}",
            tags=["vip"] if n % 2 else [], fields={"points": n} if n % 3 else {},
            external_id=f"E{n}" if n % 5 == 0 else None, has_consent=False,
        )  # fmt: skip
        if n % 4 == 0:  # granted before, earlier than what the file says, or later
            grant(workspace, person, datetime(2026, 1 + n // 5, 1, tzinfo=UTC))
        if n % 7 == 0:
            record_opt_out(
                workspace_id=workspace.id, contact_id=person.id, msisdn=person.msisdn, source="SMS",
                wording="STOP", given_at=datetime(2026, 7, 1, tzinfo=UTC), actor="mo",
            )  # fmt: skip
    suppress_number(
        workspace_id=workspace.id,
        msisdn="+33610000044",
        reason="complaint",
        source="",
        actor="system",
    )
    return group


def crowd_file(count: int) -> str:
    rows = (
        f"+336{10_000_000 + n},New {n},{n * 2},fresh,{f'X{n}' if n % 5 else ''}\n"
        for n in range(count)
    )
    return "Phone,First name,Points,Tags,External ID\n" + "".join(rows)


@pytest.mark.timeout(300)  # some seconds alone; beside the drill it took 47
@pytest.mark.parametrize("count", [200, examples(20_000)])
def test_an_undo_restores_the_hash_of_the_prior_state(
    workspace: Workspace, tmp_path: Path, count: int
) -> None:
    group = make_crowd(workspace)
    before = state_hash(workspace)

    run = apply_import(dry_run(start(workspace, tmp_path / "a.csv", crowd_file(count), group)))
    during = state_hash(workspace)
    undo_import(run)

    assert during != before
    assert state_hash(workspace) == before
    assert (run.totals["changed"], run.totals["new"], run.totals["kept"]) == (30, count - 30, 0)


def test_consent_given_before_the_import_holds_again(workspace: Workspace, tmp_path: Path) -> None:
    person = make_contact(workspace=workspace, msisdn="+33612345601", has_consent=False)
    grant(workspace, person, datetime(2025, 1, 1, tzinfo=UTC))
    before = ConsentState.objects.filter(contact_id=person.id).values().get()

    run = imported(workspace, tmp_path / "a.csv", "Phone\n0612345601\n")
    assert ConsentState.objects.get(contact_id=person.id).event_id != before["event_id"]
    undo_import(run)

    assert ConsentState.objects.filter(contact_id=person.id).values().get() == before
    assert ConsentEvent.objects.filter(contact_id=person.id).count() == 2
    assert is_textable(workspace.id, contact_id=person.id, msisdn=person.msisdn)


def test_the_same_file_imported_after_an_undo_grants_again(
    workspace: Workspace, tmp_path: Path
) -> None:
    person = make_contact(workspace=workspace, msisdn="+33612345602", has_consent=False)
    undo_import(imported(workspace, tmp_path / "a.csv", "Phone\n0612345602\n"))
    assert not is_textable(workspace.id, contact_id=person.id, msisdn=person.msisdn)

    imported(workspace, tmp_path / "a.csv", "Phone\n0612345602\n")

    assert is_textable(workspace.id, contact_id=person.id, msisdn=person.msisdn)


def test_who_said_stop_after_the_import_stays_and_stays_stopped(
    workspace: Workspace, tmp_path: Path
) -> None:
    run = imported(workspace, tmp_path / "a.csv", "Phone\n0612345603\n0612345604\n")
    person = person_of(workspace, "+33612345603")
    record_opt_out(
        workspace_id=workspace.id, contact_id=person.id, msisdn=person.msisdn, source="SMS",
        wording="STOP", given_at=now(), actor="mo",
    )  # fmt: skip

    undo_import(run)

    assert [row.msisdn for row in kept_rows(run)] == ["+33612345603"]
    assert not ConsentState.objects.get(contact_id=person.id).is_granted
    assert Suppression.objects.filter(msisdn="+33612345603").count() == 1
    assert not Contact.objects.filter(msisdn="+33612345604").exists()


def test_an_edit_after_the_import_is_kept_and_listed(workspace: Workspace, tmp_path: Path) -> None:
    make_contact(workspace=workspace, msisdn="+33612345605", first_name="Old")
    make_contact(workspace=workspace, msisdn="+33612345606", first_name="Old")
    text = "Phone,Name\n0612345605,New\n0612345606,New\n"
    run = imported(workspace, tmp_path / "a.csv", text)
    edited = person_of(workspace, "+33612345605")
    edited.first_name = "Edited"
    edited.save()

    undo_import(run)

    assert person_of(workspace, "+33612345605").first_name == "Edited"
    assert person_of(workspace, "+33612345606").first_name == "Old"
    assert [(row.line, row.msisdn) for row in kept_rows(run)] == [(2, "+33612345605")]
    assert run.totals["kept"] == 1


def test_an_undo_stopped_midway_goes_on(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state_hash(workspace)
    rows = "".join(f"06123457{n:02d},P{n}\n" for n in range(25))
    run = imported(workspace, tmp_path / "a.csv", "Phone,Name\n" + rows)
    monkeypatch.setattr(undoing, "CHUNK_ROWS", 10)

    def stop(_done: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        undo_import(run, on_progress=stop)
    left = Contact.objects.filter(import_run_id=run.id).count()
    undo_import(ImportRun.objects.get(id=run.id))

    assert left == 15
    assert state_hash(workspace) == before


def test_an_external_id_is_given_to_a_person_who_is_there(
    workspace: Workspace, tmp_path: Path
) -> None:
    person = make_contact(workspace=workspace, msisdn="+33612345607", external_id="old")
    run = imported(workspace, tmp_path / "a.csv", "Phone,External ID\n0612345607,new\n")
    person.refresh_from_db()
    assert (person.external_id, run.totals["changed"]) == ("new", 1)

    undo_import(run)

    person.refresh_from_db()
    assert person.external_id == "old"


def test_who_came_between_dry_run_and_apply_is_changed_and_not_made_twice(
    workspace: Workspace, tmp_path: Path
) -> None:
    run = dry_run(start(workspace, tmp_path / "a.csv", "Phone,Name\n0612345608,File\n"))
    person = make_contact(
        workspace=workspace, msisdn="+33612345608", first_name="Page", has_consent=False
    )

    apply_import(run)
    person.refresh_from_db()
    assert (person.first_name, run.totals["new"], run.totals["changed"]) == ("File", 0, 1)
    assert is_textable(workspace.id, contact_id=person.id, msisdn=person.msisdn)

    undo_import(run)
    person.refresh_from_db()
    assert person.first_name == "Page"


def test_an_external_id_taken_between_dry_run_and_apply_is_said(
    workspace: Workspace, tmp_path: Path
) -> None:
    run = dry_run(start(workspace, tmp_path / "a.csv", "Phone,External ID\n0612345609,A\n"))
    make_contact(workspace=workspace, msisdn="+33612345699", external_id="A")

    apply_import(run)

    assert (run.totals["new"], run.totals["invalid"]) == (0, 1)
    assert "was taken by another number meanwhile" in "".join(actions.rejected_rows(run))


@pytest.mark.parametrize(
    ("done", "ahead", "end", "expected"),
    [
        (0, [], 5, [(1, 2), (3, 4), (5, 5)]),
        (2, [[5, 6]], 8, [(3, 4), (7, 8)]),
        (0, [[4, 5]], 7, [(1, 2), (3, 3), (6, 7)]),
        (8, [], 8, []),
    ],
)
def test_only_ranges_that_are_not_in_are_left(
    done: int, ahead: list[list[int]], end: int, expected: list[tuple[int, int]]
) -> None:
    assert list(applying.open_ranges(done, ahead, end, 2)) == expected


@pytest.mark.django_db(transaction=True)
def test_two_connections_apply_every_row_once(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = dry_run(start(workspace, tmp_path / "a.csv", crowd_file(100)))
    monkeypatch.setattr(applying, "CHUNK_ROWS", 7)
    seen: list[int] = []

    apply_import(run, on_progress=seen.append)

    assert Contact.objects.filter(import_run_id=run.id).count() == 100
    assert ConsentEvent.objects.filter(import_run_id=run.id).count() == 100
    assert (run.applied_line, run.applied_ahead, max(seen)) == (101, [], 100)


def know_a_few(workspace: Workspace) -> None:
    """Statistics of a time when the workspace had some people, and no list or import yet."""
    for _ in range(200):
        make_contact(workspace=workspace)
    with connection.cursor() as raw:
        raw.execute("ANALYZE contacts_contact, contacts_listmember, contacts_importrow")
        raw.execute("ANALYZE contacts_importrun, consent_consentevent, consent_consentstate")
    Contact.objects.filter(workspace_id=workspace.id).delete()


def know_a_thin_file() -> None:
    """Statistics of tables whose many pages held a few rows: all but some were deleted, and swept."""
    with connection.cursor() as raw:
        raw.execute("""
            UPDATE pg_class SET relpages = 100000, reltuples = 30
            WHERE relname IN ('contacts_contact', 'contacts_listmember', 'consent_consentstate',
                'consent_consentevent')
        """)


@pytest.mark.parametrize("known", ["others", "nobody", "a few of its own", "a thin file"])
def test_rows_are_read_a_few_times_each_where_the_planner_does_not_know_the_workspace(
    workspace: Workspace, tmp_path: Path, known: str
) -> None:
    """It expects nobody in it, and would go through all rows once for each person."""
    if known == "others":
        know_others_only()
    if known == "a few of its own":
        know_a_few(workspace)
    if known == "a thin file":
        know_a_thin_file()
    friends = create_list(workspace_id=workspace.id, name="Friends", actor="user:1")
    imported(workspace, tmp_path / "first.csv", crowd_file(3_000), friends)
    changed = crowd_file(6_000).replace("New", "Newer")

    second = imported(workspace, tmp_path / "second.csv", changed, friends)
    undo_import(second)

    counts = [second.totals[name] for name in ("new", "changed", "kept")]
    assert counts == [3_000, 3_000, 0]
    assert Contact.objects.filter(workspace_id=workspace.id).count() == 3_000
    assert reads() < 100 * (3_000 + 6_000)


@pytest.mark.parametrize("known", ["nobody", "a thin file"])
def test_the_undo_of_a_first_import_reads_each_row_a_few_times(
    workspace: Workspace, tmp_path: Path, known: str
) -> None:
    """Most of its people came after the statistics of the dry run."""
    make_crowd(workspace)
    if known == "a thin file":
        know_a_thin_file()
    friends = create_list(workspace_id=workspace.id, name="Friends", actor="user:1")
    run = imported(workspace, tmp_path / "first.csv", crowd_file(6_000), friends)
    undo_import(run)

    assert run.totals["kept"] == 0
    assert reads() < 200 * 6_000
