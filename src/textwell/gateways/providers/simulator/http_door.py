"""The HTTP door: batches of messages by POST, receipts and replies to the caller's webhook.

    POST /v1/account   {"callback": url, "secret": text}
    POST /v1/messages  {"messages": [{"id", "to", "from", "text"}]}   at most 1,000
      → {"results": [{"id", "status": 0 | n, "message_id": text}]}, in the same order

Both with `Authorization: Bearer <key>`. `id` is the caller's and makes it safe to say a message
again: it is answered as before and not taken twice. Webhooks are signed with the
account's secret (`signature`); one is repeated, with its id and a new timestamp, until answered with 2xx.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from typing import Final, TypeVar

import aiohttp
import msgspec
from aiohttp import web

from textwell.gateways.providers.simulator.carrier import (
    FINAL_STATS,
    THROTTLED,
    Carrier,
    ReceiptText,
)
from textwell.gateways.providers.simulator.fates import ANSWER_TICK_S
from textwell.gateways.providers.simulator.signature import sign
from textwell.smpp.recent import Recent
from textwell.text.segments import count_segments

MOST_MESSAGES: Final = 1000
_MOST_EVENTS: Final = 500
_MOST_REMEMBERED: Final = 4_000_000  # half of it at the least,
_REMEMBERED_S: Final = 3600.0  # and for so long, where there are not more
_RETRY_S: Final = 1.0
T = TypeVar("T")


class Message(msgspec.Struct, frozen=True):
    id: str
    to: str
    text: str
    sender: str = msgspec.field(name="from")


class Batch(msgspec.Struct, frozen=True):
    messages: list[Message]


class Callback(msgspec.Struct, frozen=True):
    callback: str
    secret: str


class Result(msgspec.Struct, frozen=True, gc=False):
    id: str
    status: int
    message_id: str


class Event(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What a webhook carries: a receipt (`kind` dlr) or a person's text (`kind` mo)."""

    kind: str
    id: str
    at: float
    to: str = ""
    sender: str = msgspec.field(name="from", default="")
    stat: str = ""
    err: str = ""
    text: str = ""


class HttpAccount:
    """One key: what it handed over, and what waits for its webhook."""

    def __init__(self, carrier: Carrier) -> None:
        self.callback: Callback | None = None
        self.results: Recent[str, Result] = Recent(most=_MOST_REMEMBERED, age_s=_REMEMBERED_S)
        self._carrier = carrier
        self._waiting: deque[Event] = deque()
        self._wake = asyncio.Event()
        self._task = carrier.loop.create_task(self._post_all())
        self._http: aiohttp.ClientSession | None = None

    def receipts(self, receipts: list[ReceiptText]) -> None:
        self._waiting.extend(
            [
                Event("dlr", one.message_id, one.done_at, one.msisdn, one.sender, one.stat, one.err)
                for one in receipts
            ]
        )
        self._wake.set()

    def reply(self, msisdn: str, recipient: str, text: str) -> None:
        message_id, _ = self._carrier.make_id()
        self._waiting.append(
            Event("mo", message_id, time.time(), recipient, f"+{msisdn}", text=text)
        )
        self._wake.set()

    def call_back(self, callback: Callback) -> None:
        """Send all that waits, and all that comes, there."""
        self.callback = callback
        self._wake.set()

    def remember(self, result: Result) -> None:
        """Keep an answer for whoever says the message again.

        An hour is what `Provider.is_idempotent` promises, and who hands over asks no later: a
        message whose answer is forgotten would be taken as a new one.
        """
        self.results.put(result.id, result, self._carrier.loop.time())

    async def _post_all(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting and self.callback:
                count = min(_MOST_EVENTS, len(self._waiting))
                events = [self._waiting.popleft() for _ in range(count)]
                await self._post_until_taken(events)
                self._carrier.log_acks([_ack_label(event) for event in events])

    async def _post_until_taken(self, events: list[Event]) -> None:
        """An id names what was said under it: what is said again is the same, whatever came since."""
        call_id, body = f"call_{secrets.token_hex(12)}", msgspec.json.encode(events)
        while True:
            if self.callback and await self._post(self.callback, call_id, body):
                return
            await asyncio.sleep(_RETRY_S)

    async def _post(self, callback: Callback, call_id: str, body: bytes) -> bool:
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10))
        headers = {"Content-Type": "application/json"}
        headers |= sign(callback.secret, call_id=call_id, at=int(time.time()), body=body)
        try:
            async with self._http.post(callback.callback, data=body, headers=headers) as response:
                return response.ok
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        if self._http is not None:
            await self._http.close()


def _ack_label(event: Event) -> str:
    if event.kind == "mo":
        return event.sender
    return event.id if event.stat in FINAL_STATS else ""


class HttpDoor:
    """Routes for an aiohttp application."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._accounts: dict[str, HttpAccount] = {}
        self._slowest = 0  # ticks until the answer, in the batch that is being taken

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v1/account", self._set_callback),
            web.post("/v1/messages", self._take_batch),
        ]

    async def close(self) -> None:
        for account in self._accounts.values():
            await account.close()

    def _account(self, request: web.Request) -> HttpAccount:
        """The account of the key; any key opens one, unless the script lists accounts."""
        key = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        allowed = self._carrier.script.accounts
        if not key or (allowed and key not in allowed.values()):
            raise web.HTTPUnauthorized(text='{"error": "wrong key"}')
        if self._carrier.faults.is_on("refuse_account", self._carrier.loop.time()):
            raise web.HTTPForbidden(text='{"error": "the account is suspended"}')
        return self._accounts.get(key) or self._open_account(key)

    def _open_account(self, key: str) -> HttpAccount:
        account = self._accounts[key] = HttpAccount(self._carrier)
        return account

    async def _set_callback(self, request: web.Request) -> web.Response:
        account = self._account(request)
        account.call_back(_read(await request.read(), Callback))
        return web.json_response({"status": "ok"})

    async def _take_batch(self, request: web.Request) -> web.Response:
        account = self._account(request)
        batch = _read(await request.read(), Batch)
        if len(batch.messages) > MOST_MESSAGES:
            raise web.HTTPBadRequest(text='{"error": "messages: at most 1000"}')
        carrier = self._carrier
        now = carrier.loop.time()
        if carrier.faults.is_on("throttle", now):
            raise web.HTTPTooManyRequests(headers={"Retry-After": "1"})
        if carrier.faults.is_on("no_credit", now):
            raise web.HTTPPaymentRequired(text='{"error": "the account has no credit"}')
        is_lost = carrier.faults.is_on("lose_answers", now)
        self._slowest = 0
        carrier.begin_batch()
        results = [self._take(account, one, now, is_lost=is_lost) for one in batch.messages]
        carrier.counts["submits"] += len(results)
        carrier.end_batch()
        if self._slowest:  # the batch is answered at once, when the slowest network has answered
            await asyncio.sleep(self._slowest * ANSWER_TICK_S)
        if is_lost and request.transport is not None:  # None: the caller gave up meanwhile
            request.transport.abort()
        return web.Response(
            body=msgspec.json.encode({"results": results}), content_type="application/json"
        )

    def _take(self, account: HttpAccount, message: Message, now: float, *, is_lost: bool) -> Result:
        known = account.results.get(message.id)
        if known is not None:
            return known
        carrier = self._carrier
        msisdn = message.to.lstrip("+")
        _, segments = count_segments(message.text)
        network, lot, fate = carrier.find_fate(msisdn, len(message.text))
        self._slowest = max(self._slowest, fate.answer_ticks)
        if network.is_full(segments, now):
            return Result(message.id, THROTTLED, "")
        ids = ("", "") if fate.status else carrier.make_id()
        carrier.keep(
            account,
            msisdn,
            message.sender,
            ids,
            message.text.encode("utf-8", "surrogatepass"),
            segments,
            fate,
            lot,
            taken_at=time.time(),
            answer="lost" if is_lost else "sent",
            asked=1,
        )
        result = Result(message.id, fate.status, ids[0])
        account.remember(result)
        return result


def _read(data: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.MsgspecError as error:
        text = msgspec.json.encode({"error": str(error)}).decode()
        raise web.HTTPBadRequest(text=text) from error
