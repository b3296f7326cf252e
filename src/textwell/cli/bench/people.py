"""A crowd made by the database itself: numbers scattered as in life, all with consent.

Numbers in rising order would flatter every index, so the n-th number is n times a constant modulo
a prime: all different, none near its neighbour.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

_ADD_CONTACTS = """
INSERT INTO contacts_contact (workspace_id, msisdn, email, first_name, last_name, language, zone,
    country, operator, fields, tags, created_at, updated_at)
SELECT %(workspace_id)s, '+849' || lpad(((n * 61803399) %% 99999989)::text, 8, '0'), '',
    (ARRAY['An', 'Emma', 'Hugo', 'Carmen', 'Minh', '', 'Liam'])[1 + n %% 7], 'Martin', 'en', '',
    'VN', '', jsonb_build_object('points', (n %% 2000)::text), '{}', now(), now()
FROM generate_series(1::bigint, %(count)s::bigint) AS n
"""
_ADD_CONSENT = """
INSERT INTO consent_consentstate (contact_id, channel, purpose, workspace_id, is_granted, event_id, since)
SELECT id, 'sms', 'marketing', workspace_id, true, 0, now()
FROM contacts_contact WHERE workspace_id = %(workspace_id)s
"""
_TABLES = ("contacts_contact", "consent_consentstate", "messaging_message")
_BY_WORKSPACE = (
    "messaging_message", "messaging_batch", "consent_consentstate", "contacts_contact",
)  # fmt: skip


def crowd_number(n: int) -> str:
    """The number of the n-th of a crowd, n from 1, as the statement above makes it."""
    return f"+849{n * 61_803_399 % 99_999_989:08d}"


@dataclass(frozen=True, slots=True)
class Crowd:
    """`last_id`: the greatest contact id, so that a plan knows where to end."""

    workspace_id: int
    count: int
    last_id: int


def add_crowd(workspace_id: int, count: int) -> Crowd:
    """`count` people, below 99,999,989, into a workspace that has none."""
    values = {"workspace_id": workspace_id, "count": count}
    with connection.cursor() as cursor:
        cursor.execute(_ADD_CONTACTS, values)
        cursor.execute(_ADD_CONSENT, values)
        cursor.execute(
            "SELECT max(id) FROM contacts_contact WHERE workspace_id = %(workspace_id)s", values
        )
        last_id = int(cursor.fetchone()[0])
    analyze()
    return Crowd(workspace_id, count, last_id)


def analyze() -> None:
    """Fresh statistics: without them the first statements after a bulk load are planned badly."""
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"ANALYZE {table}")


@contextmanager
def passing_crowd(count: int) -> Iterator[Crowd]:
    """A crowd in a workspace of its own, gone afterwards with all that was planned for it."""
    from textwell.accounts.models import Workspace

    workspace = Workspace.objects.create(
        name="Bench", country="VN", zone="Asia/Ho_Chi_Minh", currency="EUR"
    )
    try:
        yield add_crowd(workspace.id, count)
    finally:
        with connection.cursor() as cursor:
            for table in _BY_WORKSPACE:
                cursor.execute(f"DELETE FROM {table} WHERE workspace_id = %s", [workspace.id])  # noqa: S608 - names of ours
            cursor.execute(
                "DELETE FROM messaging_tally WHERE campaign_id BETWEEN %s AND %s",
                [
                    plan_campaign_id(workspace.id, _MOST_PLANS - 1),
                    plan_campaign_id(workspace.id, 0),
                ],
            )
        workspace.delete()


_MOST_PLANS = 1_000


def plan_campaign_id(workspace_id: int, number: int) -> int:
    """An id below zero: no campaign of anybody's has it."""
    return -(workspace_id * _MOST_PLANS + number) - 1
