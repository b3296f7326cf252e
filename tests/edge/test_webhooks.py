import json
import random
import secrets
import time
from asyncio import gather
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from edge.conftest import NatsServer, until
from edge.forgeries import Call, genuine_calls, make_forgeries, make_repeats
from textwell.core.bus import Bus
from textwell.core.wire import DlrItem, MoItem, decode
from textwell.gateways.providers.simulator.signature import SIGNATURE, sign

SECRET, OTHER_SECRET = "s3cret", "s3cret of 44"


def dlr(provider_message_id: str, stat: str = "DELIVRD") -> dict[str, Any]:
    """A receipt as the simulated carrier's HTTP door tells it."""
    return {
        "kind": "dlr",
        "id": provider_message_id,
        "at": 1_790_000_000.5,
        "stat": stat,
        "err": "0",
    }


def write(*events: dict[str, Any]) -> bytes:
    return json.dumps(events).encode()


async def call(http: ClientSession, path: str, body: bytes, **headers: str) -> tuple[int, Any]:
    call_id = f"call_{secrets.token_hex(8)}"
    sent = sign(SECRET, call_id=call_id, at=int(time.time()), body=body) | headers
    async with http.post(path, data=BytesIO(body), headers=sent) as answer:
        return answer.status, await answer.read()


@pytest.fixture
async def doors(stream: Bus, http: ClientSession) -> None:
    """Gateways 41 and 44 post webhooks, 42 has no secret, 43 is of a provider without webhooks."""
    bucket = await stream.kv("gateways")
    for gateway_id, provider, secret in [
        (43, "smpp", "x"),
        (42, "simulator_http", ""),
        (44, "simulator_http", OTHER_SECRET),
        (41, "simulator_http", SECRET),
    ]:
        door = {"id": gateway_id, "workspace_id": 5, "provider": provider, "webhook_secret": secret}
        await bucket.put(str(gateway_id), json.dumps(door).encode())
    await stream.js.purge_stream("DLR")
    await stream.js.purge_stream("MO")

    async def is_known() -> bool:
        return (await call(http, "/dlr/41", b"[]"))[0] == 200

    await until(is_known)


async def say(http: ClientSession, each: Call) -> int:
    async with http.post(each.path, data=BytesIO(each.body), headers=each.headers) as answer:
        return answer.status


async def outcomes(http: ClientSession) -> dict[str, float]:
    """How many calls the edge has counted, by outcome."""
    async with http.get("/metrics") as answer:
        families = text_string_to_metric_families(await answer.text())
    return {
        sample.labels["outcome"]: sample.value
        for family in families
        for sample in family.samples
        if sample.name.endswith("edge_webhooks_total")
    }


async def read_all(stream: Bus, name: str, kind: Any) -> list[Any]:
    found: list[Any] = []
    while batch := await stream.pull(name, "ingest", batch=50, timeout=0.3):
        for message in batch:
            found += decode(message.data, kind)
            await message.ack()
    return found


async def test_receipts_are_stored_before_the_carrier_is_answered(
    doors: None, http: ClientSession, stream: Bus
) -> None:
    body = write(dlr("a1"), dlr("a2", "UNDELIV"))

    assert await call(http, "/dlr/41", body) == (200, b"ok")
    receipts = await read_all(stream, "DLR", list[DlrItem])
    assert [(r.gateway_id, r.provider_message_id, r.state) for r in receipts] == [
        (41, "a1", "delivered"),
        (41, "a2", "undelivered"),
    ]


async def test_texts_of_people_go_to_their_own_stream(
    doors: None, http: ClientSession, stream: Bus
) -> None:
    body = write(
        {"kind": "mo", "id": "m1", "at": 1.0, "from": "+84901234567", "to": "12345", "text": "STOP"}
    )

    assert await call(http, "/mo/41", body) == (200, b"ok")
    (text,) = await read_all(stream, "MO", list[MoItem])
    assert (text.source_key, text.msisdn, text.text) == ("m1", "+84901234567", "STOP")


async def test_two_thousand_events_in_one_call_are_all_stored(
    doors: None, http: ClientSession, stream: Bus
) -> None:
    body = write(*(dlr(f"b{number}") for number in range(2000)))

    assert (await call(http, "/dlr/41", body))[0] == 200
    receipts = await read_all(stream, "DLR", list[DlrItem])
    assert [r.provider_message_id for r in receipts] == [f"b{number}" for number in range(2000)]


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("/dlr/41", write(dlr("x")), {SIGNATURE: "v1," + "0" * 44}, 403),
        ("/dlr/41", write(dlr("x")), {SIGNATURE: ""}, 403),
        ("/dlr/42", write(dlr("x")), {}, 403),
        ("/dlr/99", write(dlr("x")), {}, 404),
        ("/dlr/abc", b"[]", {}, 404),
        ("/dlr/41/more", b"[]", {}, 404),
        ("/dlr/43", b"[]", {}, 404),
        ("/dlr/41", b'[{"kind": "dlr", "id": 7, "at": 1}]', {}, 400),
        ("/dlr/41", b"not json", {}, 400),
        ("/dlr/41", b" " * (2 << 20) + b"[]", {}, 413),
    ],
)
async def test_what_is_not_a_gateways_own_valid_call_is_refused_and_not_stored(  # noqa: PLR0917 - one row of the table
    doors: None, http: ClientSession, stream: Bus, path: str, body: bytes,
    headers: dict[str, str], status: int,
) -> None:  # fmt: skip
    assert (await call(http, path, body, **headers))[0] == status
    assert await read_all(stream, "DLR", list[DlrItem]) == []


async def test_forged_stale_and_repeated_calls_are_refused_in_all_of_500_cases(
    doors: None, http: ClientSession, stream: Bus
) -> None:
    """A repeat is refused by changing nothing: its sender hears 200, and may stop saying it."""
    dice, at = random.Random(37), int(time.time())
    taken = genuine_calls(SECRET, at, count=50)
    forged = make_forgeries(SECRET, OTHER_SECRET, at, dice, count=450)
    repeated = make_repeats(taken, SECRET, at, dice)
    assert [await say(http, each) for each in taken] == [200] * 50
    before = await outcomes(http)

    cases = [(each, 403) for each in forged] + [(each, 200) for each in repeated]
    dice.shuffle(cases)
    answers = await gather(*(say(http, each) for each, _wanted in cases))

    wrong = [
        (each.label, answer)
        for (each, wanted), answer in zip(cases, answers, strict=True)
        if answer != wanted
    ]
    assert (len(cases), wrong) == (500, [])
    after = await outcomes(http)
    assert after["403"] - before.get("403", 0) == 450
    assert after["repeated"] - before.get("repeated", 0) == 50
    receipts = await read_all(stream, "DLR", list[DlrItem])
    assert [r.provider_message_id for r in receipts] == [f"genuine{n}" for n in range(50)]
    assert await read_all(stream, "MO", list[MoItem]) == []


async def test_a_stale_call_is_told_why(doors: None, http: ClientSession) -> None:
    body = write(dlr("a"))
    stale = sign(SECRET, call_id="call_old", at=int(time.time()) - 400, body=body)

    status, answer = await call(http, "/dlr/41", body, **stale)
    assert (status, json.loads(answer)["detail"]) == (
        403,
        "Its timestamp is more than 300 s from our clock.",
    )


async def test_a_bad_body_is_told_by_its_field(doors: None, http: ClientSession) -> None:
    status, answer = await call(http, "/dlr/41", b'[{"kind": "dlr", "id": 7, "at": 1}]')

    assert status == 400
    assert "$[0].id" in json.loads(answer)["detail"]


async def test_other_methods_are_refused(doors: None, http: ClientSession) -> None:
    async with http.put("/dlr/41", data=b"[]") as answer:
        assert answer.status == 405
        assert answer.content_type == "application/problem+json"


async def test_without_the_stream_the_carrier_is_asked_to_come_again(
    doors: None, broker: NatsServer, http: ClientSession, stream: Bus
) -> None:
    broker.stop()
    try:
        status, answer = await call(http, "/dlr/41", write(dlr("z")))
        assert status == 503
        assert "twice is safe" in json.loads(answer)["detail"]
    finally:
        broker.start()

    async def is_stored() -> bool:
        return (await call(http, "/dlr/41", write(dlr("z"))))[0] == 200

    await until(is_stored)
