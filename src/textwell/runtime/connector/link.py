"""The link to the carrier: opened with back-off and full jitter, watched, opened again."""

import asyncio
import random
from collections.abc import Callable

import structlog

from textwell.gateways.providers.base import Connection, GatewayRefused, GatewayUnreachable
from textwell.runtime.connector.meters import Meters

log = structlog.get_logger()

FIRST_DELAY_S = 0.2
MAX_DELAY_S = 30.0
REFUSED_DELAY_S = (
    60.0  # wrong credentials: somebody must mend the settings, but a carrier may err too
)


class LinkKeeper:
    """Keeps one connection open until cancelled. `on_problem` gets what stands in the way, '' if up."""

    def __init__(
        self,
        connection: Connection,
        *,
        name: str,
        on_problem: Callable[[str], None],
        meters: Meters,
    ) -> None:
        self._connection = connection
        self._name = name
        self._on_problem = on_problem
        self._meters = meters
        self.is_up = asyncio.Event()
        self._is_down = asyncio.Event()
        self._is_down.set()

    def changed(self, *, is_up: bool, reason: str) -> None:
        """The provider says that the link came up or went down."""
        if is_up:
            self._is_down.clear()
            self.is_up.set()
            self._on_problem("")
        else:
            self.is_up.clear()
            self._is_down.set()
            self._on_problem(reason)

    async def run(self) -> None:
        delay = FIRST_DELAY_S
        while True:
            await self._is_down.wait()
            wait = await self._try_open(delay)
            if wait is None:
                delay = FIRST_DELAY_S
                continue
            await asyncio.sleep(wait)
            delay = min(delay * 2, MAX_DELAY_S)

    async def _try_open(self, delay: float) -> float | None:
        """None: open. Else the seconds to wait before the next try."""
        try:
            await self._connection.open()
        except GatewayRefused as error:
            log.error("gateway refused us", gateway=self._name, error=str(error))  # noqa: TRY400 - no trace wanted
            self._on_problem(str(error))
            self._meters.bind_tried("refused")
            return REFUSED_DELAY_S
        except (GatewayUnreachable, OSError, TimeoutError) as error:
            log.warning("gateway unreachable", gateway=self._name, error=str(error))
            self._on_problem(str(error))
            self._meters.bind_tried("unreachable")
            return random.uniform(0, delay)  # noqa: S311 - jitter, not a secret
        if not self.is_up.is_set():
            self.changed(is_up=True, reason="")
        self._meters.bind_tried("bound")
        log.info("gateway bound", gateway=self._name)
        return None
