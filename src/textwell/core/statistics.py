"""What PostgreSQL expects of a workspace's rows in a table, gathered anew where it is far off.

Autovacuum does so within a minute or two of a large change. Until then a workspace that has just got
its first people is one that nobody is expected in, and a statement over two of its tables goes through
the one once for each row of the other: minutes for some thousands of people, hours for a million.
"""

from typing import LiteralString

from textwell.core.db import cursor

FACTOR = 10  # how far off it may be before plans turn bad
FEW = 1_000  # rows that any plan is good for
MANY = (
    10_000  # expected rows with which no plan goes through one table once for each row of another
)


def is_far_off(expected: int, count: int) -> bool:
    """Whether so many rows, where so few are expected, may be read by a bad plan."""
    return expected < MANY and count >= FACTOR * expected + FEW


def refresh_statistics(table: LiteralString, columns: LiteralString, *, workspace_id: int) -> None:
    """ANALYZE these columns if many more rows of the table are the workspace's than is expected.

    Needs an index that begins with `workspace_id`: some thousand rows are counted by it, `FACTOR` times
    `MANY` at most, and none where `MANY` are expected. Some tenths of a second where statistics are
    gathered. Calling twice is safe. Sees what the caller's transaction has written.
    """
    rows: LiteralString = "SELECT FROM " + table + " WHERE workspace_id = %(workspace_id)s"
    with cursor() as raw:
        raw.execute("EXPLAIN (FORMAT JSON) " + rows, {"workspace_id": workspace_id})
        [plan] = raw.fetchone()[0]
        expected = plan["Plan"]["Plan Rows"]
        if expected >= MANY:
            return
        enough = FACTOR * expected + FEW
        counted = "SELECT count(*) FROM (" + rows + " LIMIT %(enough)s) found"  # noqa: S608 - names of ours
        raw.execute(counted, {"workspace_id": workspace_id, "enough": enough})
        if is_far_off(expected, raw.fetchone()[0]):
            raw.execute("ANALYZE " + table + " (" + columns + ")")
