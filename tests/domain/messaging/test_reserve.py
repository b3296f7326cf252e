"""Blocks of message ids: contiguous, never twice, and nobody waits for another's commit."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from textwell.core.db import connect_sync

pytestmark = pytest.mark.django_db(transaction=True)

RESERVE = "SELECT messaging_reserve_block(%s)"


def reserve(conn: psycopg.Connection[tuple[int]], count: int) -> int:
    row = conn.execute(RESERVE, [count]).fetchone()
    assert row is not None
    return row[0]


def test_a_block_is_had_while_another_transaction_with_one_is_open() -> None:
    with connect_sync(autocommit=False) as first, connect_sync() as second:
        second.execute("SET statement_timeout = '2s'")

        one = reserve(first, 10)
        two = reserve(second, 1)

        assert two == one + 10
        first.rollback()
        assert reserve(second, 1) == two + 1


def test_blocks_taken_at_once_never_overlap() -> None:
    def take(_worker: int) -> list[tuple[int, int]]:
        with connect_sync() as conn:
            return [(reserve(conn, size), size) for size in (1, 7, 3) * 30]

    with ThreadPoolExecutor(6) as pool:
        blocks = sorted(block for taken in pool.map(take, range(6)) for block in taken)

    ends = [head + size for head, size in blocks]
    assert all(end <= head for end, (head, _size) in zip(ends, blocks[1:], strict=False))


def test_a_refused_size_leaves_no_lock_behind() -> None:
    with connect_sync() as conn, connect_sync() as other:
        with pytest.raises(psycopg.errors.RaiseException):
            reserve(conn, 0)

        other.execute("SET statement_timeout = '2s'")
        assert reserve(other, 1) > 0
        held = conn.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchone()
        assert held == (0,)
