"""Lost answers, lost connections, throttling and broken peers, over real sockets."""

from __future__ import annotations

import asyncio
from typing import Any

from textwell.smpp import (
    UNKNOWN,
    BackoffConfig,
    ConnectionFailed,
    Pdu,
    ServerSession,
    SessionConfig,
    SmppError,
    State,
    Status,
)
from textwell.smpp.codec import HEADER
from textwell.smpp.server import Answer
from unit.smpp.loopback import (
    QUICK,
    Outcomes,
    accept_all,
    client_of,
    messages,
    serving,
    until,
)


async def test_lost_answers_are_unknown_and_the_others_are_not() -> None:
    def lose_odd(session: ServerSession, pdus: list[Pdu]) -> list[Answer]:
        session.forget(pdu.sequence for pdu in pdus if pdu.sequence % 2)
        return [answer for answer in accept_all(session, pdus) if answer[0] % 2 == 0]

    outcomes = Outcomes()
    async with (
        serving(lose_odd) as server,
        client_of(server.port, on_outcomes=outcomes, session=QUICK) as client,
    ):
        client.submit_batch(messages(50))
        await outcomes.until(50)

    assert sum(status == UNKNOWN for _, status, _ in outcomes) == 25
    assert sorted(n for n, _, _ in outcomes) == list(range(50))


async def test_a_late_answer_is_told_apart() -> None:
    def late(session: ServerSession, pdus: list[Pdu]) -> None:
        answers = accept_all(session, pdus)
        asyncio.get_running_loop().call_later(0.6, session.answer, answers)

    outcomes, later = Outcomes(), Outcomes()
    async with (
        serving(late) as server,
        client_of(server.port, on_outcomes=outcomes, on_late=later, session=QUICK) as client,
    ):
        client.submit_batch(messages(1))
        await later.until(1)

    assert (list(outcomes), list(later)) == ([(0, UNKNOWN, "")], [(0, 0, "id-0")])


async def test_a_dropped_connection_makes_unknown_and_is_made_again() -> None:
    dropped = False

    def drop_once(session: ServerSession, pdus: list[Pdu]) -> list[Answer] | None:
        nonlocal dropped
        if dropped:
            return accept_all(session, pdus)
        dropped = True
        session.drop()
        return None

    outcomes, states = Outcomes(), []
    async with (
        serving(drop_once) as server,
        client_of(
            server.port, on_outcomes=outcomes, on_state=states.append, reconnect=True
        ) as client,
    ):
        assert client.submit_batch(messages(5)) == 5
        await outcomes.until(5)
        assert await client.wait_for_room() == 100
        client.submit_batch(messages(5, start=5))
        await outcomes.until(10)

    assert sorted(outcomes[:5]) == [(n, UNKNOWN, "") for n in range(5)]
    assert sorted(outcomes[5:]) == [(n, 0, f"id-{n}") for n in range(5, 10)]
    assert states[:3] == [State.BOUND_TRX, State.CLOSED, State.BOUND_TRX]


async def test_a_server_that_goes_and_comes_is_found_again() -> None:
    troubles: list[SmppError] = []
    async with serving() as server:
        port = server.port
        async with client_of(port, reconnect=True, on_trouble=troubles.append) as client:
            await server.stop()
            await until(lambda: troubles)
            assert isinstance(troubles[0], ConnectionFailed)
            async with serving(port=port):
                assert await client.wait_bound(10)


async def test_start_keeps_trying_in_the_background() -> None:
    refusals = [Status.ESME_RBINDFAIL, Status.ESME_RALYBND]
    troubles: list[SmppError] = []

    def authenticate(pdu: Pdu) -> int:
        return refusals.pop() if refusals else 0

    async with (
        serving(authenticate=authenticate) as server,
        client_of(server.port, connect=False, on_trouble=troubles.append) as client,
    ):
        assert not await client.wait_bound(0.01)
        client.start()
        client.start()
        assert await client.wait_bound(10)

    assert [str(error) for error in troubles] == [
        "bind refused: ESME_RALYBND",
        "bind refused: ESME_RBINDFAIL",
    ]


async def test_throttling_suggests_pauses_that_grow_and_end_with_success() -> None:
    statuses = [Status.ESME_RTHROTTLED, Status.ESME_RMSGQFUL, Status.ESME_RTHROTTLED, 0]

    def throttle(session: ServerSession, pdus: list[Pdu]) -> list[Answer]:
        status = statuses.pop(0)
        return [(pdu.sequence, status, "x") for pdu in pdus]

    outcomes, pauses = Outcomes(), []
    backoff = BackoffConfig(first_s=0.01, cap_s=1)
    async with (
        serving(throttle) as server,
        client_of(server.port, on_outcomes=outcomes, throttle_backoff=backoff) as client,
    ):
        for done in range(1, 5):
            client.submit_batch(messages(1))
            await outcomes.until(done)
            pauses.append(client.suggested_pause_s)
            await asyncio.sleep(client.suggested_pause_s)  # as a sender is asked to

    assert [low <= pause <= high for pause, (low, high) in zip(
        pauses, [(0.005, 0.01), (0.01, 0.02), (0.02, 0.04), (0, 0)], strict=True
    )] == [True] * 4  # fmt: skip
    assert [status for _, status, _ in outcomes] == [0x58, 0x14, 0x58, 0]


async def test_what_was_on_its_way_when_the_carrier_refused_makes_the_pause_no_longer() -> None:
    def throttle(session: ServerSession, pdus: list[Pdu]) -> list[Answer]:
        return [(pdu.sequence, Status.ESME_RTHROTTLED, "") for pdu in pdus]

    outcomes, pauses = Outcomes(), []
    backoff = BackoffConfig(first_s=100, cap_s=10_000)
    async with (
        serving(throttle) as server,
        client_of(server.port, on_outcomes=outcomes, throttle_backoff=backoff) as client,
    ):
        for done in range(1, 4):
            client.submit_batch(messages(1))
            await outcomes.until(done)
            pauses.append(client.suggested_pause_s)

    assert pauses == [pauses[0]] * 3


async def test_a_malformed_frame_is_answered_and_a_lost_frame_ends_the_connection() -> None:
    told = []
    async with serving(on_malformed=lambda _, event: told.append(str(event))) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(HEADER.pack(16, 0x99, 0, 5) + HEADER.pack(3, 4, 0, 6))
        answers = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        await writer.wait_closed()

    assert answers == HEADER.pack(16, 0x80000000, 3, 5) + HEADER.pack(16, 0x80000000, 2, 6)
    assert told[0] == "ESME_RINVCMDID: command_id: 0x00000099 is unknown"


async def test_the_nack_leaves_before_an_owner_drops_the_connection() -> None:
    def drop(session: ServerSession, state: State) -> None:
        if state is not State.OPEN:
            session.drop()

    async with serving(on_state=drop) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(HEADER.pack(3, 4, 0, 6))
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        await writer.wait_closed()

    assert answer == HEADER.pack(16, 0x80000000, 2, 6)


async def test_a_peer_that_never_binds_is_cut_off() -> None:
    async with serving(session=SessionConfig(bind_timeout_s=0.05)) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()
        await writer.wait_closed()


async def test_a_mistake_in_a_handler_does_not_end_the_session() -> None:
    reported: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    calls = 0

    def fail_once(session: ServerSession, pdus: list[Pdu]) -> list[Answer]:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise RuntimeError("mine")
        return accept_all(session, pdus)

    async with (
        serving(fail_once) as server,
        client_of(server.port, session=QUICK) as client,
    ):
        lost = await client.submit(destination_addr="1")
        kept = await client.submit(destination_addr="2")

    assert (lost, kept) == ((None, UNKNOWN, ""), (None, 0, "id-2"))
    assert [str(context["exception"]) for context in reported] == ["mine"]
