"""Simulated people: they open links, machines look before them, and they write back."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from providers.recorder import Recorder, handoffs, until
from simulator.playing import hand_over, opened
from textwell.gateways.providers.base import Handoff
from textwell.gateways.providers.simulator.log import Deed, read_log
from textwell.gateways.providers.simulator.process import Options, running
from textwell.gateways.providers.simulator.script import People, Range, Script

CLICKERS = People(click_share=0.5, preview_share=0.3, click_delay=Range(0.1, 0.5))


async def test_people_open_links_and_machines_look_before_them(tmp_path: Path) -> None:
    seen: list[tuple[str, str]] = []

    async def redirect(request: web.Request) -> web.Response:
        seen.append((request.path, request.headers.get("User-Agent", "")))
        return web.Response(status=302, headers={"Location": "http://elsewhere.invalid/"})

    app = web.Application()
    app.router.add_get("/{token}", redirect)
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    messages = [
        Handoff(
            one.message_id,
            one.msisdn,
            one.sender,
            f"Look: http://127.0.0.1:{port}/t{one.message_id}.",
        )
        for one in handoffs(200)
    ]
    options = Options(Script(people=CLICKERS), port=0, speed=50, log=tmp_path / "log")
    async with running(options) as simulator:
        await hand_over(simulator, messages, Recorder())
        counts = simulator.carrier.counts
        await until(lambda: counts["clicks_human"] > 80 and counts["clicks_machine"] > 40)
    await runner.cleanup()
    logged = [e for e in read_log(tmp_path / "log") if isinstance(e, Deed) and e.kind == "click"]
    assert len(logged) == len(seen)
    assert {path for path, _ in seen} <= {f"/t{n}" for n in range(1, 201)}
    assert any("iPhone" in agent for _, agent in seen)
    assert any("WhatsApp" in agent for _, agent in seen)


async def test_links_to_foreign_machines_are_never_opened() -> None:
    messages = [Handoff(n, f"+8490123{n:04d}", "B", "See http://example.com/x") for n in range(50)]
    script = Script(people=People(click_share=1.0, click_delay=Range(0.0, 0.1)))
    async with running(Options(script, port=0, speed=50)) as simulator:
        await hand_over(simulator, messages, Recorder())
        assert simulator.carrier.counts["clicks_human"] == 0


async def test_people_say_stop_in_their_language() -> None:
    script = Script(people=People(stop_share=1.0, reply_delay=Range(0.1, 0.2)))
    messages = [Handoff(n, f"+349123456{n:02d}", "BAKERY", "Hola") for n in range(40)]
    recorder = Recorder()
    async with (
        running(Options(script, port=0, speed=50)) as simulator,
        opened(simulator, recorder) as connection,
    ):
        connection.submit(messages)
        await until(lambda: len(recorder.mos) == 40)
    assert {mo.text for mo in recorder.mos} <= {"BAJA", "STOP", "Baja", "ALTO"}
    assert len({mo.text for mo in recorder.mos}) > 1
