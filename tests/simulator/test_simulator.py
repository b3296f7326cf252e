from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from providers.recorder import Recorder, handoffs, spec_for, until
from textwell.gateways.providers.base import Accepted, Handoff, Rejected, Throttled, WebhookRequest
from textwell.gateways.providers.simulator.fates import Fates, Network
from textwell.gateways.providers.simulator.ids import Ids
from textwell.gateways.providers.simulator.log import (
    Acknowledged,
    Broken,
    Deed,
    Handed,
    Sent,
    hash_text,
    read_log,
    summarise,
)
from textwell.gateways.providers.simulator.process import Options, Simulator, running
from textwell.gateways.providers.simulator.script import (
    BENCH,
    DEMO,
    FAULT_KINDS,
    Failure,
    Operator,
    People,
    PlannedFault,
    Range,
    Script,
    ScriptInvalid,
    load_script,
    read_script,
)
from textwell.gateways.registry import find_provider

CLICKERS = People(click_share=0.5, preview_share=0.3, click_delay=Range(0.1, 0.5))


async def hand_over(simulator: Simulator, messages: list[Handoff], recorder: Recorder) -> None:
    provider = find_provider("simulator")
    assert provider is not None
    connection = provider.connect(spec_for(simulator, "simulator"), recorder)
    await connection.open()
    for first in range(0, len(messages), 100):
        connection.submit(messages[first : first + 100])
        await until(lambda: len(recorder.answers) >= min(first + 100, len(messages)))  # noqa: B023 - awaited here
    due = sum(isinstance(one, Accepted) for _, one in recorder.answers)
    if due:
        await until(lambda: not simulator.carrier.state()["receipts_due"])
    await connection.close()


async def play(log: Path, *, seed: int, script: Script = DEMO, count: int = 400) -> Recorder:
    recorder = Recorder()
    async with running(Options(script, port=0, seed=seed, speed=200, log=log)) as simulator:
        await hand_over(simulator, list(handoffs(count)), recorder)
    return recorder


def fates(log: Path) -> Counter[tuple[str, ...]]:
    """All that the seed decides, without times and ids."""
    found: Counter[tuple[str, ...]] = Counter()
    for entry in read_log(log):
        if isinstance(entry, Handed):
            found["handed", entry.msisdn, str(entry.status)] += 1
        elif isinstance(entry, Sent):
            found["receipt", entry.msisdn, entry.stat, entry.err] += 1
    return found


async def test_the_same_seed_gives_the_same_people_and_failures(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        await play(tmp_path / name, seed=seed)
    assert fates(tmp_path / "a") == fates(tmp_path / "b")
    assert fates(tmp_path / "a") != fates(tmp_path / "c")


async def test_the_log_says_what_was_handed_over_and_answered(tmp_path: Path) -> None:
    recorder = await play(tmp_path / "log", seed=3)
    summary = summarise(tmp_path / "log")
    assert summary.accepted_count == len(recorder.of(Accepted))
    assert sum(summary.refused.values()) == len(recorder.of(Rejected))
    assert summary.doubles == {}
    assert sum(summary.receipts.values()) == len(recorder.receipts)
    assert ("+84900000000", hash_text("Hello")) in summary.handed


async def test_a_message_handed_over_twice_is_a_double_in_the_log(tmp_path: Path) -> None:
    one = Handoff(1, "+84901234567", "BAKERY", "Hello")
    async with running(Options(BENCH, port=0, speed=50, log=tmp_path / "log")) as simulator:
        await hand_over(simulator, [one, one], Recorder())
    assert summarise(tmp_path / "log").doubles == {("+84901234567", hash_text("Hello")): 2}


async def test_the_demo_fails_a_few_in_a_hundred_for_many_reasons(tmp_path: Path) -> None:
    recorder = await play(tmp_path / "log", seed=1, count=3000)
    failed = {r.provider_message_id: r.reason for r in recorder.receipts if r.reason}
    assert 0.02 < (len(failed) + len(recorder.of(Rejected))) / 3000 < 0.05
    assert len(set(failed.values())) >= 6
    unknown = sum(reason == "unknown" for reason in failed.values())
    assert unknown <= 30  # at most 1 % of the traffic
    answered = {r.provider_message_id for r in recorder.receipts}
    assert 0 < len(recorder.of(Accepted)) - len(answered) < 90  # lost receipts


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
    async with running(Options(script, port=0, speed=50)) as simulator:
        provider = find_provider("simulator")
        assert provider is not None
        connection = provider.connect(spec_for(simulator, "simulator"), recorder)
        await connection.open()
        connection.submit(messages)
        await until(lambda: len(recorder.mos) == 40)
        await connection.close()
    assert {mo.text for mo in recorder.mos} <= {"BAJA", "STOP", "Baja", "ALTO"}
    assert len({mo.text for mo in recorder.mos}) > 1


async def test_a_networks_limit_throttles_what_is_above_it() -> None:
    script = Script(operators=(Operator("slow", limit=100),))
    recorder = Recorder()
    async with running(Options(script, port=0, speed=50)) as simulator:
        await hand_over(simulator, list(handoffs(100)), recorder)
    assert 5 <= len(recorder.of(Accepted)) <= 30  # ten in each tenth of a second
    assert len(recorder.of(Throttled)) + len(recorder.of(Accepted)) == 100


@pytest.mark.parametrize(
    ("limit", "asked_each_s", "seconds", "taken"),
    [(2, 50, 5, 11), (1, 50, 5, 6), (9, 200, 3, 27), (100, 1000, 2, 210), (2, 2, 5, 11)],
)
def test_a_limit_lets_through_what_it_says(
    limit: int, asked_each_s: int, seconds: int, taken: int
) -> None:
    network = Network(Operator("slow", limit=limit), [])
    times = [1000 + n / asked_each_s for n in range(seconds * asked_each_s + 1)]
    assert sum(not network.is_full(1, at) for at in times) == taken


def test_a_long_message_goes_and_those_after_it_wait() -> None:
    network = Network(Operator("slow", limit=2), [])
    assert not network.is_full(5, 1000.0)
    assert network.is_full(1, 1002.4)
    assert not network.is_full(1, 1002.6)


def test_the_longest_prefix_wins_whatever_its_length() -> None:
    operators = (Operator("rest"), Operator("short", ("8490",)), Operator("ported", ("849012345",)))
    fates = Fates(Script(operators=operators), 1, 1.0)
    numbers = ("84901234567", "84901299999", "33612345678", "8490")
    assert [fates.network(one).operator.name for one in numbers] == [
        "ported",
        "short",
        "rest",
        "short",
    ]


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


async def test_doubled_and_held_receipts() -> None:
    recorder = Recorder()
    async with running(Options(BENCH, port=0, speed=50)) as simulator:
        simulator.control.begin("hold_receipts", 0.4)
        simulator.control.begin("double_receipts", 60)
        started = simulator.carrier.loop.time()
        provider = find_provider("simulator")
        assert provider is not None
        connection = provider.connect(spec_for(simulator, "simulator"), recorder)
        await connection.open()
        connection.submit(handoffs(3))
        await until(lambda: len(recorder.receipts) == 6)
        assert simulator.carrier.loop.time() - started > 0.4
        await connection.close()


async def test_planned_faults_begin_by_count_and_by_clock() -> None:
    faults = (
        PlannedFault("drop_connections", every_messages=50),
        PlannedFault("lose_receipts", seconds=9, at_s=0.0),
    )
    recorder = Recorder()
    async with running(Options(Script(faults=faults), port=0, speed=50)) as simulator:
        provider = find_provider("simulator")
        assert provider is not None
        connection = provider.connect(spec_for(simulator, "simulator"), recorder)
        await connection.open()
        connection.submit(handoffs(60))
        await until(lambda: simulator.carrier.counts["faults"] == 2)
        await until(lambda: recorder.links[-1][0] is False)
        await connection.close()
        assert "lose_receipts" in simulator.carrier.faults.until


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
        spec = spec_for(simulator, "simulator_http", callback_url=url)
        connection = provider.connect(spec, recorder)
        await connection.open()
        connection.submit([*handoffs(2), *handoffs(2)])
        await until(lambda: len(calls) == 2)
        await connection.close()
    await runner.cleanup()
    assert (
        len({one.provider_message_id for _, one in recorder.answers if isinstance(one, Accepted)})
        == 2
    )
    first, second = (provider.read_webhook(7, "hook", call, now=5.0) for call in calls)
    assert [(r.state, r.code) for r in second.receipts] == [("delivered", "DELIVRD:000")] * 2
    assert first.receipts == second.receipts  # what was not taken is said again
    assert provider.read_webhook(7, "guess", calls[0], now=5.0).is_genuine is False


def test_message_ids_are_unique_and_do_not_rise() -> None:
    ids = Ids(1_795_507_405_000_000)
    numbers = [ids.next() for _ in range(100_000)]
    assert len(set(numbers)) == 100_000
    rises = sum(a < b for a, b in pairwise(numbers))
    assert 40_000 < rises < 60_000


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{", "truncated"),
        (b'{"operatrs": []}', "operatrs"),
        (b'{"operators": [{"name": "a", "latency": {"low": "x"}}]}', "$.operators[0].latency.low"),
        (b'{"operators": [{"name": "a", "prefixes": ["84"]}]}', 'needs the prefix ""'),
        (
            b'{"operators": [{"name": "a", "lost_share": 0.7, "failures": [{"share": 0.4}]}]}',
            "within 1",
        ),
        (b'{"faults": [{"kind": "flood"}]}', "$.faults[0].kind"),
        (b'{"faults": [{"kind": "throttle"}]}', "faults[0]: would never begin; give at_s or"),
        (b'{"faults": [{"kind": "throttle", "at_s": 1, "every_messages": 2}]}', "two faults"),
        (b'{"faults": [{"kind": "throttle", "every_messages": 0}]}', "faults[0].every_messages: 0"),
        (b'{"faults": [{"kind": "throttle", "at_s": -1}]}', "faults[0].at_s: -1"),
        (b'{"faults": [{"kind": "throttle", "at_s": 1, "seconds": 4000}]}', "faults[0].seconds"),
        (b'{"operators": [{"name": "a", "lost_share": -3}]}', "operators[0].lost_share: -3 is no"),
        (b'{"operators": [{"name": "a", "late_share": 7}]}', "operators[0].late_share: 7 is no"),
        (
            b'{"operators": [{"name": "a", "latency": {"low": 3, "high": 1}}]}',
            "operators[0].latency: 3 to 1 is no span; give seconds from 0",
        ),
        (b'{"operators": [{"name": "a", "limit": -1}]}', "operators[0].limit: -1 is below 0"),
        (b'{"operators": [{"name": "a", "prefixes": ["+84", ""]}]}', "without +"),
        (
            b'{"operators": [{"name": "a"}, {"name": "b", "prefixes": [""]}]}',
            "operators[1].prefixes: '' belongs to a already",
        ),
        (
            b'{"operators": [{"name": "a", "failures": [{"share": 0.1, "stat": "LOST"}]}]}',
            "operators[0].failures[0].stat: 'LOST' is none of",
        ),
        (
            b'{"operators": [{"name": "a", "failures": [{"share": 0.1, "status": 88}]}]}',
            "operators[0].failures[0].status: 88 cannot be used",
        ),
        (b'{"people": {"stop_share": 0.6, "thanks_share": 0.6}}', "people: question_share,"),
        (b'{"people": {"click_delay": {"low": -1}}}', "people.click_delay: -1 to 0"),
        (b'{"receipt_window": 0}', "receipt_window: 0 is outside"),
    ],
)
def test_a_bad_script_says_where(data: bytes, words: str) -> None:
    with pytest.raises(ScriptInvalid) as caught:
        read_script(data)
    assert words in str(caught.value)


def test_a_script_that_is_not_there_names_the_choices() -> None:
    with pytest.raises(ScriptInvalid, match="demo, bench"):
        load_script("/nowhere/script.json")


def test_a_log_cut_in_the_middle_of_a_line_reads_up_to_there(tmp_path: Path) -> None:
    line = "H\t1795507405000\t+84901\tB\tid1\tdeadbeef\t5\t1\t0\tsent\n"
    log = tmp_path / "log"
    log.write_text(line + line[:30])
    assert list(read_log(log)) == [
        Handed(1795507405.0, "+84901", "B", "id1", "deadbeef", 5, 1, 0, True)
    ]


async def test_the_log_tells_what_was_acknowledged_and_when_a_session_ended(tmp_path: Path) -> None:
    recorder = await play(tmp_path / "log", seed=3, script=BENCH, count=20)
    entries = list(read_log(tmp_path / "log"))
    said = [name for entry in entries if isinstance(entry, Acknowledged) for name in entry.what]
    assert sorted(said) == sorted(one.provider_message_id for one in recorder.receipts)
    assert len(said) == 20
    # The carrier started, and the only session ended.
    assert sum(isinstance(entry, Broken) for entry in entries) == 2


async def test_an_intermediate_receipt_decides_nothing(tmp_path: Path) -> None:
    script = Script(operators=(Operator("early", early_share=1.0),))
    recorder = await play(tmp_path / "log", seed=3, script=script, count=20)
    assert len(recorder.receipts) == 40
    entries = [entry for entry in read_log(tmp_path / "log") if isinstance(entry, Acknowledged)]
    assert sum(len(entry.what) for entry in entries) == 20


async def test_a_person_writes_by_the_control_door(tmp_path: Path) -> None:
    recorder = Recorder()
    order = {"msisdn": "+84901234567", "recipient": "BAKERY", "text": "STOP"}
    options = Options(BENCH, port=0, http_port=0, log=tmp_path / "log")
    async with running(options) as simulator, aiohttp.ClientSession() as http:
        url = f"http://127.0.0.1:{simulator.http_port}/say"
        async with http.post(url, json=order) as answer:
            assert answer.status == 409  # nobody is bound
        provider = find_provider("simulator")
        assert provider is not None
        connection = provider.connect(spec_for(simulator, "simulator"), recorder)
        await connection.open()
        async with http.post(url, json=order) as answer:
            assert answer.status == 200
        await until(lambda: len(recorder.mos) == 1)
        await connection.close()
    assert (recorder.mos[0].msisdn, recorder.mos[0].text) == ("+84901234567", "STOP")
    told = [entry for entry in read_log(tmp_path / "log") if isinstance(entry, Acknowledged)]
    assert [entry.what for entry in told] == [("+84901234567",)]


def test_the_page_has_a_script_that_can_be_played_and_every_field_and_fault() -> None:
    page = (Path(__file__).parents[2] / "docs/developer/simulator.md").read_text(encoding="utf-8")
    script = read_script(page.split("```json\n")[1].split("```")[0].encode())

    assert [one.name for one in script.operators] == ["Slow", "All others"]
    names = [*Script.__struct_fields__, *Operator.__struct_fields__, *People.__struct_fields__]
    names += [*PlannedFault.__struct_fields__, *Failure.__struct_fields__, *FAULT_KINDS]
    assert [name for name in names if f"`{name}`" not in page] == []
