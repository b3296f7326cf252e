"""What PostgreSQL expects of a campaign's block of messages, gathered anew where it is far off.

As for people (`core.statistics`): a report in the minute after a large plan would join a block in
which no message is expected with its clicks, and go through the block once for each of them.
"""

from textwell.core.db import cursor
from textwell.core.statistics import FEW, is_far_off

_EXPECTED = """
EXPLAIN (FORMAT JSON) SELECT FROM messaging_message
WHERE id BETWEEN %(first_id)s AND %(last_id)s AND campaign_id = %(campaign_id)s
"""
_LEAF = "SELECT tableoid::regclass::text FROM messaging_message WHERE id = %(first_id)s"


def refresh_block_statistics(campaign_id: int, first_id: int, last_id: int) -> None:
    """ANALYZE the partition of the block if it has many more messages than are expected.

    Costs one EXPLAIN where that is not so, and nothing for a small block. Calling twice is safe.
    """
    count = last_id - first_id + 1
    if count <= FEW:
        return
    params = {"campaign_id": campaign_id, "first_id": first_id, "last_id": last_id}
    with cursor() as raw:
        raw.execute(_EXPECTED, params)
        [plan] = raw.fetchone()[0]
        if not is_far_off(plan["Plan"]["Plan Rows"], count):
            return
        raw.execute(_LEAF, params)
        found = raw.fetchone()
        if found is not None:  # a block lies in one partition
            raw.execute(f"ANALYZE {found[0]} (id, campaign_id, workspace_id, contact_id)")


# New pages of a leaf are not summed up before a vacuum, and are read by each look for rare messages.
_SUM_UP = """
SELECT brin_summarize_new_values(i.indexrelid) FROM messaging_message m
JOIN pg_index i ON i.indrelid = m.tableoid
JOIN pg_inherits h ON h.inhrelid = i.indexrelid
WHERE m.id = %(first_id)s AND h.inhparent = 'messaging_message_rare'::regclass
"""


def sum_up_block(first_id: int) -> None:
    """Let rare messages of a new block be found quickly: some 100 ms for a million messages.

    Calling twice is safe and costs little.
    """
    with cursor() as raw:
        raw.execute(_SUM_UP, {"first_id": first_id})
