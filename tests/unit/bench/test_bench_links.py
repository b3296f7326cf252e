"""What the bench puts between Textwell and the carrier, and how it counts what another product sent."""

import asyncio
import time
from pathlib import Path

from textwell.cli.bench.delay import DelayProxy
from textwell.cli.bench.kannel import Taken
from textwell.cli.bench.send import FAR, NEAR


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(100):
        writer.write(data)
    writer.close()
    await writer.wait_closed()


async def test_every_octet_is_held_back_both_ways_and_arrives() -> None:
    server = await asyncio.start_server(_echo, "127.0.0.1", 0)
    proxy = DelayProxy(server.sockets[0].getsockname()[1], 0.02)
    door = await proxy.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)

    started = time.monotonic()
    writer.write(b"hello")
    answer = await reader.readexactly(5)
    took_s = time.monotonic() - started

    assert answer == b"hello"
    assert took_s >= 0.04
    writer.close()
    await writer.wait_closed()
    await proxy.drain()
    door.close()
    server.close()


def test_only_whole_messages_since_the_beginning_are_counted(tmp_path: Path) -> None:
    log = tmp_path / "carrier.log"
    log.write_bytes(b"H\told\n")
    taken = Taken(log)

    with log.open("ab") as lines:
        lines.write(b"H\tone\nR\treceipt\nH\ttw")
    assert taken.look() == 1
    with log.open("ab") as lines:
        lines.write(b"o\n")
    assert taken.look() == 2


def test_a_far_link_says_its_bound() -> None:
    assert NEAR.words == "one bind, window 1,000"
    assert FAR.words == "one bind, window 100, 20 ms to the carrier and back (bound 5,000/s)"
