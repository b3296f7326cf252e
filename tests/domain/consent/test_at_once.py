"""Two writers of one person's consent at the same moment: what was said last counts, whoever commits last."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.db import connection, transaction

from at_once import PATIENCE_S, until_somebody_waits
from builders import make_contact, make_workspace
from textwell.accounts.models import Workspace
from textwell.consent.actions import record_opt_in, record_opt_out
from textwell.consent.groups import join_sharing_group, make_sharing_code
from textwell.consent.selectors import consent_state, find_suppression
from textwell.consent.suppressing import lift_suppression, suppress_number
from textwell.contacts.models import Contact

pytestmark = pytest.mark.django_db(transaction=True)
DAY = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def contact() -> Contact:
    return make_contact(workspace=make_workspace(), has_consent=False)


def _say_yes(contact: Contact, at: datetime) -> None:
    record_opt_in(
        workspace_id=contact.workspace_id, contact_id=contact.id, source="Form",
        wording="Yes, text me", given_at=at, actor="system",
    )  # fmt: skip


def _say_yes_elsewhere(contact: Contact, at: datetime) -> None:
    try:
        _say_yes(contact, at)
    finally:
        connection.close()


@pytest.mark.parametrize("is_known", [False, True], ids=["first consent", "known before"])
def test_an_older_yes_that_commits_last_does_not_undo_a_stop(
    contact: Contact, is_known: bool
) -> None:
    if is_known:
        _say_yes(contact, DAY - timedelta(days=9))
    writer = Thread(target=_say_yes_elsewhere, args=(contact, DAY))
    with transaction.atomic():
        record_opt_out(
            workspace_id=contact.workspace_id, contact_id=contact.id, msisdn=contact.msisdn,
            source="SMS", wording="STOP", given_at=DAY + timedelta(hours=1), actor="ingest",
        )  # fmt: skip
        writer.start()
        until_somebody_waits()
    writer.join(PATIENCE_S)

    assert not writer.is_alive()
    state = consent_state(contact.workspace_id, contact_id=contact.id)
    assert state is not None
    assert not state.is_granted


def test_a_stop_that_comes_while_another_reason_is_lifted_counts(contact: Contact) -> None:
    row = suppress_number(
        workspace_id=contact.workspace_id, msisdn=contact.msisdn, source="page", actor="user:7"
    )

    def stop_elsewhere() -> None:
        try:
            record_opt_out(
                workspace_id=contact.workspace_id, contact_id=None, msisdn=contact.msisdn,
                source="SMS", wording="STOP", given_at=DAY, actor="ingest",
            )  # fmt: skip
        finally:
            connection.close()

    writer = Thread(target=stop_elsewhere)
    with transaction.atomic():
        lift_suppression(
            workspace_id=contact.workspace_id, suppression_id=row.id, why="Asked", actor="user:7"
        )
        writer.start()
        until_somebody_waits()
    writer.join(PATIENCE_S)

    assert not writer.is_alive()
    found = find_suppression(contact.workspace_id, contact.msisdn)
    assert found is not None
    assert found.reason == "opted_out"


def test_another_reason_that_is_lifted_while_a_stop_comes_leaves_it(contact: Contact) -> None:
    row = suppress_number(
        workspace_id=contact.workspace_id, msisdn=contact.msisdn, source="page", actor="user:7"
    )

    def lift_elsewhere() -> None:
        try:
            lift_suppression(
                workspace_id=contact.workspace_id, suppression_id=row.id, why="A", actor="user:7"
            )
        finally:
            connection.close()

    writer = Thread(target=lift_elsewhere)
    with transaction.atomic():
        record_opt_out(
            workspace_id=contact.workspace_id, contact_id=None, msisdn=contact.msisdn,
            source="SMS", wording="STOP", given_at=DAY, actor="ingest",
        )  # fmt: skip
        writer.start()
        until_somebody_waits()
    writer.join(PATIENCE_S)

    found = find_suppression(contact.workspace_id, contact.msisdn)
    assert found is not None
    assert found.reason == "opted_out"


def _join_elsewhere(workspace: Workspace, code: str) -> None:
    try:
        join_sharing_group(workspace=workspace, code=code, reasons=["complaint"], actor="user:2")
    finally:
        connection.close()


def test_who_joins_while_a_number_is_put_down_shares_it() -> None:
    """Neither sees the other's writes before the commit: whoever joins waits for that."""
    first, other = make_workspace(), make_workspace(name="Other")
    code, _ends_at = make_sharing_code(workspace=first, reasons=["complaint"], actor="user:1")
    joiner = Thread(target=_join_elsewhere, args=(other, code))
    with transaction.atomic():
        suppress_number(
            workspace_id=first.id, msisdn="+33612345678", reason="complaint", source="page",
            actor="user:1",
        )  # fmt: skip
        joiner.start()
        until_somebody_waits()
    joiner.join(PATIENCE_S)

    assert not joiner.is_alive()
    found = find_suppression(other.id, "+33612345678")
    assert found is not None
    assert found.reason == "shared"
