"""Whoever changes or deletes an entry of the audit log is found out."""

import pytest
from django.db import connection

from builders import make_workspace
from textwell.accounts.actions import record_audit
from textwell.accounts.chain import seal_all, verify_workspace
from textwell.accounts.models import AuditEntry, AuditSeal, Workspace


@pytest.fixture
def entries(workspace: Workspace) -> list[AuditEntry]:
    made = [
        record_audit(workspace_id=workspace.id, actor="user:1", action="x.done", after={"n": n})
        for n in range(5)
    ]
    seal_all()
    return made


def tamper(statement: str, *values: object) -> None:
    """As somebody with the rights of the database's owner would."""
    with connection.cursor() as cursor:
        for table in ("accounts_auditentry", "accounts_auditseal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)


def test_a_log_as_written_is_whole(workspace: Workspace, entries: list[AuditEntry]) -> None:
    verdict = verify_workspace(workspace.id)

    assert (verdict.is_whole, verdict.entry_count) == (True, 5)
    assert verdict.head == AuditSeal.objects.get(entry_id=entries[4].id).digest


@pytest.mark.parametrize(
    "change",
    ["actor = 'user:2'", "action = 'y'", "subject = 'z'", "reason = 'r'", "data = '{}'",
     "at = at + interval '1 second'"],
)  # fmt: skip
def test_a_changed_entry_is_named(
    change: str, workspace: Workspace, entries: list[AuditEntry]
) -> None:
    tamper(f"UPDATE accounts_auditentry SET {change} WHERE id = %s", entries[2].id)

    verdict = verify_workspace(workspace.id)

    assert (verdict.broken_entry_id, verdict.problem) == (entries[2].id, "changed")
    assert verdict.entry_count == 2


def test_a_deleted_entry_is_named(workspace: Workspace, entries: list[AuditEntry]) -> None:
    tamper("DELETE FROM accounts_auditentry WHERE id = %s", entries[1].id)

    verdict = verify_workspace(workspace.id)

    assert (verdict.broken_entry_id, verdict.problem) == (entries[1].id, "deleted")


def test_an_entry_deleted_with_its_seal_leaves_a_gap(
    workspace: Workspace, entries: list[AuditEntry]
) -> None:
    tamper("DELETE FROM accounts_auditentry WHERE id = %s", entries[1].id)
    tamper("DELETE FROM accounts_auditseal WHERE entry_id = %s", entries[1].id)

    assert verify_workspace(workspace.id).broken_entry_id == entries[2].id


def test_each_workspace_has_a_chain_of_its_own(
    workspace: Workspace, entries: list[AuditEntry]
) -> None:
    other = make_workspace(name="Other")
    record_audit(workspace_id=other.id, actor="user:1", action="x.done")
    tamper("DELETE FROM accounts_auditentry WHERE id = %s", entries[0].id)

    assert verify_workspace(other.id).is_whole
    assert not verify_workspace(workspace.id).is_whole


def test_sealing_twice_seals_once(workspace: Workspace, entries: list[AuditEntry]) -> None:
    assert seal_all() == 0
    assert AuditSeal.objects.count() == 5
