"""Batches of messages by POST. Each batch has its answer; nothing waits for another.

The carrier knows our message ids again, so a batch whose answer is lost is said once more before
its messages are Unknown.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from typing import Final

import aiohttp
import msgspec
from aiohttp.connector import AddrInfoType

from textwell.gateways.failures import ACCOUNT_REFUSALS, FailureClass
from textwell.gateways.providers.base import (
    Accepted,
    Answer,
    GatewayRefused,
    GatewaySpec,
    GatewayUnreachable,
    Handlers,
    Handoff,
    NotSent,
    Refused,
    Rejected,
    Throttled,
    Unknown,
)
from textwell.gateways.wall import OutsideTheBox, check_address
from textwell.smpp.commands import THROTTLING, status_name
from textwell.smpp.message_ids import id_key

_MOST_MESSAGES: Final = 500
_PAUSE_S: Final = 0.5
_TRIES: Final = 2
_THROTTLED, _SERVER_FAULT = 429, 500
# What says that our account is at fault, whatever was asked.
_OF_ACCOUNT: Final = {
    401: FailureClass.WRONG_CREDENTIALS,
    402: FailureClass.NO_CREDIT,
    403: FailureClass.WRONG_CREDENTIALS,
}


class Result(msgspec.Struct, frozen=True, gc=False):
    id: str
    status: int
    message_id: str


class Results(msgspec.Struct, frozen=True, gc=False):
    results: list[Result]


class HttpConnection:
    """See `providers.base.Connection`; `window` counts messages without an answer."""

    def __init__(
        self, spec: GatewaySpec, handlers: Handlers, classify: Callable[[str], FailureClass]
    ) -> None:
        self._spec = spec
        self._handlers = handlers
        self._classify = classify
        self._http: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_flight = 0
        self._changed = asyncio.Event()

    # -- link ------------------------------------------------------------------------------

    async def open(self) -> None:
        await self._end()
        settings = self._spec.settings
        self._http = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {settings['api_key']}"},
            timeout=aiohttp.ClientTimeout(total=settings["response_timeout_s"]),
            connector=_within_the_box() if self._spec.is_sandbox else None,
        )
        account = {
            "callback": f"{settings['callback_url'].rstrip('/')}/dlr/{self._spec.id}",
            "secret": settings["webhook_secret"],
        }
        try:
            async with self._http.post(f"{self._url}/v1/account", json=account) as response:
                status = response.status
        except (aiohttp.ClientError, TimeoutError) as error:
            await self._end()
            if isinstance(cause := error.__cause__, OutsideTheBox):
                raise GatewayUnreachable(str(cause)) from error
            raise GatewayUnreachable(str(error) or "timeout") from error
        if status in _OF_ACCOUNT:
            await self._end()
            raise GatewayRefused(ACCOUNT_REFUSALS[_OF_ACCOUNT[status]])
        if not 200 <= status < 300:  # noqa: PLR2004 - HTTP's own range
            await self._end()
            raise GatewayUnreachable(f"HTTP status {status}")
        self._handlers.on_link(True, "")

    @property
    def _url(self) -> str:
        url: str = self._spec.settings["url"]
        return url.rstrip("/")

    async def close(self) -> None:
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        was_up = self._http is not None
        await self._end()
        if was_up:
            self._handlers.on_link(False, "closed by us")

    async def _end(self) -> None:
        http, self._http = self._http, None
        self._changed.set()
        if http is not None:
            await http.close()

    # -- out -------------------------------------------------------------------------------

    def room(self) -> int:
        return max(0, self._spec.window - self._in_flight) if self._http is not None else 0

    async def wait_for_room(self) -> None:
        while self._http is not None and not self.room():
            self._changed.clear()
            await self._changed.wait()

    def submit(self, messages: Sequence[Handoff]) -> None:
        if self._http is None:
            detail = "the link is down"
            self._handlers.on_answers([(one.message_id, NotSent(detail)) for one in messages])
            return
        self._in_flight += len(messages)
        for first in range(0, len(messages), _MOST_MESSAGES):
            batch = messages[first : first + _MOST_MESSAGES]
            task = asyncio.get_running_loop().create_task(self._post(batch))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _post(self, batch: Sequence[Handoff]) -> None:
        body = msgspec.json.encode(
            {
                "messages": [
                    {
                        "id": str(one.message_id),
                        "to": one.msisdn,
                        "from": one.sender,
                        "text": one.text,
                    }
                    for one in batch
                ]
            }
        )
        answers = await self._ask(batch, body)
        self._in_flight -= len(batch)
        self._changed.set()
        self._handlers.on_answers(answers)

    async def _ask(self, batch: Sequence[Handoff], body: bytes) -> list[tuple[int, Answer]]:
        detail, was_sent = "", False
        for attempt in range(_TRIES):
            if attempt:
                await asyncio.sleep(_PAUSE_S)
            try:
                answers = await self._try(batch, body)
            except aiohttp.ClientConnectorError as error:
                detail = str(error)
                continue
            except (aiohttp.ClientError, TimeoutError, msgspec.MsgspecError) as error:
                detail, was_sent = str(error) or "timeout", True
                continue
            if answers is not None:
                return answers
            detail, was_sent = "the carrier failed", True
        answer: Answer = Unknown(detail) if was_sent else NotSent(detail)
        return [(one.message_id, answer) for one in batch]

    async def _try(self, batch: Sequence[Handoff], body: bytes) -> list[tuple[int, Answer]] | None:
        """Answers to one call; None if it may have been taken and is to be said again."""
        assert self._http is not None
        async with self._http.post(f"{self._url}/v1/messages", data=body) as response:
            data = await response.read()
            status, retry_after = response.status, response.headers.get("Retry-After", "")
        if status >= _SERVER_FAULT:
            return None
        if status == _THROTTLED:
            wait = float(retry_after) if retry_after.isdigit() else _PAUSE_S
            return [(one.message_id, Throttled(wait, "HTTP 429")) for one in batch]
        if not 200 <= status < 300:  # noqa: PLR2004 - HTTP's own range
            return [(one.message_id, _refuse(status)) for one in batch]
        found = {one.id: one for one in msgspec.json.decode(data, type=Results).results}
        return [(one.message_id, self._answer(found.get(str(one.message_id)))) for one in batch]

    def _answer(self, result: Result | None) -> Answer:
        if result is None:
            return Unknown("the carrier's answer leaves it out")
        if result.status == 0:
            return Accepted(result.message_id, id_key(result.message_id))
        code = status_name(result.status)
        if result.status in THROTTLING:
            return Throttled(_PAUSE_S, code)
        failure = self._classify(code)
        if failure in ACCOUNT_REFUSALS:
            return Refused(code, failure.value)
        return Rejected(code, failure.value)


def _within_the_box() -> aiohttp.TCPConnector:
    """Of a sandbox: asked for each socket with its resolved address, after redirects too."""

    def make_socket(address: AddrInfoType) -> socket.socket:
        family, kind, protocol, _name, place = address
        check_address(place)
        return socket.socket(family, kind, protocol)

    return aiohttp.TCPConnector(socket_factory=make_socket)


def _refuse(status: int) -> Answer:
    """The answer to each message of a call that was refused as a whole."""
    code = f"HTTP {status}"
    if status in _OF_ACCOUNT:
        return Refused(code, _OF_ACCOUNT[status].value)
    return Rejected(code, FailureClass.NOT_SUPPORTED.value)
