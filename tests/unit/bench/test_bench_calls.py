"""The bench's own caller: good answers are counted, others named, and no call is made twice."""

import socket
import threading
from collections.abc import Iterator

import pytest

from textwell.cli.bench.calls import Calls, make_calls

_ASKED = b"POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\n%d"


def _serve(server: socket.socket, answers: list[bytes], seen: list[bytes]) -> None:
    """One connection: an answer to each request, the last of them for ever."""
    link, _address = server.accept()
    with link:
        while asked := link.recv(1024):
            seen.append(asked[-1:])
            link.sendall(answers.pop(0) if len(answers) > 1 else answers[0])


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def _call(server: socket.socket, answers: list[bytes], count: int) -> tuple[Calls, list[bytes]]:
    seen: list[bytes] = []
    threading.Thread(target=_serve, args=(server, answers, seen), daemon=True).start()
    requests = (_ASKED % n for n in range(count))
    calls = make_calls(server.getsockname()[1], requests, seconds=30.0, connections=1, wanted=202)
    return calls, seen


def test_good_answers_count_and_others_are_named(server: socket.socket) -> None:
    good = b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}"
    bad = b"HTTP/1.1 503 Away\r\ncontent-length: 0\r\n\r\n"

    calls, seen = _call(server, [good, bad, bad, good], 5)

    assert (calls.count, calls.faults) == (3, {"status 503": 2, "no calls left to make": 1})
    assert seen == [b"0", b"1", b"2", b"3", b"4"]
    assert calls.p95_ms == 1000 * max(calls.latencies_s)


def test_an_answer_that_is_none_is_named(server: socket.socket) -> None:
    calls, _seen = _call(server, [b"HTTP/1.1 202 Accepted\r\n\r\n"], 1)

    assert (calls.count, calls.faults, calls.p95_ms) == (0, {"ValueError": 1}, 0.0)
