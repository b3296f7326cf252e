"""How binds over real sockets begin, and how they end."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from textwell.smpp import (
    NOT_SENT,
    BindRefused,
    Client,
    ClientConfig,
    Command,
    ConnectionFailed,
    DeliverBatch,
    EncodeError,
    NotBound,
    Pdu,
    SessionConfig,
    State,
    Status,
)
from textwell.smpp.codec import HEADER
from unit.smpp.loopback import (
    TEMPLATE,
    Outcomes,
    bound_session,
    client_of,
    messages,
    serving,
    until,
)


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


@pytest.mark.parametrize(
    ("host", "port"), [("a..b", 2775), ("a" * 64, 2775), ("127.0.0.1", 70_000)]
)
async def test_what_is_no_address_is_a_failed_connection(host: str, port: int) -> None:
    with pytest.raises(ConnectionFailed, match=f":{port}: "):
        await Client(ClientConfig(host, port, "me")).connect()


async def test_a_bind_that_cannot_be_written_closes_its_connection() -> None:
    gone = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await reader.read()
        writer.close()
        gone.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    client = Client(ClientConfig("127.0.0.1", server.sockets[0].getsockname()[1], "m" * 20))
    with pytest.raises(EncodeError, match="system_id"):
        await client.connect()
    await asyncio.wait_for(gone.wait(), 10)
    server.close()


async def test_a_client_that_was_closed_sends_after_it_connects_again() -> None:
    async with serving() as server:
        client = Client(ClientConfig("127.0.0.1", server.port, "me", reconnect=False))
        await client.connect()
        await client.close()
        await client.connect()
        assert await client.submit_all(messages(2)) == 2
        await client.close()


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
