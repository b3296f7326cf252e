"""How much PostgreSQL reads, as a number that depends on no clock; and a planner that knows nobody."""

from django.db import connection

from builders import make_contact, make_workspace


def reads() -> int:
    """Rows fetched and indexes asked in this transaction, however often each."""
    with connection.cursor() as raw:
        raw.execute(
            "SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) + coalesce(idx_scan, 0))"
            " FROM pg_stat_xact_user_tables"
        )
        return int(raw.fetchone()[0])


def know_others_only() -> None:
    """Statistics of people of other workspaces: the planner expects nobody in one made after."""
    for _ in range(50):
        make_contact(workspace=make_workspace())
    with connection.cursor() as raw:
        raw.execute("ANALYZE contacts_contact, contacts_listmember")
        raw.execute("ANALYZE consent_consentevent, consent_consentstate")
