"""Which calls of carriers were taken lately, so that one said again is answered and not taken twice."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from textwell.smpp.recent import Recent

MOST: Final = 200_000  # some 40 MB; the younger half surely
AGE_S: Final = 900.0  # a signature holds for five minutes to either side of its time


class KnownCalls:
    """Of this process.

    A call that another one took, or that is older, is recognised by the rows: receipts by the fold,
    texts by their own id. Nothing here is needed for the truth.
    """

    def __init__(self, *, most: int = MOST) -> None:
        self._calls: Recent[str, asyncio.Future[bool]] = Recent(most=most, age_s=AGE_S)

    async def once(self, key: str, store: Callable[[], Awaitable[None]]) -> bool:
        """Store it, True; or, once a call with this key is stored, False.

        What `store` raises is raised, and the call is as good as never heard. Whoever repeats it while
        the first is under way waits for that one, and takes over if it fails.
        """
        while (earlier := self._calls.get(key)) is not None:
            if await asyncio.shield(earlier):
                return False
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._calls.put(key, answer, time.monotonic())
        is_stored = False
        try:
            await store()
            is_stored = True
        finally:
            if not is_stored:
                self._calls.pop(key)
            answer.set_result(is_stored)
        return True
