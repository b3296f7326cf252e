import hashlib
import hmac
import json
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientSession

from edge.conftest import NatsServer, until
from textwell.core.bus import Bus
from textwell.core.wire import DlrItem, MoItem, decode

SECRET = "s3cret"


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
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    sent = {"X-Signature": signature} | headers
    async with http.post(path, data=BytesIO(body), headers=sent) as answer:
        return answer.status, await answer.read()


@pytest.fixture
async def doors(stream: Bus, http: ClientSession) -> None:
    """Gateway 41 posts webhooks, 42 has no secret, 43 is of a provider without webhooks."""
    bucket = await stream.kv("gateways")
    for gateway_id, provider, secret in [
        (43, "smpp", "x"),
        (42, "simulator_http", ""),
        (41, "simulator_http", SECRET),
    ]:
        door = {"id": gateway_id, "workspace_id": 5, "provider": provider, "webhook_secret": secret}
        await bucket.put(str(gateway_id), json.dumps(door).encode())
    await stream.js.purge_stream("DLR")
    await stream.js.purge_stream("MO")

    async def is_known() -> bool:
        return (await call(http, "/dlr/41", b"[]"))[0] == 200

    await until(is_known)


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
        ("/dlr/41", write(dlr("x")), {"X-Signature": "0" * 64}, 403),
        ("/dlr/41", write(dlr("x")), {"X-Signature": ""}, 403),
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
