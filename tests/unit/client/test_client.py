"""The Python client against a server that answers as it is told."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from textwell.client import (
    ApiError,
    Client,
    Conflict,
    FieldProblem,
    Invalid,
    NoAnswer,
    NotFound,
    TooManyRequests,
    Unavailable,
    Upload,
    WebhookRefused,
    calls,
    verify_webhook,
)
from textwell.client.aio import AsyncClient
from textwell.client.retrying import Answer, Retries
from textwell.webhooks.signing import make_secret, sign_standard
from unit.client.conftest import Scripted

TEXT = calls.schemas.NewMessage(to="+84901234567", body="Your table is ready. Cảm ơn!")
TAKEN = {"id": 7, "state": "queued"}


@pytest.fixture
def waits() -> list[float]:
    """Seconds that the client would have waited."""
    return []


@pytest.fixture
def client(server: Scripted, waits: list[float]) -> Iterator[Client]:
    with Client(f"{server.url}/sms/", "tw_a_b", sleep=waits.append) as made:
        yield made


def test_a_call_is_sent_with_the_key_and_its_answer_read(client: Client, server: Scripted) -> None:
    server.will(202, TAKEN)

    assert client.do(calls.messages_send_message(TEXT)) == TAKEN

    [asked] = server.asked
    assert (asked.method, asked.target) == ("POST", "/sms/api/v1/messages")
    assert asked.headers["authorization"] == "Bearer tw_a_b"
    assert asked.headers["content-type"] == "application/json"
    assert "Cảm ơn!".encode() in asked.body


def test_one_key_is_kept_over_all_tries_and_another_call_has_another(
    client: Client, server: Scripted, waits: list[float]
) -> None:
    server.will_hang_up()
    server.will(503, {"title": "Away"}, retry_after="5")
    server.will(429, {"title": "Slower"}, retry_after="1")
    server.will(202, TAKEN)
    server.will(202, TAKEN)

    client.do(calls.messages_send_message(TEXT))
    client.do(calls.messages_send_message(TEXT))

    keys = [asked.headers["idempotency-key"] for asked in server.asked]
    assert len(set(keys[:4])) == 1
    assert keys[4] != keys[0]
    assert 0 <= waits[0] <= 0.5
    assert 5 <= waits[1] <= 6
    assert 1 <= waits[2] <= 3
    assert len(waits) == 3


def test_a_call_whose_first_request_still_runs_is_asked_again(
    client: Client, server: Scripted, waits: list[float]
) -> None:
    server.will(409, {"type": "urn:textwell:problem:still_running"}, retry_after="1")
    server.will(202, TAKEN)

    assert client.do(calls.messages_send_message(TEXT)) == TAKEN
    assert len(waits) == 1


@pytest.mark.parametrize(
    ("status", "kind", "error"),
    [
        (404, "not_found", NotFound),
        (409, "idempotency_key_reused", Conflict),
        (422, "invalid", Invalid),
        (400, "malformed", ApiError),
    ],
)
def test_a_refusal_is_final_and_has_its_own_type(
    client: Client, server: Scripted, status: int, kind: str, error: type[ApiError]
) -> None:
    fields = [{"field": "to", "problem": "is no number", "mend": "Write it with +."}]
    server.will(status, {
        "type": f"urn:textwell:problem:{kind}", "title": "No.", "detail": "to: is no number",
        "errors": fields, "reason": "no_consent",
    })  # fmt: skip

    with pytest.raises(error) as caught:
        client.do(calls.messages_send_message(TEXT))

    assert type(caught.value) is error
    assert (caught.value.status, caught.value.kind) == (status, kind)
    assert caught.value.errors == (FieldProblem("to", "is no number", "Write it with +."),)
    assert caught.value.problem["reason"] == "no_consent"
    assert len(server.asked) == 1


def test_after_five_tries_the_last_word_is_said(
    client: Client, server: Scripted, waits: list[float]
) -> None:
    for _try in range(5):
        server.will(503, b"<html>gone</html>", content_type="text/html")
    with pytest.raises(Unavailable) as caught:
        client.do(calls.workspace_get_workspace())
    for _try in range(5):
        server.will_hang_up()
    with pytest.raises(NoAnswer, match="GET /api/v1/workspace"):
        client.do(calls.workspace_get_workspace())

    assert caught.value.title == "<html>gone</html>"
    assert (len(server.asked), len(waits)) == (10, 8)


def test_a_server_that_wants_to_be_left_for_long_is_left_to_the_caller(
    client: Client, server: Scripted, waits: list[float]
) -> None:
    server.will(429, {"title": "Slower"}, retry_after="3600")

    with pytest.raises(TooManyRequests) as caught:
        client.do(calls.workspace_get_workspace())
    assert (caught.value.retry_after_s, waits) == (3600.0, [])


def test_waits_double_up_to_a_bound() -> None:
    retries, away = Retries(tries=12), Answer(503, {}, b"")

    longest = [
        max(retries.wait_s(away, tried) or 0.0 for _throw in range(200)) for tried in range(1, 12)
    ]

    bounds = [0.5, 1, 2, 4, 8, 16, 30, 30, 30, 30, 30]
    assert all(wait <= bound for wait, bound in zip(longest, bounds, strict=True))
    assert all(wait > bound / 2 for wait, bound in zip(longest, bounds, strict=True))
    assert retries.wait_s(away, 12) is None


def test_all_pages_of_a_list_are_read(client: Client, server: Scripted) -> None:
    server.will(200, {"items": [{"id": 1}, {"id": 2}], "next": "2"})
    server.will(200, {"items": [{"id": 3}], "next": None})

    found = [each["id"] for each in client.items(calls.contacts_list_people(tag="a&b", limit=2))]

    assert found == [1, 2, 3]
    assert [asked.target for asked in server.asked] == [
        "/sms/api/v1/contacts?limit=2&tag=a%26b",
        "/sms/api/v1/contacts?after=2&limit=2&tag=a%26b",
    ]


def test_a_file_is_sent_and_one_is_read_and_nothing_is_none(
    client: Client, server: Scripted
) -> None:
    server.will(201, {"id": 4})
    server.will(200, "a;b\r\n".encode("utf-16"), content_type="text/csv; charset=utf-16")
    server.will(204)

    upload = Upload(b"\x00phone\n", 'pe"ople.csv', {"region": "VN"})
    assert client.do(calls.imports_upload(upload)) == {"id": 4}
    assert client.do(calls.imports_get_rejected(4)) == "a;b\r\n".encode("utf-16")
    assert client.do(calls.lists_delete(5)) is None

    sent = server.asked[0]
    assert sent.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="region"\r\n\r\nVN\r\n' in sent.body
    assert b'name="file"; filename="pe%22ople.csv"' in sent.body
    assert b"\r\n\r\n\x00phone\n\r\n" in sent.body


async def test_the_client_of_asyncio_does_the_same(server: Scripted) -> None:
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    server.will_hang_up()
    server.will(202, TAKEN)
    server.will(200, {"items": [{"id": 1}], "next": "a b"})
    server.will(200, {"items": [{"id": 2}], "next": None})
    server.will(404, {"type": "urn:textwell:problem:not_found"})
    async with AsyncClient(server.url, "tw_a_b", sleep=wait) as client:
        assert await client.do(calls.messages_send_message(TEXT)) == TAKEN
        found = [each["id"] async for each in client.items(calls.templates_list_all())]
        with pytest.raises(NotFound):
            await client.do(calls.templates_get(9))

    assert (found, len(waits)) == ([1, 2], 1)
    assert server.asked[0].headers["idempotency-key"] == server.asked[1].headers["idempotency-key"]
    assert server.asked[3].target == "/api/v1/templates?after=a+b"


def test_an_address_without_a_host_is_refused() -> None:
    with pytest.raises(ValueError, match="is no address"):
        Client("sms.example.com", "tw_a_b")


def test_webhooks_of_ours_are_taken_and_others_refused() -> None:
    secret, at = make_secret(), datetime(2026, 11, 27, tzinfo=UTC)
    headers = sign_standard((secret,), event_id="evt_1", at=at, body='{"type": "a"}')
    titled = {name.title(): value for name, value in headers.items()}
    body, now = b'{"type": "a"}', at.timestamp()

    assert verify_webhook(secret, titled, body, now=now + 300) == {"type": "a"}
    for values in (
        (make_secret(), headers, body, now),
        (secret, headers, body + b" ", now),
        (secret, headers, body, now + 301),
        (secret, headers, body, now - 301),
        (secret, headers | {"webhook-id": "evt_2"}, body, now),
        (secret, headers | {"webhook-timestamp": "soon"}, body, now),
        (secret, headers | {"webhook-signature": "v1,é"}, body, now),
        (secret, {}, body, now),
    ):
        with pytest.raises(WebhookRefused):
            verify_webhook(values[0], values[1], values[2], now=values[3])
