"""Broken frames over real sockets: each is answered once, and nothing crashes or hangs.

The frames are drawn from one seed a run, so that a failure can be run again.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from textwell.smpp import (
    BackoffConfig,
    Client,
    ClientConfig,
    Command,
    DeliverBatch,
    Pdu,
    Server,
    ServerConfig,
    ServerSession,
    SessionConfig,
    connection,
    encode,
)
from textwell.smpp.commands import COMMAND_NAMES, RESPONSE_BIT

FRAMES = 400
BIND = encode(
    Pdu(
        Command.bind_transceiver,
        0,
        1,
        {"system_id": "fuzz", "password": "x", "interface_version": 0x34},
    )
)
UNBIND = struct.pack(">4I", 16, Command.unbind, 0, 2)
SHORT_TIMERS = SessionConfig(bind_timeout_s=0.2, frame_timeout_s=0.2, enquire_link_s=None)
# Whole PDUs to bend, by command; those left out are bent from noise.
WHOLE = [
    encode(Pdu(Command.submit_sm, 0, 0, {"source_addr": "a", "short_message": b"hello"})),
    encode(Pdu(Command.deliver_sm, 0, 0, {"destination_addr": "849", "short_message": b"id:1"})),
    encode(Pdu(Command.data_sm, 0, 0, {}, {"message_payload": b"x" * 300})),
    encode(Pdu(Command.submit_multi, 0, 0, {"dest_address": [{"dl_name": "all"}]})),
    encode(Pdu(Command.query_sm, 0, 0, {"message_id": "7"})),
    encode(Pdu(Command.cancel_sm, 0, 0, {"message_id": "7"})),
    encode(Pdu(Command.replace_sm, 0, 0, {"message_id": "7", "short_message": b"new"})),
    encode(Pdu(Command.alert_notification, 0, 0, {"source_addr": "849"})),
    encode(Pdu(Command.submit_sm_resp, 0, 0, {"message_id": "7"})),
    encode(Pdu(Command.deliver_sm_resp)),
    encode(Pdu(Command.enquire_link)),
    BIND,
]


def bent(rng: random.Random, sequence: int) -> bytes:
    """A frame with a true length and a random fault, or none."""
    frame = rng.choice(WHOLE)
    body = bytearray(frame[16:])
    command_id = int.from_bytes(frame[4:8], "big")
    for _ in range(rng.choice([0, 1, 1, 2])):
        fault = rng.randrange(5)
        if fault == 0:
            body = body[: rng.randrange(len(body) + 1)]
        elif fault == 1:
            body += rng.randbytes(rng.randrange(1, 9))
        elif fault == 2 and body:
            body[rng.randrange(len(body))] = rng.choice([0, 1, 255, rng.randrange(256)])
        elif fault == 3:
            command_id = rng.choice([*COMMAND_NAMES, 0x99, 0x7FFFFFFF, 0x80000099, 0xFFFFFFFF])
        else:
            body = bytearray(rng.randbytes(rng.randrange(60)))
    if command_id == Command.unbind and not body:
        command_id = int(Command.enquire_link)  # a proper unbind would end the run early
    status = rng.choice([0, 0, 0, 8, 0xFFFFFFFF])
    return struct.pack(">4I", 16 + len(body), command_id, status, sequence) + body


def is_to_be_answered(frame: bytes, silent: int | None) -> bool:
    """Every request but a proper one that has no response, and every PDU of an unknown kind."""
    command_id = int.from_bytes(frame[4:8], "big")
    if command_id not in COMMAND_NAMES:
        return True
    return command_id < RESPONSE_BIT and command_id != silent


def split(data: bytes) -> list[tuple[int, int, int]]:
    """(command id, status, sequence) of each PDU; fails if the octets end within one."""
    found = []
    while data:
        length, command_id, status, sequence = struct.unpack_from(">4I", data)
        assert len(data) >= length >= 16
        found.append((command_id, status, sequence))
        data = data[length:]
    return found


class Trouble(list[str]):
    """What the loop's exception handler was told."""

    def __call__(self, _: object, context: dict[str, object]) -> None:
        self.append(repr(context))


@pytest.fixture
async def trouble() -> AsyncIterator[Trouble]:
    told = Trouble()
    asyncio.get_running_loop().set_exception_handler(told)
    yield told
    assert told == []


def accept(_: ServerSession, pdus: list[Pdu]) -> list[tuple[int, int, str]]:
    return [(pdu.sequence, 0, "7") for pdu in pdus]


@contextlib.asynccontextmanager
async def serving(session: SessionConfig) -> AsyncIterator[Server]:
    server = Server(ServerConfig(session=session), authenticate=lambda _: 0, on_requests=accept)
    await server.start()
    yield server
    await server.stop()


async def talk(server: Server, data: bytes, *, bound: bool = True) -> bytes:
    """All that the server says to these octets until it hangs up; after a bind, if so wished."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    if bound:
        writer.write(BIND)
        answer = await reader.readexactly(30)
        assert answer[:16] == struct.pack(">4I", 30, Command.bind_transceiver_resp, 0, 1)
    writer.write(data)
    with contextlib.suppress(ConnectionError):
        await writer.drain()
    async with asyncio.timeout(20):
        said = await reader.read()
    writer.close()
    return said


async def submits(server: Server) -> int:
    """The status of a message that a new client submits."""
    client = Client(ClientConfig("127.0.0.1", server.port, "me", reconnect=False))
    await client.connect()
    _, status, _ = await client.submit(destination_addr="849", short_message=b"still there?")
    await client.close()
    return status


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("seed", range(6))
async def test_the_server_answers_every_bent_request_once(
    seed: int, strict: bool, trouble: Trouble
) -> None:
    rng = random.Random(seed)
    frames = [bent(rng, number) for number in range(10, 10 + FRAMES)]

    async with serving(SessionConfig(strict=strict)) as server:
        said = split(await talk(server, b"".join(frames) + UNBIND))

    answered = Counter(sequence for _, _, sequence in said)
    due = [frame for frame in frames if is_to_be_answered(frame, None)]
    assert answered == Counter([2, *(int.from_bytes(frame[12:16], "big") for frame in due)])
    assert all(command_id >= RESPONSE_BIT for command_id, _, _ in said)


@pytest.mark.parametrize("seed", range(6))
async def test_the_client_answers_every_bent_request_once(seed: int, trouble: Trouble) -> None:
    rng = random.Random(seed)
    frames = [bent(rng, number) for number in range(10, 10 + FRAMES)]
    said: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def act_as_smsc(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        bind = await reader.readexactly(struct.unpack(">I", await reader.readexactly(4))[0] - 4)
        sequence = int.from_bytes(bind[8:12], "big")
        writer.write(encode(Pdu(Command.bind_transceiver_resp, 0, sequence, {"system_id": "s"})))
        writer.write(b"".join(frames) + UNBIND)
        said.set_result(await reader.read())
        writer.close()

    smsc = await asyncio.start_server(act_as_smsc, "127.0.0.1", 0)
    port = smsc.sockets[0].getsockname()[1]

    def acknowledge(batch: DeliverBatch) -> None:
        batch.ack()

    client = Client(ClientConfig("127.0.0.1", port, "me", reconnect=False), on_deliver=acknowledge)
    await client.connect()
    async with asyncio.timeout(20):
        answers = split(await said)
    await client.close()
    smsc.close()

    got = Counter(sequence for _, _, sequence in answers)
    silent = int(Command.alert_notification)
    for frame in frames:
        sequence = int.from_bytes(frame[12:16], "big")
        command_id = int.from_bytes(frame[4:8], "big")
        if command_id == silent:
            assert got.pop(sequence, 0) <= 1  # a broken one gets generic_nack, a proper one nothing
        else:
            assert got.pop(sequence, 0) == is_to_be_answered(frame, silent)
    assert got == {2: 1}


@pytest.mark.parametrize("seed", range(30))
async def test_noise_ends_the_connection_and_the_server_goes_on(
    seed: int, trouble: Trouble
) -> None:
    rng = random.Random(seed)
    noise = rng.randbytes(rng.randrange(1, 3000))

    async with serving(SHORT_TIMERS) as server:
        said = split(await talk(server, noise, bound=seed % 2 == 0))

        assert said[-1][:2] == (Command.generic_nack, 2)
        assert await submits(server) == 0


@pytest.mark.parametrize("lie", [0, 15, 66 * 1024 + 1, 0x7FFFFFFF, 0xFFFFFFFF])
async def test_an_impossible_length_ends_the_connection_at_once(lie: int, trouble: Trouble) -> None:
    head = struct.pack(">4I", lie, Command.submit_sm, 0, 77)

    async with serving(SessionConfig()) as server:
        said = split(await talk(server, head + b"x" * 100))

    assert said == [(Command.generic_nack, 2, 77)]


async def test_a_frame_that_is_never_finished_ends_the_connection_in_time(trouble: Trouble) -> None:
    head = struct.pack(">4I", 200, Command.submit_sm, 0, 77)

    async with serving(SHORT_TIMERS) as server:
        said = split(await talk(server, head + b"x" * 100))

    assert said == [(Command.generic_nack, 2, 77)]


async def test_a_peer_that_reads_no_answers_is_not_read_until_it_does(
    trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers to enquire_link without end must not fill the server's memory."""
    monkeypatch.setattr(connection, "_MOST_UNREAD", 256 * 1024)
    many = b"".join(struct.pack(">4I", 16, Command.enquire_link, 0, n) for n in range(1, 65537))
    loop = asyncio.get_running_loop()
    peer = socket.socket()
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
    peer.setblocking(False)

    async with serving(SessionConfig(enquire_link_s=None)) as server, asyncio.timeout(60):
        await loop.sock_connect(peer, ("127.0.0.1", server.port))
        await loop.sock_sendall(peer, BIND)
        assert len(await loop.sock_recv(peer, 100)) == 30
        (session,) = server.sessions
        theirs = session._connection._transport.get_extra_info("socket")
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 64 * 1024)
        sending = asyncio.ensure_future(loop.sock_sendall(peer, many + UNBIND))
        while not session._connection._is_braked:  # noqa: ASYNC110 - it offers no event for this
            await asyncio.sleep(0.005)
        unread = session._connection._transport.get_write_buffer_size()
        answered = 0
        while said := await loop.sock_recv(peer, 1024 * 1024):
            answered += len(said)
        await sending
        peer.close()

    assert unread < 1024 * 1024
    assert answered == len(many) + 16  # and unbind_resp


async def test_a_client_that_loses_the_frame_binds_again(trouble: Trouble) -> None:
    binds = 0
    again = asyncio.Event()

    async def act_as_smsc(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal binds
        binds += 1
        bind = await reader.readexactly(struct.unpack(">I", await reader.readexactly(4))[0] - 4)
        sequence = int.from_bytes(bind[8:12], "big")
        writer.write(encode(Pdu(Command.bind_transceiver_resp, 0, sequence, {"system_id": "s"})))
        if binds == 1:
            writer.write(struct.pack(">4I", 3, Command.deliver_sm, 0, 5))
        else:
            again.set()
        await reader.read()
        writer.close()

    smsc = await asyncio.start_server(act_as_smsc, "127.0.0.1", 0)
    port = smsc.sockets[0].getsockname()[1]
    client = Client(
        ClientConfig("127.0.0.1", port, "me", reconnect_backoff=BackoffConfig(0.01, 0.02))
    )
    await client.connect()
    async with asyncio.timeout(20):
        await again.wait()
    await client.close()
    smsc.close()

    assert binds == 2
