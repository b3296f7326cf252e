"""Leg `api`: single texts by `POST /v1/messages` while a campaign is being sent.

Each call has an Idempotency-Key of its own and means one person, of ten one that is not known yet. What is
asked is a rate of answers and how soon the urgent lane then hands off, so both are of the same load.
"""

import secrets
import time
from collections.abc import Iterator
from typing import Any

import orjson
from django.db import connection

from textwell.accounts.keys import create_api_key
from textwell.accounts.models import Workspace
from textwell.accounts.types import Scope
from textwell.campaigns.models import Campaign
from textwell.cli.bench.calls import Calls, make_calls
from textwell.cli.bench.figures import LegResult
from textwell.cli.bench.pairs import run_pairs
from textwell.cli.bench.people import add_crowd, analyze, crowd_number
from textwell.cli.bench.servers import bare_server, wait_for_answer
from textwell.cli.bench.story import ACTOR, OPEN_BATCHES, BenchStory
from textwell.gateways.actions import update_gateway
from textwell.gateways.models import Gateway
from textwell.gateways.providers.simulator.log import summarise
from textwell.runtime.stores.nats import free_port
from textwell.text import normalise_bulk

PATH = "/api/v1/messages"
API_CONNECTIONS = 16
API_SECONDS = 20
GATEWAY_PER_S = 2_000  # segments, of the campaign and the calls: as a carrier gives a good customer
TWIN_S = 5
STRANGER_OF = 10
SETTLE_S = 30.0
ACCEPTED = 202
LOOK_S = 0.2
_HEAD = (
    "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {secret}\r\n"
    "Content-Type: application/json\r\nIdempotency-Key: {key}\r\nContent-Length: {length}\r\n\r\n"
)
_HANDED = """
SELECT count(*), count(handed_at),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM handed_at - planned_at)),
    percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM handed_at - planned_at))
FROM messaging_message
WHERE workspace_id = %s AND campaign_id IS NULL AND id > %s
"""
_LAST = "SELECT coalesce(max(id), 0) FROM messaging_message"


class ApiStory(BenchStory):
    """A campaign at a carrier's rate, and single texts beside it; the campaign outlasts the load."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self._calls_made = 0
        self._number = 0
        self._known: list[str] = []
        self._answers_p95: list[float] = []
        self._handed: list[tuple[float, float]] = []

    def tell(self, *, is_headless: bool) -> int:
        del is_headless
        workspace = self._make_workspace()
        gateway = self._make_gateway(workspace)
        add_crowd(workspace.id, self._people)
        analyze()
        numbers = normalise_bulk([crowd_number(n) for n in range(1, self._people + 1)], "VN")
        self._known = [number.e164 for number in numbers if number.e164]  # some that no plan has
        _key, secret = create_api_key(
            workspace=workspace, name="Bench", scopes=[Scope.MESSAGES_SEND.value], actor=ACTOR
        )
        twin_port = free_port()
        with bare_server(twin_port, "taken"):
            wait_for_answer(twin_port, "POST", PATH, ACCEPTED, body="{}")
            pairs = run_pairs(
                lambda: self._call(workspace, gateway, secret),
                lambda: self._load(twin_port, secret, TWIN_S).rate,
                self._rounds,
            )
        doubles = len(summarise(self._log).doubles)
        if doubles:
            self._faults.append(f"{doubles} messages twice in the carrier's log")
        self._keep(
            LegResult(
                leg="api",
                what=f"POST {PATH}, urgent lane, an Idempotency-Key each, {API_CONNECTIONS} connections,"
                f" {API_SECONDS} s, while a campaign takes the rest of {GATEWAY_PER_S:,} segments/s",
                twin="the body taken and 202 as bare RSGI under the same server: nothing read or stored",
                unit="calls/s",
                pairs=pairs,
                entry=f"HTTP on the web role's port; one of {STRANGER_OF} texts to a new person",
                durability="message and kept answer committed before the answer leaves",
                count=self._calls_made,
                void="; ".join(self._faults),
                least=self._route.least,
                aim=self._route.aim,
                more={
                    "… answer, ms at the 95th of a hundred": tuple(self._answers_p95),
                    "… call to hand-off, s, median": tuple(each[0] for each in self._handed),
                    "… call to hand-off, s, 95th (asked under 1)": tuple(
                        each[1] for each in self._handed
                    ),
                },
            )
        )
        return 1 if self._faults else 0

    def _make_gateway(self, workspace: Workspace) -> Gateway:
        made = super()._make_gateway(workspace)
        return update_gateway(
            workspace_id=workspace.id, gateway_id=made.id, actor=ACTOR,
            segments_per_second=GATEWAY_PER_S,
        )  # fmt: skip

    def _load(self, port: int, secret: str, seconds: float) -> Calls:
        calls = make_calls(
            port,
            self._requests(secret),
            seconds=seconds,
            connections=API_CONNECTIONS,
            wanted=ACCEPTED,
        )
        self._faults += [f"{kind}: {count:,} calls" for kind, count in calls.faults.items()]
        return calls

    def _call(self, workspace: Workspace, gateway: Gateway, secret: str) -> float:
        campaign = self._launch(workspace, gateway)
        self._wait_for_plan(campaign)
        with connection.cursor() as cursor:
            cursor.execute(_LAST)
            last_id = cursor.fetchone()[0]
        seen = self._load(self._settings.web_port, secret, API_SECONDS)
        if not self._is_open(campaign):
            self._faults.append("the campaign ended before the load: take more --people")
        self._calls_made += seen.count
        self._answers_p95.append(seen.p95_ms)
        self._judge_calls(workspace, seen.count, last_id)
        self._wait(campaign, OPEN_BATCHES)
        return seen.rate

    def _requests(self, secret: str) -> Iterator[bytes]:
        """People of the crowd in scattered order, and strangers; no call is made twice."""
        while True:
            self._number += 1
            if self._number % STRANGER_OF == 0:
                to = f"+8486{self._number % 10_000_000:07d}"
            else:
                to = self._known[self._number * 7_919 % len(self._known)]
            code = secrets.randbelow(1_000_000)
            text = f"Lotus: {code:06d} is your code. It is good for ten minutes."
            body = orjson.dumps({"to": to, "body": text, "purpose": "otp"})
            head = _HEAD.format(
                path=PATH, secret=secret, key=secrets.token_hex(16), length=len(body)
            )
            yield head.encode() + body

    def _is_open(self, campaign: Campaign) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(OPEN_BATCHES, [campaign.id])
            return bool(cursor.fetchone()[0])

    def _judge_calls(self, workspace: Workspace, answered: int, last_id: int) -> None:
        """Wait until the last is folded."""
        until = time.monotonic() + SETTLE_S
        while True:
            with connection.cursor() as cursor:
                cursor.execute(_HANDED, [workspace.id, last_id])
                recorded, handed, median, late = cursor.fetchone()
            if recorded == handed or time.monotonic() > until:
                break
            time.sleep(LOOK_S)
        if answered != recorded:
            self._faults.append(f"{answered:,} calls answered, {recorded:,} messages recorded")
        if handed != recorded:
            self._faults.append(f"{recorded - handed:,} of {recorded:,} messages not handed off")
        if handed:
            self._handed.append((float(median), float(late)))
