"""What PostgreSQL expects of a workspace's people, gathered anew where it is far off.

Autovacuum does so within a minute or two of a large change. Until then a workspace that has just got
its first people is one that nobody is expected in, and a statement over two of its tables goes through
the one once for each row of the other: minutes for some thousands of people, hours for a million.
"""

from textwell.core.db import cursor

FACTOR = 10  # how far off it may be before plans turn bad
FEW = 1_000  # people that any plan is good for

_EXPECTED = "EXPLAIN (FORMAT JSON) SELECT FROM contacts_contact WHERE workspace_id = %s"
_COUNT = (
    "SELECT count(*) FROM (SELECT FROM contacts_contact WHERE workspace_id = %s LIMIT %s) found"
)
_ANALYZE = "ANALYZE contacts_contact (id, workspace_id, msisdn, external_id, country)"


def refresh_people_statistics(workspace_id: int) -> None:
    """ANALYZE if the workspace has many more people than is expected: before a large statement over them.

    Costs a count of at most `FACTOR` times the people expected, from an index; some tenths of a second
    where statistics are gathered. Calling twice is safe. Sees what the caller's transaction has written.
    """
    with cursor() as raw:
        raw.execute(_EXPECTED, [workspace_id])
        [plan] = raw.fetchone()[0]
        enough = FACTOR * plan["Plan"]["Plan Rows"] + FEW
        raw.execute(_COUNT, [workspace_id, enough])
        if raw.fetchone()[0] >= enough:
            raw.execute(_ANALYZE)
