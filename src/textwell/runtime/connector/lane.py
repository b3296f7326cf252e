"""A connection of the ledger that heals: lost, it is opened again, and a call fails only if it cannot be."""

import asyncio
from typing import Any

import psycopg

from textwell.core.db import connect_async


class Lane:
    """One connection that heals: whoever finds it broken opens a new one."""

    def __init__(self) -> None:
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._lock = asyncio.Lock()

    async def __aenter__(self) -> psycopg.AsyncConnection[Any]:
        await self._lock.acquire()
        try:
            if self._connection is None or self._connection.closed or self._connection.broken:
                self._connection = await connect_async()
        except BaseException:
            self._lock.release()
            raise
        return self._connection

    async def __aexit__(self, error: object, *_more: object) -> None:
        if error is not None:
            await self.close()  # cancelled in the middle of a COPY it would refuse every command
        self._lock.release()

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()


async def fetch_one(
    connection: psycopg.AsyncConnection[Any], statement: str, params: dict[str, Any]
) -> tuple[Any, ...] | None:
    """The first row of a statement; None where there is none."""
    async with connection.cursor() as cursor:
        await cursor.execute(statement.encode(), params)
        row: tuple[Any, ...] | None = await cursor.fetchone()
        return row
