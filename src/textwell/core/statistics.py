"""What PostgreSQL expects of a table, gathered anew where it is far off.

Autovacuum does so within a minute or two of a large change. Until then a workspace that has just got
its first people is one that nobody is expected in, and a statement over two of its tables goes through
the one once for each row of the other: minutes for some thousands of people, hours for a million.
"""

import json
from collections.abc import Sequence

from psycopg import sql

from textwell.core.db import cursor

FACTOR = 10  # how far off it may be before plans turn bad
FEW = 1_000  # rows that any plan is good for


def refresh_statistics(table: str, columns: Sequence[str], *, workspace_id: int) -> bool:
    """ANALYZE these columns of the table if many more rows are the workspace's than is expected.

    Costs a count of at most `FACTOR` times the rows expected, from an index that begins with
    `workspace_id`; some tenths of a second where statistics are gathered. Calling twice is safe. Sees
    what the caller's transaction has written.
    """
    name = sql.Identifier(table)
    rows = sql.SQL("SELECT FROM {} WHERE workspace_id = {}").format(name, workspace_id)
    with cursor() as raw:
        raw.execute(sql.SQL("EXPLAIN (FORMAT JSON) {}").format(rows))
        told = raw.fetchone()[0]
        [plan] = told if isinstance(told, list) else json.loads(told)
        enough = FACTOR * plan["Plan"]["Plan Rows"] + FEW
        raw.execute(sql.SQL("SELECT count(*) FROM ({} LIMIT {}) found").format(rows, enough))
        if raw.fetchone()[0] < enough:
            return False
        listed = sql.SQL(", ").join(map(sql.Identifier, columns))
        raw.execute(sql.SQL("ANALYZE {} ({})").format(name, listed))
    return True
