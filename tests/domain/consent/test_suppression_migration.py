"""What stood on the suppression list before reasons were rows of their own comes along."""

from importlib import import_module

import pytest
from django.db import connection

from builders import make_contact
from textwell.accounts.models import Workspace
from textwell.consent.actions import record_opt_out
from textwell.consent.models import SuppressionReason
from textwell.core.clock import now

pytestmark = pytest.mark.django_db
OLD = """
ALTER TABLE consent_suppression ADD note text NOT NULL DEFAULT 'Called',
    ADD created_at timestamptz NOT NULL DEFAULT '2026-05-01Z'
"""


def test_each_number_keeps_its_reason_and_an_opt_out_gets_its_source(workspace: Workspace) -> None:
    person = make_contact(workspace=workspace)
    record_opt_out(
        workspace_id=workspace.id, contact_id=person.id, msisdn=person.msisdn, source="Letter",
        wording="No", given_at=now(), actor="user:7",
    )  # fmt: skip
    SuppressionReason.objects.all().delete()
    migration = import_module("textwell.consent.migrations.0006_suppression_reasons")

    with connection.cursor() as raw:
        raw.execute(OLD)
        raw.execute(
            "INSERT INTO consent_suppression (workspace_id, msisdn, reason) VALUES (%s, '+33610000001',"
            " 'manual')",
            [workspace.id],
        )
        raw.execute(migration.COPY_REASONS)

    found = SuppressionReason.objects.order_by("id")
    assert list(found.values_list("msisdn", "reason", "note", "source", "actor")) == [
        (person.msisdn, "opted_out", "Called", "Letter", "user:7"),
        ("+33610000001", "manual", "Called", "", ""),
    ]
