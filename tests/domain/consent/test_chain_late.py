"""An event whose transaction ends long after later ones are sealed: sealed late, and nobody is accused."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from builders import make_contact
from textwell.accounts.models import Workspace
from textwell.consent.actions import record_opt_in
from textwell.consent.chain import sealing
from textwell.consent.chain.sealing import seal_consents
from textwell.consent.chain.settling import settled_id
from textwell.consent.chain.verifying import verify_ledger
from textwell.consent.models import ConsentEvent
from textwell.contacts.models import Contact
from textwell.core.clock import now

COPY = (
    "INSERT INTO consent_consentevent (workspace_id, contact_id, channel, purpose, kind, given_at,"
    " recorded_at, source, wording, evidence, actor) SELECT workspace_id, contact_id, channel, purpose,"
    " kind, given_at, recorded_at, source, wording, evidence, actor FROM consent_consentevent"
    " ORDER BY id LIMIT 1 RETURNING id"
)


@pytest.fixture
def other() -> Iterator[psycopg.Connection]:
    """A second connection."""
    with psycopg.connect(
        **connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}
    ) as made:
        yield made


def agree(person: Contact) -> None:
    record_opt_in(
        workspace_id=person.workspace_id, contact_id=person.id, source="form", wording="Yes",
        given_at=now(), actor="user:7",
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_late_is_sealed_and_not_accused(
    workspace: Workspace, other: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "LOOK_BACK", 0)
    monkeypatch.setattr("textwell.consent.chain.verifying.LOOK_BACK", 0)
    person = make_contact(workspace=workspace, has_consent=False)
    agree(person)
    row = other.execute(COPY).fetchone()
    assert row is not None
    agree(person)
    assert [seal_consents() for _ in range(3)] == [2, 0, 0]

    other.commit()

    verdict = verify_ledger(workspace.id)
    assert (verdict.problem, verdict.fact_count) == ("", 3)
    seal_consents()
    assert settled_id() >= row[0]
    slipped = ConsentEvent.objects.get(id=row[0])
    slipped.id = -1
    slipped.save(force_insert=True)
    assert verify_ledger(workspace.id).problem == "event -1 was added behind what was sealed"
