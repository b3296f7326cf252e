"""Messages whose answer was lost, at a carrier that knows our ids again: said once more.

Nothing is marked for it. A message stays `unknown` in the ledger until the carrier answers, so a
crash in the middle costs nothing, and what the gate would keep back now stays as it is.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog

from textwell.gateways.providers.base import GatewaySpec
from textwell.runtime.connector.ledger import DATABASE_ERRORS, Ledger
from textwell.runtime.connector.link import LinkKeeper
from textwell.runtime.connector.preparing import prepare
from textwell.runtime.connector.window import DOUBT, LeasedBatch, Pending, Prepared, Window
from textwell.smpp.recent import Recent

log = structlog.get_logger()

LOOK_S, MAX_LOOK_S = 2.0, 60.0  # the longer, the more looks settled nothing
MOST = 500  # messages of one look
MOST_SETTLED, SETTLED_S = 200_000, 3600.0  # longer than a doubt is said again


class Doubts:
    """Says the doubts of one gateway again, by `send`; `is_asked` tells what waits for its answer.

    One whose answer came and is forgotten before the ledger has it may be said once more, to a
    carrier that knows its id.
    """

    def __init__(
        self,
        *,
        spec: GatewaySpec,
        ledger: Ledger,
        link: LinkKeeper,
        send: Callable[[list[Pending]], Awaitable[None]],
        is_asked: Callable[[int], bool],
    ) -> None:
        self._spec = spec
        self._ledger = ledger
        self._link = link
        self._send = send
        self._is_asked = is_asked
        # Answered, and perhaps not folded yet.
        self._settled: Recent[int, None] = Recent(most=MOST_SETTLED, age_s=SETTLED_S)
        self._after_id = 0  # this round has come so far

    def settled(self, pending: Pending) -> None:
        """The carrier said what became of it."""
        self._settled.put(pending.handoff.message_id, None, time.monotonic())

    async def run(self) -> None:
        """Look for ever."""
        delay = LOOK_S
        while True:
            await asyncio.sleep(delay)
            await self._link.is_up.wait()
            try:
                count = await self.look()
            except DATABASE_ERRORS as error:
                log.debug("doubts not read", error=str(error))
                continue
            delay = min(delay * 2, MAX_LOOK_S) if count else LOOK_S

    async def look(self) -> int:
        """Say again what is unknown, the next page of it; answers how many messages that were."""
        groups = await self._ledger.find_doubts(after_id=self._after_id, limit=MOST)
        found = {message_id for _batch, ids in groups for message_id in ids}
        self._after_id = max(found) if len(found) == MOST else 0
        if not found:
            self._settled.clear()
        count = 0
        for batch, message_ids in groups:
            open_ids = [i for i in message_ids if i not in self._settled and not self._is_asked(i)]
            if open_ids:
                await self._say_again(batch, open_ids)
                count += len(open_ids)
        if count:
            log.info("said again, answers were lost", gateway=self._spec.name, messages=count)
        return count

    async def _say_again(self, batch: LeasedBatch, message_ids: list[int]) -> None:
        rows = await self._ledger.read_doubts(batch, message_ids)
        window = Window(DOUBT, batch, len(rows), time.monotonic())
        prepared = Prepared()
        prepare(rows, window=window, spec=self._spec, at=datetime.now(UTC), into=prepared)
        await self._send(prepared.pending)
