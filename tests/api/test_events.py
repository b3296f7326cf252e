"""Events in: answered only when the stream has stored them."""

import pytest

from api.conftest import Program
from textwell.core.bus import Bus
from textwell.core.errors import BusUnavailable
from textwell.core.wire import EventItem, decode

pytestmark = pytest.mark.django_db(transaction=True)

PAID = {"id": "o-1", "name": "order_paid", "msisdn": "06 12 34 56 78"}


async def stored(bus: Bus) -> list[EventItem]:
    info = await bus.js.stream_info("EVENT")
    items: list[EventItem] = []
    for sequence in range(info.state.first_seq, info.state.last_seq + 1):
        message = await bus.js.get_msg("EVENT", sequence)
        items += decode(message.data or b"", list[EventItem])
    return items


async def test_an_event_is_on_the_stream_when_it_is_answered(bus: Bus, program: Program) -> None:
    given = {**PAID, "msisdn": "+33612345678", "at": "2026-11-20T09:00:00Z"}

    answer = program.post("/events", {"events": [{**given, "properties": {"amount": 25.5}}]})

    assert (answer.status_code, answer.json()) == (202, {"count": 1})
    (item,) = await stored(bus)
    assert (item.workspace_id, item.name, item.source_key) == (
        program.workspace.id,
        "order_paid",
        "o-1",
    )
    assert (item.msisdn, item.properties) == ("+33612345678", {"amount": 25.5})


async def test_many_events_arrive_all_and_in_order(bus: Bus, program: Program) -> None:
    filler = {f"p{n}": "x" * 400 for n in range(10)}
    events = [
        {"id": f"o-{n}", "name": "seen", "contact_id": 1, "properties": filler} for n in range(500)
    ]

    assert program.post("/events", {"events": events}).status_code == 202

    assert [item.source_key for item in await stored(bus)] == [f"o-{n}" for n in range(500)]


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("events.0", {"contact_id": 3}),
        ("events.0", {"msisdn": None}),
        ("events.0.name", {"name": "Order Paid"}),
        ("events.0.at", {"at": "2096-01-01T00:00:00Z"}),
        ("events.0.properties.a", {"properties": {"a": [1]}}),
        ("events.0.id", {"id": ""}),
    ],
)
async def test_a_bad_event_is_refused_by_field_and_none_is_stored(
    bus: Bus, program: Program, field: str, given: dict[str, object]
) -> None:
    event = {**PAID, "msisdn": "+33612345678", **given}

    answer = program.post("/events", {"events": [event]})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].startswith(field)
    assert await stored(bus) == []


async def test_nothing_is_acknowledged_that_was_not_stored(
    bus: Bus, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object, **_kw: object) -> None:
        raise BusUnavailable("not stored in 10 s")

    monkeypatch.setattr("textwell.api.tracking.publish_sync", away)
    answer = program.post("/events", {"events": [{**PAID, "msisdn": "+33612345678"}]})

    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert answer.json()["type"] == "urn:textwell:problem:stream_unavailable"
