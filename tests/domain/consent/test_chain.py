"""Whoever changes, removes, moves or slips in a consent event is found out; an erasure is not one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction

from builders import make_contact
from textwell.accounts.models import Workspace
from textwell.cli import consent as command_line
from textwell.cli import signing_key
from textwell.consent.actions import record_opt_in, record_opt_out
from textwell.consent.chain import sealing
from textwell.consent.chain.form import check_proof, check_root, write_line
from textwell.consent.chain.roots import close_days, daily_root, has_root, prove_state
from textwell.consent.chain.sealing import seal_consents
from textwell.consent.chain.verifying import verify_ledger
from textwell.consent.models import (
    ConsentEvent,
    SealedBlock,
    SealedDay,
    SealedFact,
    WithdrawnImport,
)
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.signing import list_public_keys
from textwell.privacy.erasing import erase_person

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 5, 1, tzinfo=UTC)
SEALED = ("consent_sealedfact", "consent_sealedblock", "consent_sealedday")


@pytest.fixture
def person(workspace: Workspace) -> Contact:
    return make_contact(workspace=workspace, has_consent=False)


@pytest.fixture
def events(workspace: Workspace, person: Contact, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Six, of which the third is the person's opt-out; in blocks of four."""
    monkeypatch.setattr(sealing, "IN_BLOCK", 4)
    for other in (None, person, None, None, None):
        record_opt_in(
            workspace_id=workspace.id,
            contact_id=(other or make_contact(workspace=workspace, has_consent=False)).id,
            source="Form", wording="Yes", given_at=DAY, actor="user:1", evidence={"ip": "192.0.2.1"},
        )  # fmt: skip
        if other:
            record_opt_out(
                workspace_id=workspace.id, contact_id=person.id, msisdn=person.msisdn, source="SMS",
                wording="STOP", given_at=DAY + timedelta(days=9), actor="mo",
            )  # fmt: skip
    seal_consents()
    return list(ConsentEvent.objects.order_by("id").values_list("id", flat=True))


def tamper(statement: str, *values: int | str) -> None:
    """As somebody with the rights of the database's owner would."""
    with connection.cursor() as cursor:
        for table in (*SEALED, "consent_consentevent", "consent_withdrawnimport"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)


def problem_of(workspace: Workspace) -> tuple[str, int]:
    verdict = verify_ledger(workspace.id)
    return verdict.problem, verdict.fact_count


def keys_of(workspace: Workspace) -> dict[str, bytes]:
    return {key.key_id: key.value for key in list_public_keys(workspace.id)}


def test_a_ledger_as_written_is_whole(workspace: Workspace, events: list[int]) -> None:
    verdict = verify_ledger(workspace.id)

    assert (verdict.problem, verdict.fact_count, verdict.block_count) == ("", 6, 2)
    assert [block.count for block in SealedBlock.objects.order_by("number")] == [4, 2]
    assert seal_consents() == 0


def test_a_change_of_any_column_is_named(workspace: Workspace, events: list[int]) -> None:
    changes = {
        "workspace_id": "workspace_id + 1", "contact_id": "contact_id + 1", "channel": "'email'",
        "purpose": "'care'", "topic": "'x'", "brand": "'x'", "sender": "'x'", "kind": "'opt_out'",
        "basis": "'x'", "given_at": "given_at + interval '1 microsecond'",
        "recorded_at": "recorded_at - interval '1 microsecond'", "source": "'Form '", "wording": "'yes'",
        "wording_version": "'2'", "wording_hash": "sha256('yes')", "language": "'fr'",
        "evidence": "'{\"ip\": \"192.0.2.2\"}'", "actor": "'user:2'", "import_run_id": "7",
    }  # fmt: skip
    fields = {field.column for field in ConsentEvent._meta.local_fields}
    assert set(changes) == fields - {"id"}

    for column, value in changes.items():
        with transaction.atomic():
            tamper(f"UPDATE consent_consentevent SET {column} = {value} WHERE id = %s", events[4])
            assert problem_of(workspace) == (f"event {events[4]} was changed", 4), column
            transaction.set_rollback(True)


REMOVED_OR_MOVED = (
    ("DELETE FROM consent_consentevent WHERE id = {1}", "event {1} was removed", 1),
    ("UPDATE consent_consentevent SET id = id + 1000 WHERE id = {1}", "event {1} was removed", 1),
    ("UPDATE consent_consentevent SET contact_id = {3} - contact_id WHERE id IN ({0}, {3})",
     "event {0} was changed", 0),
    ("UPDATE consent_sealedfact s SET number = number + 100 WHERE fact_id = {5}",
     "a seal of block 1 (facts 4 to 5) was removed", 4),
    ("UPDATE consent_sealedfact s SET digest = sha256('x') WHERE fact_id = {2}",
     "event {2} was changed", 2),
    ("UPDATE consent_sealedfact s SET salt = NULL WHERE fact_id = {2}", "event {2} was changed", 2),
    ("UPDATE consent_sealedblock SET root = sha256('x') WHERE number = 1",
     "seals of block 1 (facts 4 to 5) were changed or moved", 4),
    ("UPDATE consent_sealedblock SET sealed_at = sealed_at - interval '1 day' WHERE number = 0",
     "block 0 was changed or moved", 0),
    ("DELETE FROM consent_sealedblock WHERE number = 0", "block 0 was removed or moved", 0),
    ("DELETE FROM consent_sealedblock WHERE number = 1",
     "a seal of event {4} was added, or its block removed", 4),
    ("UPDATE consent_consentevent SET wording = '', evidence = '{{}}' WHERE id = {2}",
     "event {2} was changed", 2),
)  # fmt: skip


def test_what_was_removed_or_moved_is_named(workspace: Workspace, events: list[int]) -> None:
    for statement, told, whole in REMOVED_OR_MOVED:
        with transaction.atomic():
            tamper(statement.format(*events))
            assert problem_of(workspace) == (told.format(*events), whole), statement
            transaction.set_rollback(True)


def test_swapped_seals_and_an_event_slipped_in_are_told(
    workspace: Workspace, events: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        tamper(
            "UPDATE consent_sealedfact s SET fact_id = -o.fact_id, salt = o.salt, personal = o.personal,"
            " digest = o.digest FROM consent_sealedfact o"
            " WHERE (s.number, o.number) IN ((0, 1), (1, 0))"
        )
        tamper("UPDATE consent_sealedfact SET fact_id = -fact_id WHERE fact_id < 0")
        assert problem_of(workspace) == (f"event {events[1]} was changed", 0)
        transaction.set_rollback(True)
    monkeypatch.setattr("textwell.consent.chain.verifying.LOOK_BACK", 0)
    monkeypatch.setattr(sealing, "LOOK_BACK", 0)
    tamper(
        "INSERT INTO consent_consentevent (id, workspace_id, contact_id, channel, purpose, kind, given_at,"
        " recorded_at, source, wording, evidence, actor)"
        " SELECT -1, workspace_id, contact_id, channel, purpose, kind, given_at, recorded_at, source,"
        " wording, evidence, actor FROM consent_consentevent WHERE id = %s",
        events[0],
    )
    assert problem_of(workspace) == ("event -1 was added behind what was sealed", 6)


def test_the_database_refuses_a_change_of_the_chain(events: list[int]) -> None:
    for table in SEALED[:2]:
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET digest = ''"):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                connection.cursor().execute(statement)


def test_an_erased_person_is_still_in_a_whole_ledger(
    workspace: Workspace, person: Contact, events: list[int]
) -> None:
    erase_person(workspace_id=workspace.id, contact_id=person.id, reason="asked", actor="user:7")
    seal_consents()

    blank = ConsentEvent.objects.get(id=events[1])
    assert (blank.evidence, blank.wording[:16]) == ({}, "erased, SHA-256 ")
    assert (
        list(SealedFact.objects.filter(salt=None).values_list("fact_id", flat=True)) == events[1:3]
    )
    assert problem_of(workspace) == ("", 6)
    proof = prove_state(workspace.id, person.id, now())
    assert proof is not None
    assert check_proof(write_line(proof), keys_of(workspace)).fields["kind"] == "opt_out"


def test_a_withdrawn_import_is_sealed_too(workspace: Workspace, events: list[int]) -> None:
    WithdrawnImport.objects.create(
        import_run_id=5, workspace_id=workspace.id, withdrawn_at=DAY, actor="user:1"
    )
    assert problem_of(workspace) == ("", 7)

    tamper("UPDATE consent_withdrawnimport SET withdrawn_at = now()")

    assert problem_of(workspace) == ("withdrawn import 5 was changed", 6)


def test_a_day_that_is_over_is_signed_once(workspace: Workspace, events: list[int]) -> None:
    assert close_days() == 0
    tamper("UPDATE consent_sealedblock SET sealed_on = sealed_on - 1")

    assert (close_days(), close_days()) == (1, 0)

    kept = SealedDay.objects.get()
    root, problem = check_root(kept.line.encode(), keys_of(workspace))
    assert problem == ""
    assert root is not None
    assert root == daily_root(workspace.id, kept.day)
    assert (root.head.day, root.head.blocks, root.head.facts) == (str(kept.day), 2, 6)
    assert problem_of(workspace) == ("", 6)
    changed = kept.line.replace('"facts":6', '"facts":5')
    assert (
        check_root(changed.encode(), keys_of(workspace))[1]
        == "the signature is not that of the key"
    )
    tamper("UPDATE consent_sealedday SET line = %s", changed)
    assert verify_ledger(workspace.id).problem.startswith(f"the root of {kept.day} was changed")


def test_a_root_of_today_stays_true_as_more_is_sealed(
    workspace: Workspace, person: Contact, events: list[int]
) -> None:
    root = daily_root(workspace.id, now().date())
    assert root is not None
    record_opt_in(
        workspace_id=workspace.id, contact_id=person.id, source="Form", wording="Yes",
        given_at=DAY + timedelta(days=10), actor="user:1",
    )  # fmt: skip
    seal_consents()

    assert has_root(root.head)

    tamper("DELETE FROM consent_sealedblock WHERE number > 0")
    assert not has_root(root.head)


def test_what_counted_on_a_day_is_proven_with_no_store(
    workspace: Workspace, person: Contact, events: list[int]
) -> None:
    tamper("DELETE FROM consent_sealedblock")
    tamper("DELETE FROM consent_sealedfact")
    tamper("UPDATE consent_consentevent SET recorded_at = given_at")
    seal_consents()

    said = {
        day: prove_state(workspace.id, person.id, DAY + timedelta(days=day)) for day in (-1, 3, 20)
    }

    assert said[-1] is None
    kinds, keys = [], keys_of(workspace)
    for proof in filter(None, said.values()):
        line = write_line(proof)
        assert len(line) < 2_048
        kinds.append(check_proof(line, keys).fields["kind"])
        for place in range(len(line)):
            changed = line[:place] + bytes([line[place] ^ 1]) + line[place + 1 :]
            assert check_proof(changed, keys).problem
    assert kinds == ["opt_in", "opt_out"]


def test_the_commands_do_what_they_say(
    workspace: Workspace, person: Contact, events: list[int], tmp_path: Path
) -> None:
    run = CliRunner().invoke
    keys, roots, proof = tmp_path / "keys", tmp_path / "roots", tmp_path / "proof"
    keys.write_text(run(signing_key.command, ["public"]).output)
    roots.write_text(run(command_line.command, ["root"]).output)
    at = ["--contact", str(person.id), "--at", f"{now():%Y-%m-%d}"]
    proof.write_text(run(command_line.command, ["prove", *at]).output)

    whole = run(command_line.command, ["verify", "--against", str(roots)])
    checked = run(command_line.command, ["check", str(proof), "--key", str(keys)])

    assert (whole.exit_code, whole.output[:2], checked.exit_code) == (0, "ok", 0)
    assert f"opt_out of contact {person.id} for marketing by sms * * *" in checked.output
    proof.write_text(proof.read_text().replace("opt_out", "opt_in"))
    checked = run(command_line.command, ["check", str(proof), "--key", str(keys)])
    assert (checked.exit_code, checked.output) == (
        1, "BAD   line 1: the event does not belong to the block\n",
    )  # fmt: skip
    tamper("DELETE FROM consent_sealedblock")
    tamper("DELETE FROM consent_sealedfact")
    anew = run(command_line.command, ["verify", "--against", str(roots)])
    assert (anew.exit_code, anew.output.count("ok  "), anew.output.count("another one now")) == (
        1,
        1,
        1,
    )
