"""The ESME's door for outbind: an SMSC connects and asks to be bound to (3.4 section 2.2.1)."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable

from textwell.smpp.client import Client
from textwell.smpp.connection import Connection
from textwell.smpp.errors import SmppError
from textwell.smpp.events import Event, OutbindReceived
from textwell.smpp.states import Side


class OutbindListener:
    """Lets a client be bound over connections that the SMSC makes.

    `accept(system_id, password)` judges the SMSC; a refused one, and any while the client is bound
    already, is cut off. `on_trouble(error)` hears of binds that failed. Port 0 takes any free one.
    """

    def __init__(
        self,
        client: Client,
        *,
        host: str,
        port: int,
        accept: Callable[[str, str], bool],
        on_trouble: Callable[[SmppError], None],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._client = client
        self._address = (host, port)
        self._accept = accept
        self._on_trouble = on_trouble
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """The port that is listened on."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def start(self) -> None:
        """Listen. Raises OSError if the address is taken."""
        host, port = self._address
        self._server = await asyncio.get_running_loop().create_server(
            lambda: Connection(Side.ESME, self._client.config.session, self._take),
            host,
            port,
            ssl=self._tls,
        )

    def stop(self) -> None:
        """Listen no more; a bound client stays bound. Calling twice is safe."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()

    def _take(self, connection: Connection, event: Event) -> None:
        if not isinstance(event, OutbindReceived):
            self._client.take(connection, event)
        elif self._client.is_bound or not self._accept(event.system_id, event.password):
            connection.abort()
        else:
            task = asyncio.create_task(self._bind(connection), name="smpp-bind-after-outbind")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _bind(self, connection: Connection) -> None:
        try:
            await self._client.bind_over(connection)
        except SmppError as error:
            self._on_trouble(error)
