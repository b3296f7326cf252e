"""Ways to PostgreSQL beside the ORM: asyncio connections and set-based SQL.

`async def` code never touches the ORM: it takes a connection here and statements from a `sql.py`.
"""

import asyncio
import traceback
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, LiteralString

import orjson
import psycopg
from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper
from psycopg import sql
from psycopg.types.json import set_json_loads

from textwell.core.settings import load_settings

AsyncConnection = psycopg.AsyncConnection[Any]  # Any: rows are tuples of whatever was selected
Connection = psycopg.Connection[Any]

CONNECT_TIMEOUT_S = 5
# As Django's own. A server of one's own has its zone: in it the last hours of 9999 (or the first of year 1),
# which stand for "never", are no time that Python can hold, and reading the row would fail.
_IN_UTC = b"SET TIME ZONE 'UTC'"
# The statements of asyncio roles are short and many: where the planner takes a window of a thousand
# messages for a big one, starting its workers costs more than reading it.
_ALONE = b"SET max_parallel_workers_per_gather = 0"
_DJANGO_CONNECTION = "django.db.backends.base.base"
_COMMITTING = frozenset({"_commit", "run_and_clear_commit_hooks"})
set_json_loads(orjson.loads)  # of these connections; Django's have loaders of their own


def _connect_options(application: str) -> dict[str, Any]:  # Any: libpq takes text and numbers
    # Keepalives: a machine that vanished without closing is noticed in about a minute.
    return {
        "connect_timeout": CONNECT_TIMEOUT_S,
        "application_name": application,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 60_000,
    }


async def connect_async(
    *, autocommit: bool = True, application: str = "textwell"
) -> AsyncConnection:
    """A new connection for an asyncio role; the caller closes it.

    Raises:
        psycopg.OperationalError: PostgreSQL cannot be reached; try again later.
    """
    options = _connect_options(application)
    opened = await psycopg.AsyncConnection.connect(
        load_settings().dsn(), autocommit=True, **options
    )
    try:
        await opened.execute(_IN_UTC + b"; " + _ALONE)
        await opened.set_autocommit(autocommit)
    except BaseException:  # also cancelled: nobody else closes it
        await opened.close()
        raise
    return opened


def connect_sync(*, autocommit: bool = True, application: str = "textwell") -> Connection:
    """A new connection outside Django's, for long set-based loops; the caller closes it.

    Raises:
        psycopg.OperationalError: PostgreSQL cannot be reached; try again later.
    """
    options = _connect_options(application)
    opened = psycopg.connect(load_settings().dsn(), autocommit=True, **options)
    try:
        opened.execute(_IN_UTC)
    except psycopg.Error:
        opened.close()
        raise
    opened.autocommit = autocommit
    return opened


class AsyncPool:
    """A few connections shared by the tasks of one event loop; broken ones are replaced.

    Connections open when first needed. `connection()` waits while all are taken.
    """

    def __init__(self, *, max_size: int, application: str = "textwell") -> None:
        self._application = application
        self._slots = asyncio.Semaphore(max_size)
        self._idle: list[AsyncConnection] = []
        self._is_closed = False

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """An autocommit connection for as long as the block lasts.

        Raises:
            psycopg.OperationalError: PostgreSQL cannot be reached; try again later.
        """
        async with self._slots:
            taken = await self._take()
            try:
                yield taken
            finally:
                await self._give_back(taken)

    async def _take(self) -> AsyncConnection:
        while self._idle:
            idle = self._idle.pop()
            if not idle.closed:
                return idle
        return await connect_async(application=self._application)

    async def _give_back(self, taken: AsyncConnection) -> None:
        is_clean = taken.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        if is_clean and not taken.closed and not self._is_closed:
            self._idle.append(taken)
        else:  # an open transaction after the block is a bug or a cancellation: start afresh
            await taken.close()

    async def close(self) -> None:
        """Close what is idle now and what is given back later. Calling it twice is safe."""
        self._is_closed = True
        while self._idle:
            await self._idle.pop().close()


@asynccontextmanager
async def async_pool(
    *, min_size: int = 1, max_size: int = 4, application: str = "textwell"
) -> AsyncIterator[AsyncPool]:
    """A pool for a block; `min_size` connections are opened at once so that errors show early."""
    pool = AsyncPool(max_size=max_size, application=application)
    try:
        opened = [await connect_async(application=application) for _ in range(min_size)]
        for each in opened:
            await pool._give_back(each)  # noqa: SLF001 - the pool's own constructor
        yield pool
    finally:
        await pool.close()


@contextmanager
def cursor() -> Iterator[CursorWrapper]:
    """A cursor on Django's connection, in the caller's transaction, for set-based SQL in actions."""
    with connection.cursor() as opened:
        yield opened


def _copy_statement(table: str, columns: Sequence[str]) -> sql.Composed:
    return sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
    )


def copy_rows(
    opened: CursorWrapper, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Write rows by COPY on a cursor of Django's; answers how many. Rows are read as they go."""
    count = 0
    with opened.copy(_copy_statement(table, columns)) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def copy_text(opened: CursorWrapper, table: str, columns: Sequence[str], text: str) -> None:
    """Write rows that are in COPY's text form already: several times as fast as `copy_rows`.

    The caller has escaped backslashes, tabs and line ends in the values.
    """
    with opened.copy(_copy_statement(table, columns)) as copy:
        copy.write(text)


async def copy_rows_async(
    conn: AsyncConnection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Write rows by COPY on an asyncio connection; answers how many.

    It is one statement: all rows are stored or none.
    """
    count = 0
    async with conn.cursor() as opened, opened.copy(_copy_statement(table, columns)) as copy:
        for row in rows:
            await copy.write_row(row)
            count += 1
    return count


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Wait until nobody else is within, in any process; held by the session, over its transactions.

    For what takes seconds and is asked for by many: look again inside whether it is done by now.
    """
    with connection.cursor() as opened:
        opened.execute("SELECT pg_advisory_lock(%s)", [advisory_key(name)])
    try:
        yield
    finally:
        try:
            with connection.cursor() as opened:
                opened.execute("SELECT pg_advisory_unlock(%s)", [advisory_key(name)])
        except DatabaseError:
            connection.close()  # the lock goes with the session


def may_be_committed(error: BaseException) -> bool:
    """Whether an error came out of a commit of Django's connection, or out of what follows it.

    Then nobody knows, or it is sure, that what was written is there. False: it is not, unless an
    earlier transaction wrote something of its own.
    """
    frames = (frame for frame, _line in traceback.walk_tb(error.__traceback__))
    return any(
        frame.f_globals.get("__name__") == _DJANGO_CONNECTION
        and frame.f_code.co_name in _COMMITTING
        for frame in frames
    )


def advisory_key(name: str) -> int:
    """A stable signed 64-bit number for `pg_advisory_lock` from a name."""
    import hashlib

    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def as_literal(text: str) -> LiteralString:
    """Statements kept as plain constants in a `sql.py`, for psycopg's typed `execute`.

    Never for text that holds anything from outside: values go into parameters.
    """
    return text
