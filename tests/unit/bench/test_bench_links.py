"""What the bench puts between Textwell and the carrier, and how it counts what another product sent."""

import socket
import threading
import time
from pathlib import Path

from textwell.cli.bench.delay import delayed
from textwell.cli.bench.kannel import Taken
from textwell.cli.bench.send import FAR, NEAR


def _echo(server: socket.socket) -> None:
    end, _address = server.accept()
    while data := end.recv(100):
        end.sendall(data)
    end.close()


def test_every_octet_is_held_back_both_ways_and_arrives() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        echo = threading.Thread(target=_echo, args=[server])
        echo.start()
        with (
            delayed(server.getsockname()[1], 0.04) as port,
            socket.create_connection(("127.0.0.1", port)) as end,
        ):
            started = time.monotonic()
            end.sendall(b"hello")
            answer = end.recv(5, socket.MSG_WAITALL)
            took_s = time.monotonic() - started
            end.shutdown(socket.SHUT_WR)
            rest = end.recv(5)
        echo.join(10)

    assert answer == b"hello"
    assert took_s >= 0.04
    assert rest == b""  # the end of a connection comes through as well
    assert not echo.is_alive()


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
