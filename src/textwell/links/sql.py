"""Statements over many clicks at once."""

# Parameters: one array a column, in this order.
INSERT_CLICKS = """
INSERT INTO links_click (stream_key, workspace_id, campaign_id, message_id, link_number, at, method,
    kind, kind_reason, device, os, browser, country, region, user_agent, raw_ip)
SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::smallint[],
    %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::text[], %s::text[], %s::text[], %s::inet[])
ON CONFLICT (stream_key) DO NOTHING
"""

# Parameters: made before, at most so many.
FORGET_RAW_IPS = """
UPDATE links_click SET raw_ip = NULL WHERE id IN (
    SELECT id FROM links_click WHERE raw_ip IS NOT NULL AND at < %s ORDER BY at LIMIT %s)
"""

# Message ids with a human click, for others to join on. Parameter: campaign id.
CLICKED_MESSAGES = """
SELECT DISTINCT message_id FROM links_click WHERE campaign_id = %s AND kind = 'human'
"""

# Ranges of one text outside campaigns, of these people.
OWN_RANGES = """
SELECT r.id FROM links_linkrange r JOIN messaging_message m ON m.id = r.first_message_id
WHERE r.workspace_id = %(w)s AND r.campaign_id IS NULL AND m.contact_id = ANY(%(contact_ids)s)
  AND r.targets <> '[]'
"""
