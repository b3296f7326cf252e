"""Leg `webhooks`: receipts by HTTP under wrk, one a call, until the stream has stored them."""

import asyncio
import secrets
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson

from textwell.accounts.models import Workspace
from textwell.cli.bench.figures import LegResult
from textwell.cli.bench.pairs import Pairs, run_pairs
from textwell.cli.bench.servers import (
    CONNECTIONS,
    NO_WRK,
    SECONDS,
    bare_server,
    edge_role,
    has_wrk,
    load,
    make_streams,
    wait_for_answer,
)
from textwell.core.bus import connect_bus
from textwell.core.wire import DlrItem, decode
from textwell.gateways.actions import create_gateway, delete_gateway, pause_gateway
from textwell.gateways.providers.simulator.signature import sign
from textwell.runtime.stores.nats import free_port

CALLS = 150_000  # more than a round takes: a call said again is not stored again
DOUBLED_OF = 20  # one call of so many tells what another one told
ACTOR = "system"
_PULL = 40
_LUA = """
local calls, n = {{}}, 0
for line in io.lines("{file}") do
  calls[#calls + 1] = line
end
request = function()
  n = n % #calls + 1
  local id, at, signature, body = calls[n]:match("(%S+) (%S+) (%S+) (.*)")
  local headers = {{["webhook-id"] = id, ["webhook-timestamp"] = at,
    ["webhook-signature"] = signature, ["Content-Type"] = "application/json"}}
  return wrk.format("POST", "{path}", headers, body)
end
"""


class _Judge:
    """Counts what the edge said it took, and what the stream then holds."""

    def __init__(self, gateway_id: int, ids: set[str]) -> None:
        self._gateway_id = gateway_id
        self._ids = ids
        self.faults: list[str] = []

    def count(self, answered: int) -> None:
        """Empty the stream; calls that wrk left without waiting may be stored as well."""
        found = Counter(asyncio.run(self.take()))
        stored = sum(found.values())
        if not answered <= stored <= answered + CONNECTIONS:
            self.faults.append(f"{answered:,} calls answered, {stored:,} receipts stored")
        strangers = found.keys() - self._ids
        if strangers:
            self.faults.append(f"{len(strangers):,} receipts stored that nobody sent")

    async def take(self) -> list[str]:
        bus = await connect_bus(name="bench")
        ids: list[str] = []
        try:
            while messages := await bus.pull("DLR", "ingest", ["dlr.>"], batch=_PULL, timeout=1.0):
                for message in messages:
                    ids += [
                        item.provider_message_id
                        for item in decode(message.data, list[DlrItem])
                        if item.gateway_id == self._gateway_id
                    ]
                    await message.ack()
        finally:
            await bus.close()
        return ids


def run_webhooks(rounds: int) -> LegResult:
    """Needs running stores; skipped, with the reason, where wrk is not installed."""
    if not has_wrk():
        return LegResult(leg="webhooks", skipped=NO_WRK)
    make_streams()
    secret = secrets.token_hex(16)
    with _gateway(secret) as gateway_id, tempfile.TemporaryDirectory() as folder:
        ids = _make_ids()
        path = f"/dlr/{gateway_id}"

        def script() -> Path:
            return _write_script(Path(folder), path, (_call(secret, each) for each in ids))

        headers, body = _call(secret, ids[0])
        ours, twin = free_port(), free_port()
        with edge_role(ours), bare_server(twin, "webhook"):
            for port in (ours, twin):
                wait_for_answer(port, "POST", path, 200, body=body, headers=headers)
            judge = _Judge(gateway_id, set(ids))
            return _result(judge, _measure(ours, twin, script, rounds, judge))


def _measure(ours: int, twin: int, script: Callable[[], Path], rounds: int, judge: _Judge) -> Pairs:
    for port in (ours, twin):
        load(port, script(), judge.faults, seconds=1)  # warm, not counted
    asyncio.run(judge.take())  # what the warm-up stored

    def take() -> float:
        seen = load(ours, script(), judge.faults)
        judge.count(seen.count)
        return seen.rate

    return run_pairs(take, lambda: load(twin, script(), judge.faults).rate, rounds)


def _result(judge: _Judge, pairs: Pairs) -> LegResult:
    return LegResult(
        leg="webhooks",
        what=f"receipts by POST, one a call, signed, one of {DOUBLED_OF} told twice, "
        f"one worker, {CONNECTIONS} connections, {SECONDS} s",
        twin="the body taken and 200 as bare RSGI under the same server: nothing proved or stored",
        unit="receipts/s",
        pairs=pairs,
        entry="HTTP on the edge's port",
        durability="each receipt stored by the stream before its answer leaves, then counted there",
        count=int(pairs.ours[0] * SECONDS),
        least=5_000,
        aim=15_000,
        void="; ".join(judge.faults),
    )


@contextmanager
def _gateway(secret: str) -> Iterator[int]:
    """A gateway of the simulated HTTP carrier in a workspace of its own, gone afterwards."""
    workspace = Workspace.objects.create(name="Bench", country="VN", zone="UTC", currency="EUR")
    gateway = create_gateway(
        workspace_id=workspace.id,
        name="Bench",
        provider="simulator_http",
        settings={"api_key": "bench", "webhook_secret": secret},
        actor=ACTOR,
    )
    try:
        yield gateway.id
    finally:
        pause_gateway(workspace_id=workspace.id, gateway_id=gateway.id, actor=ACTOR)
        delete_gateway(workspace_id=workspace.id, gateway_id=gateway.id, actor=ACTOR)
        workspace.delete()


def _make_ids() -> list[str]:
    """Scattered ids as carriers make them; every twentieth is one that was told before."""
    ids: list[str] = []
    for number in range(CALLS):
        is_double = number % DOUBLED_OF == DOUBLED_OF - 1
        ids.append(ids[number // 2] if is_double else secrets.token_hex(8))
    return ids


def _call(secret: str, carrier_id: str) -> tuple[dict[str, str], str]:
    """Headers and body of a call that was never said, signed now."""
    event = {
        "kind": "dlr",
        "id": carrier_id,
        "at": 1790000000.5,
        "to": "+84901234567",
        "stat": "DELIVRD",
        "err": "0",
    }
    body = orjson.dumps([event])
    headers = sign(secret, call_id=secrets.token_hex(8), at=int(time.time()), body=body)
    return headers, body.decode()


def _write_script(folder: Path, path: str, calls: Iterable[tuple[dict[str, str], str]]) -> Path:
    """As many calls as `calls` has, each once. Signatures grow old: written for every round."""
    file, script = folder / "calls", folder / "calls.lua"
    with file.open("w") as lines:
        lines.writelines(f"{' '.join(headers.values())} {body}\n" for headers, body in calls)
    script.write_text(_LUA.format(file=file, path=path))
    return script
