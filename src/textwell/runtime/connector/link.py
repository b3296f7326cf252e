"""The link to the carrier: opened with back-off and full jitter, watched, opened again."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from textwell.gateways.providers.base import Connection, GatewayRefused, GatewayUnreachable

log = structlog.get_logger()

FIRST_DELAY_S = 0.2
MAX_DELAY_S = 30.0
# Wrong credentials: somebody must mend the settings, which starts a new connector at once. But a
# carrier may err too, so we ask again, seldom enough not to lock the account.
REFUSED_DELAY_S = 60.0
MAX_REFUSED_DELAY_S = 900.0
LOG_EVERY_S = 30.0  # while nothing changes; /metrics counts every try
STEADY_S = 5.0  # a link that fell sooner counts as one more failed try


class Watcher(Protocol):
    """Whoever wants to know how the link is."""

    def set_problem(self, problem: str) -> None:
        """What stands in the way, for people; '' while the link is up."""

    def set_refused(self, reason: str) -> None:
        """The carrier will not have us as configured; '' once it has accepted us."""


class LinkKeeper:
    """Keeps one connection open until cancelled."""

    def __init__(
        self,
        connection: Connection,
        *,
        name: str,
        watcher: Watcher,
        on_tried: Callable[[str], None],
        pick: Callable[[float, float], float] = random.uniform,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._connection = connection
        self._name = name
        self._watcher = watcher
        self._on_tried = on_tried
        self._pick = pick
        self._sleep = sleep
        self._is_told = False
        self._leaving = asyncio.Event()
        self._delay_s = FIRST_DELAY_S
        self._refused_delay_s = REFUSED_DELAY_S
        self._logged_error = ""
        self._logged_at = float("-inf")
        self.is_up = asyncio.Event()
        self._is_down = asyncio.Event()
        self._is_down.set()
        self.is_refused = (
            asyncio.Event()
        )  # the carrier will not have us; until the link is up again

    def changed(self, *, is_up: bool, reason: str) -> None:
        """The provider says that the link came up or went down."""
        self._is_told = True
        if is_up:
            self._is_down.clear()
            self.is_refused.clear()
            self.is_up.set()
            self._watcher.set_refused("")
            self._watcher.set_problem("")
        else:
            self.is_up.clear()
            self._is_down.set()
            if not self.is_refused.is_set():  # else a bind fell that was of no use anyway
                self._watcher.set_problem(reason)

    def refuse(self, reason: str, code: str) -> None:
        """The carrier answers that it takes nothing of us: rest, and ask again seldom."""
        if not self.is_up.is_set():
            return
        self.is_up.clear()
        self._is_down.set()
        self._on_tried("refused")
        self._note_refusal(reason, code)

    def leave(self) -> None:
        """Open nothing any more: what closes now is closed by us."""
        self._leaving.set()

    async def run(self) -> None:
        """Until cancelled, or the first end of a link after `leave`."""
        while not self._leaving.is_set():
            began = time.monotonic()
            wait = await self._try_open()
            if wait is None:
                await self._is_down.wait()
                if self._leaving.is_set():
                    return
                wait = self._lost_after(time.monotonic() - began)
                if self.is_refused.is_set():
                    wait = self._back_off_refused()
            await self._sleep(wait)

    async def _try_open(self) -> float | None:
        """None: open. Else the seconds to wait before the next try."""
        self._is_told = False
        try:
            await self._connection.open()
        except GatewayRefused as error:
            self._note_refusal(str(error))
            self._on_tried("refused")
            return self._back_off_refused()
        except (GatewayUnreachable, OSError, TimeoutError) as error:
            self._watcher.set_problem(str(error))
            self._on_tried("unreachable")
            wait = self._back_off()
            self._log_unreachable(str(error), wait)
            return wait
        if not self._is_told:
            self.changed(is_up=True, reason="")
        self._on_tried("bound")
        self._logged_error = ""
        log.info("gateway bound", gateway=self._name)
        return None

    def _note_refusal(self, reason: str, code: str = "") -> None:
        log.error("gateway refused us", gateway=self._name, error=reason, code=code)
        self.is_refused.set()
        self._watcher.set_problem(reason)
        self._watcher.set_refused(reason)

    def _back_off_refused(self) -> float:
        wait = self._refused_delay_s
        self._refused_delay_s = min(wait * 2, MAX_REFUSED_DELAY_S)
        return wait

    def _log_unreachable(self, error: str, wait: float) -> None:
        """The first tries follow each other within a second: one line for the lot."""
        is_news = error != self._logged_error or time.monotonic() - self._logged_at > LOG_EVERY_S
        if is_news:
            self._logged_error, self._logged_at = error, time.monotonic()
        write = log.warning if is_news else log.debug
        write("gateway unreachable", gateway=self._name, error=error, again_in_s=round(wait, 1))

    def _lost_after(self, seconds: float) -> float:
        """A steady link is made again at once; one that falls as soon as it stands is not."""
        if seconds >= STEADY_S:
            self._delay_s = FIRST_DELAY_S
            self._refused_delay_s = REFUSED_DELAY_S
            return 0.0
        return self._back_off()

    def _back_off(self) -> float:
        wait = self._pick(0, self._delay_s)
        self._delay_s = min(self._delay_s * 2, MAX_DELAY_S)
        return wait
