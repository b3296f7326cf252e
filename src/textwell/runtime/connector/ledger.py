"""The statements of the message ledger, on psycopg's async connections. Every call is one commit.

Two connections: one reads and marks, one appends outcomes, so that marking never waits behind an
append.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
import structlog

from textwell.core.clock import now
from textwell.gateways.providers.base import Asked
from textwell.messaging import sql
from textwell.messaging.law import capped_places
from textwell.messaging.proof.collecting import COLUMNS as PROOF_COLUMNS
from textwell.runtime.connector.content import (
    FIND_DOUBTS,
    FIND_SILENT,
    NO_CONTENT,
    NOTE_QUERIED,
    READ_CAMPAIGN,
    READ_WITHDRAWN,
    Content,
    Contents,
    content_of_campaign,
    content_of_single,
)
from textwell.runtime.connector.lane import Lane, fetch_one
from textwell.runtime.connector.marking import at_once, claim, mark
from textwell.runtime.connector.window import LeasedBatch, Row, Window

log = structlog.get_logger()

LEASE_S = 30
LONGEST_PUT_OFF_S = 15 * 60  # of a batch whose content cannot be read
UNREAD_HOLD_S = 5  # before a window that could not be read is tried again
READ_SLICE = 20  # rows made into Python's values at a time: a quarter of a millisecond
EVERY_WINDOW = 2**62  # above the id of any
DATABASE_ERRORS = (psycopg.OperationalError, psycopg.InterfaceError, OSError)  # away; it comes back

_COPY_PROOFS = f"COPY messaging_proof ({', '.join(PROOF_COLUMNS)}) FROM STDIN"


@dataclass(frozen=True, slots=True)
class Settled:
    """What one append records: outcome rows and the windows and batches that they complete."""

    rows: list[str]  # in COPY's text form, see settle.outcome_row
    window_ids: list[int]
    batch_ids: list[int]
    started_campaign_ids: list[int]
    unread_window_ids: list[int] = field(default_factory=list)  # see Ledger.take_unread
    proof_rows: list[str] = field(default_factory=list)  # as `rows`


class Ledger:
    """Lease, mark, read, append, release: for one gateway and one connector name."""

    def __init__(
        self, *, gateway_id: int, connector: str, sandbox_id: int = 0, asks_law: bool = True
    ) -> None:
        """`sandbox_id`: behind whose wall the connection was opened; `asks_law`: phones get its texts."""
        self._asks_law = asks_law
        self._gateway_id = gateway_id
        self._sandbox_id = sandbox_id
        self._connector = connector
        self._query_cursor = f"query.{gateway_id}"
        self._reads = Lane()
        self._appends = Lane()
        self._contents = Contents()
        self._unread: list[Window] = []

    async def close(self) -> None:
        await self._reads.close()
        await self._appends.close()

    async def lease(
        self, batch_ids: Sequence[int], *, own_window_ids: Sequence[int]
    ) -> list[LeasedBatch]:
        """Take those of these batches that are free, in the order asked for.

        What a crashed connector left open in them is parked as unknown. One whose content cannot be
        read (its campaign is gone) is told in the log and on its row, and put off.
        """
        params = {
            "batch_ids": list(batch_ids),
            "gateway_id": self._gateway_id,
            "sandbox_id": self._sandbox_id,
            "capped": list(self._capped()),
            "connector": self._connector,
            "lease_s": LEASE_S,
        }
        async with self._reads as connection, connection.transaction():
            # The log before the batches, as whoever appends locks them.
            await connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", [sql.LOG_LOCK])
            cursor = await connection.execute(sql.LEASE_BATCHES.encode(), params)
            leased = {}
            for row in await cursor.fetchall():
                try:
                    leased[row[0]] = await self._leased(connection, row, own_window_ids)
                except psycopg.Error:
                    raise
                except Exception as error:
                    log.exception("batch not read", batch=row[0])
                    await self._put_off(connection, row[0], error)
        return [leased[batch_id] for batch_id in dict.fromkeys(batch_ids) if batch_id in leased]

    async def _put_off(
        self, connection: psycopg.AsyncConnection[Any], batch_id: int, error: Exception
    ) -> None:
        problem = f"{type(error).__name__}: {error}".replace("\0", "")
        params = {
            "batch_id": batch_id,
            "problem": problem[:200],
            "lease_s": LEASE_S,
            "longest_s": LONGEST_PUT_OFF_S,
        }
        await connection.execute(sql.PUT_OFF_BATCH, params)

    async def _leased(
        self,
        connection: psycopg.AsyncConnection[Any],
        row: tuple[Any, ...],
        own_window_ids: Sequence[int],
    ) -> LeasedBatch:
        """From a row of LEASE_BATCHES."""
        (batch_id, workspace_id, campaign_id, lane, first, last, marked, body, extra, cap, promised,
         sender, is_capped) = row  # fmt: skip
        if marked >= first:
            await self._park_unknown(connection, batch_id, first, last, own_window_ids)
        # Marked through, nothing of it is left to say: it ends although its content may be spoiled.
        content = NO_CONTENT
        if marked < last:
            content = await self._content(connection, campaign_id, body, extra)
        capped = self._capped()
        caps = replace(content.caps(cap[0], cap[1], promised), legal=capped if is_capped else ())
        return LeasedBatch(
            batch_id,
            workspace_id,
            campaign_id,
            lane,
            last,
            marked + 1,
            content,
            caps,
            capped,
            sender,
        )

    async def _park_unknown(
        self,
        connection: psycopg.AsyncConnection[Any],
        batch_id: int,
        first: int,
        last: int,
        own_window_ids: Sequence[int],
    ) -> None:
        params = {
            "batch_id": batch_id,
            "first_id": first,
            "last_id": last,
            "own_window_ids": list(own_window_ids),
        }
        row = await fetch_one(connection, sql.PARK_UNKNOWN, params)
        if row and row[0]:
            log.warning("answers lost, parked as unknown", batch=batch_id, messages=row[0])

    async def _content(
        self,
        connection: psycopg.AsyncConnection[Any],
        campaign_id: int | None,
        body: str,
        extra: dict[str, object],
    ) -> Content:
        if campaign_id is None:
            return content_of_single(body=body, extra=extra)
        content = self._contents.find(campaign_id)
        if content is None:
            row = await fetch_one(connection, READ_CAMPAIGN, {"campaign_id": campaign_id})
            if row is None:
                raise LookupError(f"campaign {campaign_id} is gone")
            content = self._contents.keep(campaign_id, content_of_campaign(row))
        return content.chosen(extra.get("law_choices", ""))

    async def mark(
        self, batch: LeasedBatch, *, size: int, now: float
    ) -> tuple[Window, list[Row]] | None:
        """Mark the next window of a batch and read it; None: the batch is no longer ours."""
        self._hold_to_law([batch])
        last = min(batch.next_id + size - 1, batch.last_message_id)
        ends = {"first_id": batch.next_id, "last_id": last}
        params = ends | {
            "batch_id": batch.id,
            "connector": self._connector,
            "lease_s": LEASE_S,
        }
        async with (
            self._marking() as marked,
            self._reads as connection,
            at_once(connection, batch.caps),
        ):
            marks = await mark(connection, batch, sql.MARK_WINDOW, params)
            if not marks:
                batch.is_lost = True
                return None
            await claim(connection, batch, sql.CLAIM_RANGE, ends)
            window = Window(marks[0][0], batch, 0, now)
            marked.append(window)
            gate = self._gate(batch) | {"window_id": window.id}
            async with connection.cursor() as cursor:
                await cursor.execute(sql.READ_WINDOW, ends | gate)
                rows: list[Row] = []
                while part := await cursor.fetchmany(READ_SLICE):
                    rows += part
                    await asyncio.sleep(0)  # answers that came meanwhile make room: it is filled
        batch.next_id = last + 1
        window.open_count = len(rows)
        return window, rows

    def _gate(self, batch: LeasedBatch) -> dict[str, Any]:
        """What every read for the gate binds."""
        return {**self._params(batch.content), **batch.caps.params()}

    def _params(self, content: Content) -> dict[str, object]:
        return content.gate_params(is_simulated=not self._asks_law)

    def _capped(self) -> tuple[str, ...]:
        """Where law caps texts; nowhere, where no phone gets them."""
        return capped_places(now().date()) if self._asks_law else ()

    def _hold_to_law(self, batches: Sequence[LeasedBatch]) -> None:
        """Law may have another cap since they were leased: packs are activated, and days come."""
        capped = self._capped()
        if all(batch.capped == capped for batch in batches):
            return
        for batch in batches:
            batch.capped, batch.caps = capped, replace(batch.caps, legal=capped)

    @asynccontextmanager
    async def _marking(self) -> AsyncIterator[list[Window]]:
        """Windows that are marked within: whatever ends it early, they are `take_unread`'s."""
        marked: list[Window] = []
        try:
            yield marked
        except BaseException:
            self._unread += marked
            raise

    def take_unread(self) -> list[Window]:
        """Windows that were marked, and then the call failed: nobody had them to hand anything off.

        They are given back by an `append` that names them; where the mark was rolled back it does nothing.
        """
        unread, self._unread = self._unread, []
        return unread

    async def mark_singles(
        self, batches: Sequence[LeasedBatch], *, now: float
    ) -> list[tuple[Window, list[Row]]]:
        """Mark single texts on equal terms (`LeasedBatch.terms`) together, and read them.

        Each has its own window, in the order of the texts; one that is no longer ours is
        `is_lost`, and not among them.
        """
        self._hold_to_law(batches)
        by_id, first = {batch.id: batch for batch in batches}, batches[0]
        params = {
            "batch_ids": list(by_id),
            "connector": self._connector,
            "lease_s": LEASE_S,
        }
        async with (
            self._marking() as marked,
            self._reads as connection,
            at_once(connection, first.caps),
        ):
            marks = dict(await mark(connection, first, sql.MARK_SINGLES, params))
            marked += [Window(key, by_id[batch_id], 0, now) for key, batch_id in marks.items()]
            message_ids = {
                window_id: by_id[batch_id].next_id for window_id, batch_id in marks.items()
            }
            gate = self._gate(first) | {
                "window_ids": list(message_ids),
                "message_ids": list(message_ids.values()),
            }
            await claim(connection, first, sql.CLAIM_LISTED, gate)
            cursor = await connection.execute(sql.READ_SINGLES.encode(), gate)
            rows = {row[0]: row for row in await cursor.fetchall()}
        windows = []
        for window in sorted(marked, key=lambda one: one.id):
            batch = by_id.pop(window.batch.id)
            mine = [rows[batch.next_id]] if batch.next_id in rows else []
            batch.next_id += 1
            window.open_count = len(mine)
            windows.append((window, mine))
        for batch in by_id.values():
            batch.is_lost = True
        return windows

    async def find_doubts(
        self, *, after_id: int, limit: int
    ) -> list[tuple[LeasedBatch, list[int]]]:
        """Messages that are unknown and may be said again, above an id: with what they share."""
        params = {"gateway_id": self._gateway_id, "after_id": after_id, "limit": limit}
        async with self._reads as connection:
            rows = await (await connection.execute(FIND_DOUBTS, params)).fetchall()
            found = []
            for workspace_id, campaign_id, lane, body, extra, cap, promised, ids in rows:
                content = await self._content(connection, campaign_id, body, extra)
                caps = replace(content.caps(cap[0], cap[1], promised), legal=self._capped())
                batch = LeasedBatch(0, workspace_id, campaign_id, lane, 0, 1, content, caps)
                found.append((batch, ids))
        return found

    async def read_doubts(self, batch: LeasedBatch, message_ids: Sequence[int]) -> list[Row]:
        """The rows of those that are still unknown, as a window's are read."""
        gate = self._gate(batch) | {"window_id": EVERY_WINDOW}
        async with self._reads as connection:
            cursor = await connection.execute(
                sql.READ_DOUBTS.encode(), gate | {"message_ids": list(message_ids)}
            )
            return list(await cursor.fetchall())

    async def find_silent(self, *, after_s: float) -> tuple[int, list[tuple[int, Asked]]] | None:
        """The next messages to ask the carrier for, by outcome id, and where the page ends.

        None: nothing in the log is old enough that was not looked at.
        """
        params = {"gateway_id": self._gateway_id, "cursor": self._query_cursor, "after_s": after_s}
        async with self._reads as connection:
            rows = await (await connection.execute(FIND_SILENT, params)).fetchall()
        if not rows or rows[0][1] <= rows[0][0]:
            return None
        return rows[0][1], [(row[2], Asked(*row[3:])) for row in rows if row[2] is not None]

    async def note_queried(self, outcome_id: int) -> None:
        """Everything up to this outcome is asked for, or needs no question."""
        params = {"cursor": self._query_cursor, "position": outcome_id}
        async with self._reads as connection:
            await connection.execute(NOTE_QUERIED, params)

    async def withdrawn(self, message_ids: Sequence[int], content: Content) -> dict[int, str]:
        """Which of these marked messages may not go any more, and why (see READ_WITHDRAWN)."""
        params = {
            "message_ids": list(message_ids),
            **self._params(content),
            "needs_consent": content.needs_consent,
        }
        async with self._reads as connection, connection.cursor() as cursor:
            await cursor.execute(READ_WITHDRAWN, params)
            return dict(await cursor.fetchall())

    async def renew(self, batch_ids: Sequence[int]) -> set[int]:
        """Keep leases alive; answers those that are still ours."""
        params = {
            "batch_ids": list(batch_ids),
            "connector": self._connector,
            "lease_s": LEASE_S,
        }
        async with self._reads as connection, connection.cursor() as cursor:
            await cursor.execute(sql.RENEW_LEASES, params)
            return {row[0] for row in await cursor.fetchall()}

    async def release(self, batch_id: int) -> None:
        async with self._reads as connection:
            params = {"batch_id": batch_id, "connector": self._connector}
            await connection.execute(sql.RELEASE_BATCH, params)

    async def append(self, settled: Settled, *, is_again: bool = False) -> None:
        """Outcomes by COPY with the windows and batches they complete, in one commit.

        `is_again`: an earlier call was not answered; if it was committed, nothing is done. (A
        message held twice by one hold would be woken twice.)
        """
        columns = ", ".join(sql.OUTCOME_COLUMNS)
        async with self._appends as connection, connection.transaction():
            cursor = connection.cursor()
            if settled.started_campaign_ids:
                # Campaigns first, before the log and their batches, as whoever cancels or settles one
                # locks them: the other way round each would wait for the other.
                await cursor.execute(
                    "WITH started AS (SELECT id FROM campaigns_campaign"
                    " WHERE id = ANY(%s) AND first_handoff_at IS NULL ORDER BY id FOR NO KEY UPDATE)"
                    " UPDATE campaigns_campaign c SET first_handoff_at = now()"
                    " FROM started WHERE c.id = started.id",
                    [settled.started_campaign_ids],
                )
            # Of a gateway one at a time: an unanswered append is over before it is asked for.
            await cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, %s), pg_advisory_xact_lock_shared(%s)",
                [sql.APPEND_LOCK, self._gateway_id, sql.LOG_LOCK],
            )
            if is_again and settled.rows and await _is_appended(cursor, settled.rows[0]):
                return
            if settled.rows:
                statement = f"COPY messaging_outcome ({columns}) FROM STDIN"
                async with cursor.copy(statement.encode()) as copy:
                    await copy.write("".join(settled.rows))
            if settled.proof_rows:
                async with cursor.copy(_COPY_PROOFS.encode()) as copy:
                    await copy.write("".join(settled.proof_rows))
            if settled.unread_window_ids:
                params = {"window_ids": settled.unread_window_ids, "hold_s": UNREAD_HOLD_S}
                await cursor.execute(sql.GIVE_BACK_WINDOWS, params)
            if settled.window_ids:
                await cursor.execute(sql.SETTLE_WINDOWS, {"window_ids": settled.window_ids})
            if settled.batch_ids:
                params = {"batch_ids": settled.batch_ids, "connector": self._connector}
                await cursor.execute(sql.FINISH_BATCHES, params)


async def _is_appended(cursor: psycopg.AsyncCursor[Any], row: str) -> bool:
    """Whether this outcome row (COPY's text form) is in the log."""
    message_id, _gateway, at, outcome, _rest = row.split("\t", 4)
    await cursor.execute(
        "SELECT 1 FROM messaging_outcome WHERE message_id = %s AND at = %s::timestamptz"
        " AND outcome = %s",
        [int(message_id), at, outcome],
    )
    return await cursor.fetchone() is not None
