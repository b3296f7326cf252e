"""Segment's own library, unchanged, against a real server of ours; and the border of that door."""

import base64
import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from segment.analytics.client import Client

from api.conftest import Program
from builders import make_contact
from textwell.consent.models import ConsentEvent
from textwell.contacts.models import Contact, Event
from textwell.contacts.tracked.actions import record_events
from textwell.core.bus import Bus
from textwell.core.errors import BusUnavailable
from textwell.core.wire import EventItem, decode
from wide import share

pytestmark = pytest.mark.django_db(transaction=True)

NASTY: list[Any] = ["\x00", "a\x00b", "x" * 100_000, "😀", -1, 0, 2**63, 2**80, 1.5, True, None, [],
                    {}, [[[[]]]], {"\x00": "\x00"}, "9999-12-31T23:59:59Z", "0001-01-01", "nan"]  # fmt: skip
FIELDS = ["type", "event", "userId", "anonymousId", "messageId", "timestamp", "traits", "context",
          "properties", "name", "groupId", "previousId", "sentAt", "writeKey"]  # fmt: skip


class Caller:
    def __init__(self, program: Program) -> None:
        self.program, self.browser = program, Browser()

    def send(self, kind: str, body: Any, **headers: str) -> Any:
        credentials = base64.b64encode(f"{self.program.secret}:".encode()).decode()
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        extra = {"HTTP_AUTHORIZATION": f"Basic {credentials}", **headers}
        return self.browser.generic(
            "POST", f"/segment/v1/{kind}", data, "application/json", **extra
        )


@pytest.fixture
def caller(program: Program, bus: Bus) -> Caller:
    return Caller(program)


async def stored(bus: Bus) -> list[EventItem]:
    info = await bus.js.stream_info("EVENT")
    items: list[EventItem] = []
    for sequence in range(info.state.first_seq, info.state.last_seq + 1):
        message = await bus.js.get_msg("EVENT", sequence)
        items += decode(message.data or b"", list[EventItem])
    return items


@pytest.mark.parametrize("is_packed", [False, True])
async def test_the_official_library_tells_of_people_and_what_they_did(
    program: Program, server: str, bus: Bus, is_packed: bool
) -> None:
    errors: list[object] = []
    client = Client(
        program.secret,
        host=f"{server}/segment",
        gzip=is_packed,
        send=True,
        sync_mode=True,
        on_error=lambda error, _items: errors.append(error),
    )
    at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

    client.identify("u1", {"phone": "+33612345678", "firstName": "Ada", "email": "a@example.org"})
    client.track("u1", "Order Completed", {"total": 25.5}, timestamp=at)
    client.page("u1", "Shop", "Cart")
    client.screen("u1", "Shop", "Cart")
    client.group("u1", "g1", {"plan": "gold"})
    client.alias("anonymous-1", "u1")

    assert errors == []
    contact = Contact.objects.get()
    assert (contact.msisdn, contact.first_name, contact.external_id) == (
        "+33612345678", "Ada", "u1",
    )  # fmt: skip
    assert not ConsentEvent.objects.exists()
    items = await stored(bus)
    assert [item.name for item in items] == [
        "identify", "order_completed", "page", "screen", "group", "alias",
    ]  # fmt: skip
    assert items[1].properties == {"total": 25.5}
    assert abs(items[1].at - at.timestamp()) < 5
    assert record_events(items) == 6
    assert Event.objects.get(name="order_completed").contact_id == contact.id


async def test_a_message_told_twice_is_one_event(caller: Caller, bus: Bus) -> None:
    call = {"userId": "u1", "event": "Paid", "messageId": "m-1"}

    answers = [
        caller.send("track", call),
        caller.send("batch", {"batch": [{"type": "track", **call}]}),
    ]

    assert [(each.status_code, each.json()) for each in answers] == [(200, {"success": True})] * 2
    items = await stored(bus)
    assert {item.source_key for item in items} == {"segment:m-1"}
    assert record_events(items) == 1


async def test_the_senders_clock_is_set_right(caller: Caller, bus: Bus) -> None:
    ahead = datetime.now(UTC) + timedelta(hours=3)
    call = {"userId": "u1", "event": "Paid", "timestamp": (ahead - timedelta(minutes=10)).isoformat(),
            "sentAt": ahead.isoformat()}  # fmt: skip

    caller.send("track", call)

    [item] = await stored(bus)
    assert abs(item.at - (datetime.now(UTC) - timedelta(minutes=10)).timestamp()) < 30


async def test_bad_calls_of_a_batch_are_named_and_the_others_taken(
    caller: Caller, bus: Bus
) -> None:
    good = {"type": "track", "userId": "u1", "event": "Paid"}
    bad = [{"type": "track", "event": "Paid"}, {"type": "sing", "userId": "u1"}, 7,
           {"type": "track", "userId": "u1"}, {**good, "properties": {"x": "y" * 40_000}}]  # fmt: skip

    answer = caller.send("batch", {"batch": [good, *bad]})

    assert answer.json() == {
        "success": True,
        "rejected": [
            "1: has neither userId nor anonymousId", "2: has no known type", "3: is no object",
            "4: has no event name", "5: has more than 32 KB",
        ],
    }  # fmt: skip
    assert len(await stored(bus)) == 1


def test_without_the_right_to_people_an_identify_is_an_event_alone(
    program_with: Callable[..., Program], bus: Bus
) -> None:
    caller = Caller(program_with("events:write"))

    answer = caller.send("identify", {"userId": "u1", "traits": {"phone": "+33612345678"}})

    assert answer.status_code == 200
    assert not Contact.objects.exists()


def test_a_key_in_the_body_is_taken_and_a_wrong_or_weak_one_refused(
    program: Program, program_with: Callable[..., Program], bus: Bus
) -> None:
    def send(key: str) -> tuple[int, str]:
        body = json.dumps({"userId": "u1", "event": "Paid", "writeKey": key})
        answer = Browser().post("/segment/v1/track", body, content_type="application/json")
        return answer.status_code, answer.json().get("code", "")

    assert send(program.secret) == (200, "")
    assert send("tw_x_y") == (401, "unauthenticated")
    assert send(program_with("contacts:read").secret) == (403, "forbidden")


def test_while_the_stream_is_away_the_library_is_asked_to_come_again(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object, **kw: object) -> None:
        raise BusUnavailable("away")

    monkeypatch.setattr("textwell.api.tracking.publish_sync", away)

    answer = caller.send("track", {"userId": "u1", "event": "Paid"})

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer["Retry-After"] == "5"


@pytest.mark.parametrize(
    ("kind", "body", "headers", "refusal"),
    [
        ("track", b"{", {}, (400, "malformed")),
        ("track", b"[1]", {}, (400, "invalid")),
        ("track", b"\xff", {}, (400, "malformed")),
        ("track", b'{"userId": "\\ud83d"}', {}, (400, "malformed")),
        ("track", b"[" * 100_000, {}, (400, "malformed")),
        ("track", {"userId": "u1"}, {}, (400, "invalid")),
        ("batch", {"batch": {}}, {}, (400, "invalid")),
        ("batch", b" " * 600_000, {}, (413, "too_large")),
        ("batch", gzip.compress(b" " * 50_000_000), {"HTTP_CONTENT_ENCODING": "gzip"}, (413, "too_large")),
        ("batch", b"no gzip", {"HTTP_CONTENT_ENCODING": "gzip"}, (400, "malformed")),
        ("sing", {}, {}, (404, "not_found")),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_segments_form(
    caller: Caller, kind: str, body: Any, headers: dict[str, str], refusal: tuple[int, str]
) -> None:
    answer = caller.send(kind, body, **headers)

    assert (answer.status_code, answer.json()["code"]) == refusal
    assert answer.json()["success"] is False
    assert answer.json()["message"]


@pytest.mark.parametrize("field", FIELDS)
def test_no_value_is_a_fault(caller: Caller, field: str) -> None:
    make_contact(workspace=caller.program.workspace)
    base = {"userId": "u1", "event": "Paid", "traits": {"phone": "+33612345678"}}

    for value in share(NASTY, turn=FIELDS.index(field)):
        for kind in ("track", "identify", "page", "group", "alias"):
            for given in ({**base, field: value}, {**base, "traits": {field: value, "email": value,
                          "phone": value, "firstName": value}}):  # fmt: skip
                answer = caller.send(kind, given)
                assert answer.status_code < 500, (kind, given, answer.content)
