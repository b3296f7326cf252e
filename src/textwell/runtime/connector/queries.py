"""Accepted messages whose receipt never came: the carrier is asked once, where the gateway says so.

A cursor goes through the log of outcomes behind the fold, so that each is looked at once and nothing
is written for it. What the carrier answers goes the way of every receipt.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from textwell.gateways.providers.base import AnswersQueries, GatewayUnreachable, Receipt
from textwell.runtime.connector.ledger import DATABASE_ERRORS, Ledger
from textwell.runtime.connector.link import LinkKeeper

log = structlog.get_logger()

LOOK_S = 15.0
PAUSE_S = 0.1  # between two questions: ten a second at the most, one at a time


class Queries:
    """Asks for one gateway; `hear` takes what a receipt would have said."""

    def __init__(
        self,
        connection: AnswersQueries,
        *,
        ledger: Ledger,
        link: LinkKeeper,
        hear: Callable[[list[Receipt]], Awaitable[None]],
    ) -> None:
        self._connection = connection
        self._ledger = ledger
        self._link = link
        self._hear = hear

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await asyncio.sleep(LOOK_S)
            await self._link.is_up.wait()
            try:
                while await self.look():
                    pass
            except (*DATABASE_ERRORS, GatewayUnreachable) as error:
                log.debug("query put off", error=str(error))

    async def look(self) -> bool:
        """Ask for the next page of the log; False: there is nothing more to look at now.

        Raises GatewayUnreachable if an answer is lost: the rest of the page is asked next time.
        """
        page = await self._ledger.find_silent(after_s=self._connection.query_after_s)
        if page is None:
            return False
        asked_until, questions = page
        for outcome_id, asked in questions:
            try:
                receipt = await self._connection.query(asked)
            except GatewayUnreachable:
                await self._ledger.note_queried(outcome_id - 1)
                raise
            if receipt is not None:
                await self._hear([receipt])
            await asyncio.sleep(PAUSE_S)
        await self._ledger.note_queried(asked_until)
        return True
