"""All that a workspace has, as one value: whoever should change nothing of it is seen to."""

from functools import cache
from typing import Final

from django.db import connection

# Tables whose rows belong to a workspace by way of another row.
CHILDREN: Final = {
    "accounts_user": ("id", "SELECT user_id FROM accounts_membership WHERE workspace_id = %(id)s"),
    "accounts_workspace": ("id", "SELECT %(id)s"),
    "accounts_directorygroup_people": (
        "directorygroup_id", "SELECT id FROM accounts_directorygroup WHERE workspace_id = %(id)s",
    ),
    "campaigns_stoppedcampaign": (
        "campaign_id", "SELECT id FROM campaigns_campaign WHERE workspace_id = %(id)s",
    ),
    "contacts_importrow": (
        "import_run_id", "SELECT id FROM contacts_importrun WHERE workspace_id = %(id)s",
    ),
    "contacts_listmember": (
        "list_id", "SELECT id FROM contacts_contactlist WHERE workspace_id = %(id)s",
    ),
    "consent_registernumber": (
        "register_id", "SELECT id FROM consent_register WHERE workspace_id = %(id)s",
    ),
    "gateways_registeredtemplate": (
        "registration_id", "SELECT id FROM gateways_registration WHERE workspace_id = %(id)s",
    ),
    "gateways_registrationdocument": (
        "registration_id", "SELECT id FROM gateways_registration WHERE workspace_id = %(id)s",
    ),
    "gateways_gatewayhealth": (
        "gateway_id", "SELECT id FROM gateways_gateway WHERE workspace_id = %(id)s",
    ),
    "messaging_dlr": (
        "gateway_id", "SELECT id FROM gateways_gateway WHERE workspace_id = %(id)s",
    ),
    "consent_sharinggroup": (
        "id", "SELECT group_id FROM consent_sharingmember WHERE workspace_id = %(id)s",
    ),
    "messaging_held": (
        "campaign_id", "SELECT id FROM campaigns_campaign WHERE workspace_id = %(id)s",
    ),
    "messaging_outcome": (
        "gateway_id", "SELECT id FROM gateways_gateway WHERE workspace_id = %(id)s",
    ),
    "messaging_progress": (
        "campaign_id", "SELECT id FROM campaigns_campaign WHERE workspace_id = %(id)s",
    ),
    "messaging_tally": (
        "campaign_id", "SELECT id FROM campaigns_campaign WHERE workspace_id = %(id)s",
    ),
    "messaging_window": (
        "batch_id", "SELECT id FROM messaging_batch WHERE workspace_id = %(id)s",
    ),
    "reports_keptfacts": (
        "campaign_id", "SELECT id FROM campaigns_campaign WHERE workspace_id = %(id)s",
    ),
    "reports_keptreport": (
        "campaign_id", "SELECT id FROM campaigns_campaign WHERE workspace_id = %(id)s",
    ),
    "webhooks_delivery": (
        "endpoint_id", "SELECT id FROM webhooks_endpoint WHERE workspace_id = %(id)s",
    ),
    "webhooks_messagecallback": (
        "endpoint_id", "SELECT id FROM webhooks_endpoint WHERE workspace_id = %(id)s",
    ),
}  # fmt: skip
# Of the installation, of a person's own account, or of the caller.
OTHERS: Final = {
    "account_emailaddress", "account_emailconfirmation", "accounts_cache", "accounts_signinattempt",
    "accounts_usedassertion", "api_idempotentanswer", "api_rate", "auth_group",
    "auth_group_permissions", "auth_permission", "contacts_numberplace", "contacts_numberzone",
    "core_cursor", "messaging_ownpack", "core_quarantineditem", "django_content_type", "django_migrations",
    "django_session", "messaging_pendingreport", "mfa_authenticator", "socialaccount_socialaccount",
    "socialaccount_socialapp", "socialaccount_socialtoken", "usersessions_usersession",
    "programmes_attempt", "webhooks_unmatchedreport",
}  # fmt: skip
# When somebody was there, which is no change of what is theirs.
_SEEN: Final = "'{last_login,last_used_at}'"
_OWNED: Final = "SELECT %(id)s"


@cache
def _tables() -> dict[str, bool]:
    """Tables that are no part of another one, and whether they name the workspace."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid"
            " AND a.attname = 'workspace_id') FROM pg_class c WHERE c.relkind IN ('r', 'p')"
            " AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace"
        )
        return dict(cursor.fetchall())


def unknown_tables() -> set[str]:
    """Tables that no list here knows."""
    named = {table for table, names_workspace in _tables().items() if names_workspace}
    return _tables().keys() - named - CHILDREN.keys() - OTHERS


@cache
def _statement() -> str:
    of = {name: ("workspace_id", _OWNED) for name, is_named in _tables().items() if is_named}
    parts = [
        f"SELECT '{table}' || count(*) || coalesce(md5(string_agg(row, '' ORDER BY row)), '') FROM"
        f" (SELECT (to_jsonb(t) - {_SEEN}::text[])::text AS row FROM {table} t"
        f" WHERE {column} IN ({ids})) AS rows"
        for table, (column, ids) in sorted((of | CHILDREN).items())
    ]
    return " UNION ALL ".join(parts)


def content_of(workspace_id: int) -> set[str]:
    """A word about each table: how many rows of the workspace it has, and what they say."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(), {"id": workspace_id})
        return {word for (word,) in cursor.fetchall()}
