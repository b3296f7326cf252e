"""Client and server over real sockets on loopback."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from textwell.smpp import (
    NOT_SENT,
    UNKNOWN,
    BackoffConfig,
    BindRefused,
    Client,
    ClientConfig,
    Command,
    ConnectionFailed,
    DeliverBatch,
    NotBound,
    Pdu,
    ServerSession,
    SessionConfig,
    SmppError,
    State,
    Status,
    SubmitTemplate,
)
from textwell.smpp.codec import HEADER
from textwell.smpp.server import Answer
from unit.smpp.loopback import (
    QUICK,
    TEMPLATE,
    Outcomes,
    accept_all,
    bound_session,
    client_of,
    messages,
    serving,
    until,
)

# -- the plain way -------------------------------------------------------------------------


async def test_twenty_thousand_messages_come_back_once_each_with_their_ids() -> None:
    outcomes = Outcomes()
    async with serving() as server, client_of(server.port, on_outcomes=outcomes) as client:
        assert await client.submit_all(messages(20_000)) == 20_000
        await outcomes.until(20_000)

    assert sorted(outcomes) == [(n, 0, f"id-{n}") for n in range(20_000)]


async def test_never_more_is_in_flight_than_the_window() -> None:
    most = 0

    def watch(session: ServerSession, pdus: list[Pdu]) -> None:
        nonlocal most
        most = max(most, len(session.note))
        session.note += [pdu.sequence for pdu in pdus]
        most = max(most, len(session.note))
        asyncio.get_running_loop().call_later(0.005, answer, session)

    def answer(session: ServerSession) -> None:
        owed, session.note = session.note, []
        session.answer((sequence, 0, "x") for sequence in owed)

    def prepare(pdu: Pdu) -> int:
        for session in server.sessions:
            session.note = []
        return 0

    outcomes = Outcomes()
    async with (
        serving(watch, authenticate=prepare) as server,
        client_of(server.port, on_outcomes=outcomes, session=SessionConfig(window=10)) as client,
    ):
        await client.submit_all(messages(200))
        await outcomes.until(200)

    assert most == 10


async def test_a_single_message_is_submitted_and_its_outcome_returned() -> None:
    async with serving() as server, client_of(server.port) as client:
        outcome = await client.submit(destination_addr="849", short_message=b"hi")

    assert outcome == (None, 0, "id-849")


async def test_query_cancel_and_replace_get_their_answers() -> None:
    def handle(session: ServerSession, pdus: list[Pdu]) -> list[Answer] | None:
        (pdu,) = pdus
        if pdu.command_id != Command.query_sm:
            return [(pdu.sequence, 0x11 if pdu.command_id == Command.cancel_sm else 0, "")]
        session.answer_with(
            pdu.sequence, message_id=pdu.fields["message_id"], message_state=2, error_code=0
        )
        return None

    async with serving(handle) as server, client_of(server.port) as client:
        found = await client.request(Pdu(Command.query_sm, fields={"message_id": "7"}))
        canceled = await client.request(Pdu(Command.cancel_sm, fields={"message_id": "7"}))
        replaced = await client.request(Pdu(Command.replace_sm, fields={"message_id": "7"}))

    assert found is not None
    assert found.fields == {
        "message_id": "7",
        "final_date": "",
        "message_state": 2,
        "error_code": 0,
    }
    assert canceled is not None
    assert canceled.status_name == "ESME_RCANCELFAIL"
    assert replaced is not None
    assert replaced.command == "replace_sm_resp"


async def test_the_round_trip_of_20_ms_hides_behind_the_window() -> None:
    """At 20 ms a window of 100 bounds the rate at 5,000/s; 97 % of it must be reached."""

    def later(session: ServerSession, pdus: list[Pdu]) -> None:
        answers = accept_all(session, pdus)
        asyncio.get_running_loop().call_later(0.02, session.answer, answers)

    outcomes = Outcomes()
    async with serving(later) as server, client_of(server.port, on_outcomes=outcomes) as client:
        await client.submit_all(messages(500))  # to get into the swing
        await outcomes.until(500)
        started = asyncio.get_running_loop().time()
        await client.submit_all(messages(5_000))
        await outcomes.until(5_500)
        took = asyncio.get_running_loop().time() - started

    # The test machine is shared; the figure itself is the benchmark's. A window of one would
    # take 100 s.
    assert took < 20


# -- what arrives --------------------------------------------------------------------------


async def test_what_arrives_is_acknowledged_when_the_owner_says_so() -> None:
    batches: list[DeliverBatch] = []
    outcomes = Outcomes()
    deliver = SubmitTemplate(esm_class=4)
    async with (
        serving(on_outcomes=lambda _, some: outcomes(some)) as server,
        client_of(server.port, on_deliver=batches.append),
    ):
        session = await bound_session(server)
        assert session.deliver_batch([(n, deliver.body(b"1", b"%d" % n)) for n in range(3)]) == 3
        await until(lambda: not (sum(len(batch.pdus) for batch in batches) < 3))
        assert outcomes == []

        first, second, third = [pdu.sequence for batch in batches for pdu in batch.pdus]
        batches[-1].ack([first, third])
        batches[-1].reject(Status.ESME_RX_T_APPN, [second])
        await outcomes.until(3)
        assert batches[-1].ack() == 0

    assert sorted(outcomes) == [(0, 0, ""), (1, 0x64, ""), (2, 0, "")]


async def test_what_arrives_without_a_handler_is_kept_by_the_smsc() -> None:
    outcomes = Outcomes()
    async with (
        serving(on_outcomes=lambda _, some: outcomes(some)) as server,
        client_of(server.port),
    ):
        session = await bound_session(server)
        session.deliver_batch([("a", TEMPLATE.body(b"1", b"x"))])
        await outcomes.until(1)

    assert outcomes == [("a", Status.ESME_RX_T_APPN, "")]


async def test_an_acknowledgement_never_goes_to_another_connection() -> None:
    batches: list[DeliverBatch] = []
    outcomes = Outcomes()
    async with (
        serving(on_outcomes=lambda _, some: outcomes(some)) as server,
        client_of(server.port, on_deliver=batches.append, reconnect=True) as client,
    ):
        for round_ in range(2):
            await until(lambda: not (not client.is_bound or len(server.sessions) != 1))
            session = await bound_session(server)
            session.deliver_batch([(round_, TEMPLATE.body(b"1", b"x"))])
            await until(lambda n=round_: len(batches) > n)
            if round_ == 0:
                session.drop()
                await outcomes.until(1)
        assert batches[0].pdus[0].sequence == batches[1].pdus[0].sequence

        assert batches[0].ack() == 0
        assert batches[1].ack() == 1
        await outcomes.until(2)

    assert outcomes == [(0, UNKNOWN, ""), (1, 0, "")]


async def test_the_smsc_sends_data_sm_and_alerts() -> None:
    taken: list[Pdu] = []

    def keep(batch: DeliverBatch) -> None:
        taken.extend(batch.pdus)
        batch.ack()

    async with serving() as server, client_of(server.port, on_deliver=keep):
        session = await bound_session(server)
        session.notify(Pdu(Command.alert_notification, fields={"source_addr": "849"}))
        answer = await session.request(Pdu(Command.data_sm, fields={"source_addr": "849"}))

    assert [pdu.command for pdu in taken] == ["alert_notification", "data_sm"]
    assert answer is not None
    assert answer.command == "data_sm_resp"


# -- faults --------------------------------------------------------------------------------


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


# -- binds and ends ------------------------------------------------------------------------


async def test_a_wrong_password_is_refused_by_name() -> None:
    def authenticate(pdu: Pdu) -> int:
        return 0 if pdu.fields["password"] == "right" else Status.ESME_RINVPASWD

    async with serving(authenticate=authenticate) as server:
        with pytest.raises(BindRefused, match="bind refused: ESME_RINVPASWD") as caught:
            async with client_of(server.port):
                pass

    assert caught.value.status == 0x0E


@pytest.mark.parametrize("status", [0, Status.ESME_RINVSYSID])
async def test_a_bind_may_be_judged_later(status: int) -> None:
    async def authenticate(pdu: Pdu) -> int:
        await asyncio.sleep(0.01)
        return status

    async with serving(authenticate=authenticate) as server:
        client = Client(ClientConfig("127.0.0.1", server.port, "me", reconnect=False))
        if status:
            with pytest.raises(BindRefused):
                await client.connect()
        else:
            await client.connect()
            assert (await bound_session(server)).system_id == "me"
        await client.close()


async def test_no_server_is_a_failed_connection() -> None:
    async with serving() as server:
        port = server.port
    with pytest.raises(ConnectionFailed, match=f"127.0.0.1:{port}: "):
        async with client_of(port):
            pass


async def test_a_server_that_hangs_up_before_the_bind_is_a_failed_connection() -> None:
    server = await asyncio.start_server(lambda _, w: w.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(ConnectionFailed, match="lost before the bind was answered"):
        async with client_of(port):
            pass
    server.close()


@pytest.mark.parametrize(
    ("bind", "can_submit", "can_receive"),
    [(Command.bind_transmitter, True, False), (Command.bind_receiver, False, True)],
)
async def test_a_bind_of_one_direction_takes_that_direction_only(
    bind: Command, can_submit: bool, can_receive: bool
) -> None:
    async with serving() as server, client_of(server.port, bind=bind) as client:
        session = await bound_session(server)

        assert (client.room > 0, session.room > 0) == (can_submit, can_receive)
        assert session.can_receive is can_receive
        assert (await client.submit())[1] == (0 if can_submit else NOT_SENT)


async def test_an_unbound_client_sends_nothing() -> None:
    outcomes = Outcomes()
    client = Client(ClientConfig("127.0.0.1", 1, "me"), on_outcomes=outcomes)

    assert (client.room, client.in_flight, client.state) == (0, 0, State.CLOSED)
    assert client.submit_batch(messages(1)) == 0
    assert await client.submit_all(messages(2)) == 0
    assert outcomes == [(0, NOT_SENT, ""), (1, NOT_SENT, "")]
    assert await client.submit() == (None, NOT_SENT, "")
    with pytest.raises(NotBound):
        await client.request(Pdu(Command.query_sm))
    await client.close()


async def test_the_client_unbinds_when_it_closes() -> None:
    states: list[State] = []
    async with serving(on_state=lambda _, state: states.append(state)) as server:
        async with client_of(server.port) as client:
            session = await bound_session(server)
            assert session.peer.startswith("127.0.0.1:")
        assert client.state is State.CLOSED
        await until(lambda: not server.sessions)

    assert states == [State.OPEN, State.BOUND_TRX, State.UNBOUND, State.CLOSED]


async def test_whoever_waits_for_room_learns_that_the_client_is_closed() -> None:
    async with (
        serving(lambda _session, _pdus: None) as server,
        client_of(server.port, session=SessionConfig(window=1), reconnect=True) as client,
    ):
        client.submit_batch(messages(1))
        waiter = asyncio.create_task(client.wait_for_room())
        await asyncio.sleep(0.01)
        await client.close()

        assert await asyncio.wait_for(waiter, 5) == 0


async def test_the_server_waits_for_room_as_well() -> None:
    batches: list[DeliverBatch] = []
    async with (
        serving(session=SessionConfig(window=1)) as server,
        client_of(server.port, on_deliver=batches.append) as client,
    ):
        session = await bound_session(server)
        assert await session.wait_for_room() == 1
        session.deliver_batch([("a", TEMPLATE.body(b"1", b"x"))])
        waiter = asyncio.create_task(session.wait_for_room())
        await until(lambda: batches)
        batches[0].ack()
        assert await asyncio.wait_for(waiter, 5) == 1
        client.drop()
        await until(lambda: session.state is State.CLOSED)
        assert await session.wait_for_room() == 0


async def test_the_server_may_unbind() -> None:
    async with serving() as server, client_of(server.port) as client:
        (await bound_session(server)).unbind()
        await until(lambda: client.state is State.CLOSED)

        assert await client.wait_for_room() == 0


async def test_a_peer_that_does_not_answer_unbind_is_cut_off() -> None:
    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readexactly(16)
        length, _, _, sequence = HEADER.unpack(head)
        await reader.readexactly(length - 16)
        writer.write(HEADER.pack(18, 0x80000009, 0, sequence) + b"x\0")
        await reader.read()
        writer.close()

    server = await asyncio.start_server(deaf, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with client_of(port, close_timeout_s=0.05) as client:
        assert client.is_bound
    assert client.state is State.CLOSED
    server.close()
