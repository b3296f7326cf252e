"""How a window is marked: with its read in one commit, or before it where the next mark waits for it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import psycopg

from textwell.messaging import sql
from textwell.messaging.caps import Caps
from textwell.messaging.purposes import INVITATION
from textwell.runtime.connector.window import LeasedBatch


@asynccontextmanager
async def at_once(connection: psycopg.AsyncConnection[Any], caps: Caps) -> AsyncIterator[None]:
    """Mark and read in one commit, so that a read that fails leaves no mark.

    Not where a cap holds: the next mark of the workspace waits for this commit, and must not wait for
    the read as well.
    """
    if caps.is_any:
        yield
        return
    async with connection.transaction():
        yield


async def mark(
    connection: psycopg.AsyncConnection[Any],
    batch: LeasedBatch,
    statement: str,
    params: dict[str, Any],
) -> list[tuple[Any, ...]]:
    """The mark of one or more windows, on the terms of this batch; the rows it answers.

    Where a cap holds, one after another in a workspace, so that of two windows with a text for the
    same person the later sees the earlier.
    """
    if not batch.caps.is_any:
        return await (await connection.execute(statement.encode(), params)).fetchall()
    async with connection.transaction():
        await connection.execute(
            "SELECT pg_advisory_xact_lock(%s, %s)", [sql.CAP_LOCK, batch.workspace_id]
        )
        return await (await connection.execute(statement.encode(), params)).fetchall()


async def claim(
    connection: psycopg.AsyncConnection[Any],
    batch: LeasedBatch,
    statement: str,
    params: Mapping[str, Any],
) -> None:
    """Of texts that invite: each number's one invitation, for who comes first. Others claim nothing."""
    content = batch.content
    if content.purpose != INVITATION:
        return
    scope = {"topic": content.scope.topic, "brand": content.scope.brand}
    await connection.execute(statement.encode(), {**params, **scope})
