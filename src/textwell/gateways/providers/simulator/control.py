"""The control door for drills: what the carrier is doing, and faults on demand.

GET  /state
POST /fault   {"kind": one of script.FAULT_KINDS, "seconds": n}
POST /clear   ends all faults
POST /say     {"msisdn", "recipient", "text", "intent"}: a person writes, to whoever bound first
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from aiohttp import web

from textwell.gateways.providers.simulator.carrier import Carrier
from textwell.gateways.providers.simulator.people import Reply
from textwell.gateways.providers.simulator.script import ScriptInvalid
from textwell.gateways.providers.simulator.smpp_door import SmppDoor


class FaultOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    seconds: float = 1.0


class SayOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`msisdn` in E.164; `intent` is what the log says of it."""

    msisdn: str
    recipient: str
    text: str
    intent: str = "stop"


class Control:
    """Begins faults, by hand or by the script; lets people speak."""

    def __init__(
        self,
        carrier: Carrier,
        door: SmppDoor,
        *,
        flush: Callable[[], None],
        say: Callable[[str, str, Reply], bool],
    ) -> None:
        self._carrier = carrier
        self._door = door
        self._flush = flush
        self._say = say

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/state", self._state),
            web.post("/fault", self._fault),
            web.post("/clear", self._clear),
            web.post("/say", self._take_say),
        ]

    def begin(self, kind: str, seconds: float) -> None:
        """Start a fault. Raises ScriptInvalid for one that does not exist."""
        carrier = self._carrier
        carrier.faults.begin(kind, seconds, carrier.loop.time())
        carrier.log_fault(kind, seconds)
        if kind == "drop_connections":
            self._door.drop_connections()
        elif kind == "half_open":
            self._door.go_half_open()

    def begin_due(self) -> None:
        """Start what the script planned by count of messages."""
        for fault in self._carrier.faults.due_by_count(self._carrier.counts["submits"]):
            self.begin(fault.kind, fault.seconds)

    async def _state(self, _request: web.Request) -> web.Response:
        self._flush()
        state = self._carrier.state() | {"binds": len(self._door.sessions)}
        return web.Response(body=msgspec.json.encode(state), content_type="application/json")

    async def _fault(self, request: web.Request) -> web.Response:
        try:
            order = msgspec.json.decode(await request.read(), type=FaultOrder)
            self.begin(order.kind, order.seconds)
        except (msgspec.MsgspecError, ScriptInvalid) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({"status": "begun"})

    async def _take_say(self, request: web.Request) -> web.Response:
        try:
            order = msgspec.json.decode(await request.read(), type=SayOrder)
        except msgspec.MsgspecError as error:
            return web.json_response({"error": str(error)}, status=400)
        reply = Reply(0.0, order.intent, order.text)
        if not self._say(order.msisdn.lstrip("+"), order.recipient, reply):
            return web.json_response({"error": "nobody is bound yet"}, status=409)
        return web.json_response({"status": "said"})

    async def _clear(self, _request: web.Request) -> web.Response:
        self._carrier.faults.clear()
        self._door.wake_up()
        return web.json_response({"status": "cleared"})
