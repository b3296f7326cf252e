"""How much PostgreSQL reads, as a number that depends on no clock; and a planner that knows nobody."""

from django.db import connection

from builders import make_contact, make_workspace
from textwell.accounts.models import Workspace
from textwell.consent.models import Suppression
from textwell.contacts.models import ContactList

_STRANGERS = (
    """
    INSERT INTO contacts_contact (workspace_id, msisdn, email, first_name, last_name, language, zone,
        country, operator, fields, tags, created_at, updated_at)
    SELECT %(w)s, '+3361' || lpad(n::text, 7, '0'), '', 'Ada', '', '', '', 'FR', '', '{}', '{vip}',
        now(), now()
    FROM generate_series(1, %(count)s) n
    """,
    """
    INSERT INTO consent_consentstate (contact_id, channel, purpose, workspace_id, is_granted, event_id, since)
    SELECT id, 'sms', 'marketing', workspace_id, true, 0, now()
    FROM contacts_contact WHERE workspace_id = %(w)s
    """,
    """
    INSERT INTO consent_suppression (workspace_id, msisdn, reason)
    SELECT workspace_id, msisdn, 'manual' FROM contacts_contact
    WHERE workspace_id = %(w)s AND id %% 2 = 0
    """,
    """
    INSERT INTO contacts_listmember (list_id, contact_id, added_at)
    SELECT %(list)s, id, now() FROM contacts_contact WHERE workspace_id = %(w)s
    """,
)


def reads() -> int:
    """Rows fetched and indexes asked in this transaction, however often each."""
    with connection.cursor() as raw:
        raw.execute(
            "SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) + coalesce(idx_scan, 0))"
            " FROM pg_stat_xact_user_tables"
        )
        return int(raw.fetchone()[0])


def add_strangers_to_planner(workspace: Workspace, count: int) -> int:
    """People of a workspace that the planner knows nothing of: all with consent, half of them suppressed.

    Answers the list that all are on. Nothing is analyzed.
    """
    made = ContactList.objects.create(workspace_id=workspace.id, name="Everybody")
    with connection.cursor() as raw:
        for statement in _STRANGERS:
            raw.execute(statement, {"w": workspace.id, "count": count, "list": made.id})
    return made.id


def know_others_only() -> None:
    """Statistics of people of other workspaces: the planner expects nobody in one made after."""
    for _ in range(50):
        person = make_contact(workspace=make_workspace())
        Suppression.objects.create(
            workspace_id=person.workspace_id, msisdn=person.msisdn, reason="manual"
        )
    with connection.cursor() as raw:
        raw.execute("ANALYZE contacts_contact, contacts_listmember")
        raw.execute("ANALYZE consent_consentevent, consent_consentstate, consent_suppression")
