"""The doors of the simulator over HTTP: for messages, and for control."""

from __future__ import annotations

import time
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from providers.recorder import Recorder, handoffs, until
from simulator.playing import opened
from textwell.gateways.providers.base import Accepted, WebhookRequest
from textwell.gateways.providers.simulator import http_door
from textwell.gateways.providers.simulator.log import Acknowledged, read_log
from textwell.gateways.providers.simulator.process import Options, running
from textwell.gateways.providers.simulator.script import BENCH, Operator, Range, Script
from textwell.gateways.registry import find_provider


async def test_the_http_door_answers_when_the_network_does() -> None:
    script = Script(operators=(Operator("far", latency=Range(0.3, 0.3)),))
    body = {"messages": [{"id": "1", "to": "+84901234567", "from": "B", "text": "Hello"}]}
    async with (
        running(Options(script, port=0, http_port=0)) as simulator,
        aiohttp.ClientSession(headers={"Authorization": "Bearer k"}) as http,
    ):
        began = simulator.carrier.loop.time()
        url = f"http://127.0.0.1:{simulator.http_port}/v1/messages"
        async with http.post(url, json=body) as answer:
            assert (await answer.json())["results"][0]["status"] == 0
        assert simulator.carrier.loop.time() - began >= 0.3


async def test_the_http_door_knows_a_message_again_and_calls_back() -> None:
    calls: list[WebhookRequest] = []

    async def webhook(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        calls.append(WebhookRequest("POST", "", headers, await request.read()))
        return web.Response(status=500 if len(calls) == 1 else 200)

    app = web.Application()
    app.router.add_post("/dlr/7", webhook)
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    provider = find_provider("simulator_http")
    assert provider is not None
    recorder = Recorder()
    async with running(Options(BENCH, port=0, http_port=0, speed=50)) as simulator:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with opened(simulator, recorder, "simulator_http", callback_url=url) as connection:
            connection.submit([*handoffs(2), *handoffs(2)])
            await until(lambda: len(calls) == 2)
    await runner.cleanup()
    assert (
        len({one.provider_message_id for _, one in recorder.answers if isinstance(one, Accepted)})
        == 2
    )
    at = time.time()
    first, second = (provider.read_webhook(7, "hook", call, now=at) for call in calls)
    assert [(r.state, r.code) for r in second.receipts] == [("delivered", "DELIVRD:000")] * 2
    assert (first.receipts, first.call_id) == (second.receipts, second.call_id)  # said again
    assert provider.read_webhook(7, "guess", calls[0], now=at).is_genuine is False


async def test_the_http_door_remembers_the_younger_half_of_its_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The rest would be taken as new; who hands over says nothing again after the promised hour."""
    monkeypatch.setattr(http_door, "_MOST_REMEMBERED", 4)
    async with (
        running(Options(BENCH, port=0, http_port=0)) as simulator,
        aiohttp.ClientSession(headers={"Authorization": "Bearer k"}) as http,
    ):
        url = f"http://127.0.0.1:{simulator.http_port}/v1/messages"

        async def hand_over(*ids: str) -> list[str]:
            texts = [{"id": i, "to": "+84901234567", "from": "B", "text": "Hi"} for i in ids]
            async with http.post(url, json={"messages": texts}) as answer:
                return [one["message_id"] for one in (await answer.json())["results"]]

        first = await hand_over("1", "2", "3", "4", "5")
        again = await hand_over("3", "4", "5")

    assert again == first[2:]


async def test_the_control_door_shows_state_and_begins_faults() -> None:
    async with (
        running(Options(BENCH, port=0, http_port=0)) as simulator,
        aiohttp.ClientSession(f"http://127.0.0.1:{simulator.http_port}") as http,
    ):
        async with http.post("/fault", json={"kind": "refuse_binds", "seconds": 5}) as reply:
            assert reply.status == 200
        async with http.post("/fault", json={"kind": "earthquake"}) as reply:
            assert reply.status == 400
            assert "earthquake" in (await reply.json())["error"]
        async with http.get("/state") as reply:
            assert list((await reply.json())["faults"]) == ["refuse_binds"]
        async with http.post("/clear") as reply:
            assert reply.status == 200
        async with http.get("/state") as reply:
            assert (await reply.json())["faults"] == {}


async def test_a_person_writes_by_the_control_door(tmp_path: Path) -> None:
    recorder = Recorder()
    order = {"msisdn": "+84901234567", "recipient": "BAKERY", "text": "STOP"}
    options = Options(BENCH, port=0, http_port=0, log=tmp_path / "log")
    async with running(options) as simulator, aiohttp.ClientSession() as http:
        url = f"http://127.0.0.1:{simulator.http_port}/say"
        async with http.post(url, json=order) as answer:
            assert answer.status == 409  # nobody is bound
        async with opened(simulator, recorder):
            async with http.post(url, json=order) as answer:
                assert answer.status == 200
            await until(lambda: len(recorder.mos) == 1)
    assert (recorder.mos[0].msisdn, recorder.mos[0].text) == ("+84901234567", "STOP")
    told = [entry for entry in read_log(tmp_path / "log") if isinstance(entry, Acknowledged)]
    assert [entry.what for entry in told] == [("+84901234567",)]
