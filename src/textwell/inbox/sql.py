"""Statements of the inbox that the ORM cannot say."""

# From one intent to the next by the index: reads as many rows as there are intents.
INTENTS_IN_USE = """
WITH RECURSIVE used AS (
    SELECT min(intent) AS intent FROM inbox_reply WHERE workspace_id = %(workspace_id)s
    UNION ALL
    SELECT (SELECT min(r.intent) FROM inbox_reply r
            WHERE r.workspace_id = %(workspace_id)s AND r.intent > used.intent)
    FROM used WHERE used.intent IS NOT NULL
)
SELECT intent FROM used WHERE intent IS NOT NULL
"""

# Rows that were there already, from an earlier delivery of the same text, come back as nothing.
INSERT_REPLIES = """
INSERT INTO inbox_reply (workspace_id, gateway_id, source_key, contact_id, msisdn, recipient, text,
    received_at, intent, certainty, language, message_id, campaign_id, handled_at)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::text[],
    %s::text[], %s::timestamptz[], %s::text[], %s::float8[], %s::text[], %s::bigint[],
    %s::bigint[], %s::timestamptz[])
ON CONFLICT (gateway_id, source_key) DO NOTHING
RETURNING gateway_id, source_key
"""
