from datetime import UTC, datetime

import pytest
from django.db import connection

from textwell.core.db import (
    advisory_key,
    async_pool,
    connect_async,
    connect_sync,
    copy_rows,
    copy_rows_async,
    cursor,
)
from textwell.runtime.stores import Stores


@pytest.mark.django_db
def test_rows_are_copied_in_the_callers_transaction() -> None:
    with cursor() as opened:
        opened.execute("CREATE TEMP TABLE bread (name text, loaves int)")
        count = copy_rows(opened, "bread", ["loaves", "name"], [(3, "rye"), (None, "a\tb\\")])
        opened.execute("SELECT name, loaves FROM bread ORDER BY name DESC")
        rows = opened.fetchall()

    assert (count, rows) == (2, [("rye", 3), ("a\tb\\", None)])
    assert connection.in_atomic_block


async def test_rows_are_copied_by_an_asyncio_connection(stores: Stores) -> None:
    async with async_pool(max_size=1) as pool, pool.connection() as opened:
        await opened.execute("CREATE TEMP TABLE bread (loaves int)")
        count = await copy_rows_async(opened, "bread", ["loaves"], [(1,), (2,)])
        rows = await (await opened.execute("SELECT sum(loaves) FROM bread")).fetchall()

    assert (count, rows) == (2, [(3,)])


async def test_a_pool_uses_a_connection_again(stores: Stores) -> None:
    async with async_pool(max_size=2) as pool:
        async with pool.connection() as first:
            pass
        async with pool.connection() as second:
            assert second is first


async def test_a_pool_replaces_a_connection_left_in_a_transaction(stores: Stores) -> None:
    async with async_pool(max_size=1) as pool:
        async with pool.connection() as first:
            await first.execute("BEGIN")
        async with pool.connection() as second:
            assert second is not first
        assert first.closed


@pytest.mark.parametrize("autocommit", [True, False])
async def test_times_are_read_in_utc_whatever_zone_the_server_has(
    stores: Stores, monkeypatch: pytest.MonkeyPatch, *, autocommit: bool
) -> None:
    """A text that never expires (the end of 9999) ended the connector: no Python time is in year 10000."""
    monkeypatch.setenv("PGTZ", "Asia/Ho_Chi_Minh")
    never = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    one = connect_sync(autocommit=autocommit)
    other = await connect_async(autocommit=autocommit)
    one.rollback()
    await other.rollback()

    read = [
        one.execute("SELECT %s::timestamptz", [never]).fetchone(),
        await (await other.execute("SELECT %s::timestamptz", [never])).fetchone(),
    ]
    one.close()
    await other.close()

    assert read == [(never,), (never,)]
    assert (one.autocommit, other.autocommit) == (autocommit, autocommit)


def test_an_advisory_key_is_stable_and_fits() -> None:
    assert advisory_key("textwell.migrate") == advisory_key("textwell.migrate")
    assert advisory_key("a") != advisory_key("b")
    assert -(2**63) <= advisory_key("textwell.migrate") < 2**63
