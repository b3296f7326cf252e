"""The carrier's answers become appended outcomes, some thousands in one commit.

Nothing is lost when PostgreSQL is away: rows wait in memory until it is back; the windows they
belong to stay marked, so a crash meanwhile makes them unknown, never sent twice.
"""

import asyncio
import re
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import orjson
import structlog

from textwell.gateways.providers.base import Accepted, Rejected
from textwell.messaging.law import NO_LAW
from textwell.messaging.proof.collecting import Collector, RawBlock
from textwell.messaging.proof.judged import Terms, withdrawn_of
from textwell.runtime.connector.ledger import DATABASE_ERRORS, Ledger, Settled
from textwell.runtime.connector.meters import Meters
from textwell.runtime.connector.window import LeasedBatch, LeftOut, Pending, Window
from textwell.smpp.recent import Recent

log = structlog.get_logger()

FLUSH_ROWS = 4_000
FLUSH_S = 0.05
FIRST_DELAY_S, MAX_DELAY_S = 0.1, 2.0  # between tries to append
# Campaigns that are known to have begun; one that is forgotten is told again, which changes nothing.
MOST_STARTED, STARTED_S = 20_000, 24 * 3600.0
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_find_special = re.compile(r"[\\\t\n\r]").search


def _escape(text: str) -> str:
    """A value in COPY's text form."""
    return text.translate(_ESCAPES) if _find_special(text) else text


def _stamp(epoch: float) -> str:
    """Seconds since the epoch as PostgreSQL reads them in COPY."""
    whole = int(epoch)
    broken = time.gmtime(whole)
    micros = int((epoch - whole) * 1_000_000)
    return (
        f"{broken.tm_year:04d}-{broken.tm_mon:02d}-{broken.tm_mday:02d} {broken.tm_hour:02d}:"
        f"{broken.tm_min:02d}:{broken.tm_sec:02d}.{micros:06d}+00"
    )


def _proof_row(block: RawBlock) -> str:
    return "\t".join(map(_escape, block.row())) + "\n"


class Settler:
    """Collects outcomes of one gateway and appends them."""

    def __init__(
        self,
        *,
        gateway_id: int,
        ledger: Ledger,
        meters: Meters,
        on_batch_done: Callable[[LeasedBatch], None],
        on_settled: Callable[[Sequence[Window]], None],
    ) -> None:
        self._gateway = str(gateway_id)
        self._ledger = ledger
        self._meters = meters
        self._on_batch_done = on_batch_done
        self._on_settled = on_settled
        self.proofs = Collector()
        self._rows: list[str] = []
        self._windows: list[Window] = []
        self._unread: list[Window] = []
        self._open_by_batch: dict[int, int] = {}
        self._started: Recent[int, None] = Recent(most=MOST_STARTED, age_s=STARTED_S)
        self._new_started: list[int] = []
        self._wake = asyncio.Event()
        self._taken: tuple[Settled, list[Window]] | None = None  # being appended

    @property
    def is_empty(self) -> bool:
        is_noted = self._rows or self._windows or not self.proofs.is_empty
        return not is_noted and self._taken is None

    def open_window(self, window: Window) -> None:
        """A window is marked; one without a message left in it is settled at once."""
        batch = window.batch.id
        self._open_by_batch[batch] = self._open_by_batch.get(batch, 0) + 1
        if window.open_count == 0:
            self._close(window)

    def give_back(self, window: Window) -> None:
        """Marked, and never read or never composed: of none of its messages a byte left. They wait again."""
        window.open_count = 0
        self.open_window(window)
        self._unread.append(window)

    def accepted(self, pending: Iterable[tuple[Pending, Accepted]]) -> None:
        """The carrier has them."""
        at = _stamp(time.time())
        count = 0
        for message, answer in pending:
            self._rows.append(self._accepted_row(message, answer, at))
            self._count(message.window)
            count += 1
        self._meters.outcome("accepted", count=count)

    def late(self, message: Pending, answer: Accepted) -> None:
        """The answer that was given up for lost: the message was counted as unknown already."""
        self._rows.append(self._accepted_row(message, answer, _stamp(time.time())))
        self._meters.outcome("accepted", "late")

    def _accepted_row(self, message: Pending, answer: Accepted, at: str) -> str:
        handoff = message.handoff
        return (
            f"{handoff.message_id}\t{self._gateway}\t{at}\tsubmitted\t\t\t"
            f"{_escape(answer.provider_message_id[:65])}\t{answer.provider_key}\t"
            f"{message.segment_count}\t{message.encoding}\t{message.cost_micros}\t"
            f"{_escape(handoff.text)}\t\\N\n"
        )

    def rejected(self, message: Pending, answer: Rejected) -> None:
        self._plain(message, "rejected", answer.reason, answer.code)

    def unknown(self, message: Pending) -> None:
        """Handed over at some time after its mark, answer lost."""
        if message.window.is_doubt:
            return  # as before
        at = time.time() - (time.monotonic() - message.window.marked_at)
        self._plain(message, "unknown", "answer_lost", "", at=at, cost=message.cost_micros)

    def withdrawn(
        self, message: Pending, outcome: str, reason: str, *, hold_s: float = 0.0
    ) -> None:
        """Marked, but not a byte of it left: skipped, expired, canceled or held for `hold_s`."""
        if message.window.is_doubt:
            return  # it may have left before: it stays unknown
        until = _stamp(time.time() + hold_s)
        seconds = f"{until[:10]}T{until[11:19]}Z" if outcome == "held" else ""
        self._prove_withdrawn(message, outcome, reason, seconds)
        held: dict[str, object] = {"until": until, "window": message.window.id}
        self._plain(message, outcome, reason, "", facts=held if outcome == "held" else None)

    def _prove_withdrawn(self, message: Pending, outcome: str, reason: str, until: str) -> None:
        """Else the only proof would be that the gate let it go."""
        batch, handoff = message.window.batch, message.handoff
        content = batch.content
        country = message.place.country if message.place else ""
        terms = Terms(
            batch.campaign_id, int(self._gateway), content.purpose, content.wording_hash,
            handoff.sender, country, NO_LAW,
        )  # fmt: skip
        second = datetime.now(UTC).replace(microsecond=0)  # many are kept back at once
        self.proofs.note_withdrawn(
            batch.workspace_id,
            message_id=handoff.message_id,
            msisdn=handoff.msisdn,
            judged=withdrawn_of(terms, second, outcome, reason, until),
        )

    def _plain(
        self,
        message: Pending,
        outcome: str,
        reason: str,
        code: str,
        *,
        at: float | None = None,
        cost: int = 0,
        facts: dict[str, object] | None = None,
    ) -> None:
        handoff = message.handoff
        proof = _escape(orjson.dumps(facts).decode()) if facts else "\\N"
        self._rows.append(
            f"{handoff.message_id}\t{self._gateway}\t{_stamp(at or time.time())}\t{outcome}\t{reason[:40]}\t"
            f"{_escape(code[:40])}\t\t\\N\t{message.segment_count}\t{message.encoding}\t{cost}\t"
            f"{_escape(handoff.text)}\t{proof}\n"
        )
        self._meters.outcome(outcome, reason)
        self._count(message.window)

    def left_out(self, window: Window, messages: Iterable[LeftOut]) -> None:
        """The gate kept them back: the proof goes with the outcome."""
        at = _stamp(time.time())
        for message in messages:
            facts = _escape(orjson.dumps(message.facts, default=str).decode())
            self._rows.append(
                f"{message.message_id}\t{self._gateway}\t{at}\t{message.outcome}\t{message.reason[:40]}\t"
                f"\t\t\\N\t0\t\t0\t\t{facts}\n"
            )
            self._meters.outcome(message.outcome, message.reason)
            self._count(window)

    def _count(self, window: Window) -> None:
        if window.is_doubt:
            return
        window.open_count -= 1
        campaign = window.batch.campaign_id
        if campaign is not None and campaign not in self._started:
            self._started.put(campaign, None, time.monotonic())
            self._new_started.append(campaign)
        if window.open_count == 0:
            self._close(window)
        if len(self._rows) >= FLUSH_ROWS:
            self._wake.set()

    def _close(self, window: Window) -> None:
        self._windows.append(window)

    async def run(self) -> None:
        """Append for ever; cancelled, `flush` goes on with what it was appending."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), FLUSH_S)
            self._wake.clear()
            await self.flush()

    async def flush(self) -> None:
        """Append what is there; keeps trying while PostgreSQL is away."""
        delay = FIRST_DELAY_S
        while not self.is_empty:
            is_again = self._taken is not None  # it failed, or was cancelled: perhaps it is there
            self._taken = settled, windows = self._taken or self._take()
            try:
                await self._ledger.append(settled, is_again=is_again)
            except DATABASE_ERRORS as error:
                log.warning(
                    "outcomes wait for the database", rows=len(settled.rows), error=str(error)
                )
                await asyncio.sleep(delay)
                delay = min(delay * 2, MAX_DELAY_S)
                continue
            self._taken = None
            delay = FIRST_DELAY_S
            self._tell(windows, settled.batch_ids)

    def _take(self) -> tuple[Settled, list[Window]]:
        rows, windows, started = self._rows, self._windows, self._new_started
        unread = [window.id for window in self._unread]
        self._rows, self._windows, self._new_started, self._unread = [], [], [], []
        done = []
        for window in windows:
            batch = window.batch
            left = self._open_by_batch[batch.id] - 1
            self._open_by_batch[batch.id] = left
            if left == 0:
                del self._open_by_batch[batch.id]
                if batch.is_marked_through or batch.is_lost:  # lost: perhaps it was cut short
                    done.append(batch.id)
        proofs = [_proof_row(block) for block in self.proofs.take()]
        return Settled(rows, [w.id for w in windows], done, started, unread, proofs), windows

    def _tell(self, windows: list[Window], done_ids: list[int]) -> None:
        self._on_settled(windows)
        done = set(done_ids)
        for window in windows:
            if window.batch.id in done:
                done.discard(window.batch.id)
                self._on_batch_done(window.batch)
