import json
import socket
import struct
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from textwell.core.metrics import MetricsServer, readiness_answer, serve_metrics

problems: dict[str, str] = {}


def readiness() -> dict[str, str]:
    if "raise" in problems:
        raise ValueError("broken check")
    return problems


@pytest.fixture
def server() -> Iterator[MetricsServer]:
    problems.clear()
    started = serve_metrics(0, readiness)
    yield started
    started.close()


def get(server: MetricsServer, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=3) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def test_a_ready_role_says_so(server: MetricsServer) -> None:
    status, body = get(server, "/readyz")

    assert (status, json.loads(body)) == (200, {"ready": True, "problems": {}})


def test_a_role_that_is_not_ready_says_why_and_lives(server: MetricsServer) -> None:
    problems["nats"] = "Connection refused"

    status, body = get(server, "/readyz")

    assert (status, json.loads(body)["problems"]) == (503, {"nats": "Connection refused"})
    assert get(server, "/healthz")[0] == 200


def test_what_keeps_nobody_from_work_is_told_beside() -> None:
    status, body = readiness_answer(dict, lambda: {"quarantine": "2 items are set aside"})

    assert (status, json.loads(body)) == (
        200,
        {"ready": True, "problems": {}, "notes": {"quarantine": "2 items are set aside"}},
    )


def test_a_check_that_fails_is_a_problem(server: MetricsServer) -> None:
    problems["raise"] = "yes"

    assert json.loads(get(server, "/readyz")[1])["problems"] == {
        "readiness": "ValueError: broken check"
    }


def test_metrics_have_their_sentences(server: MetricsServer) -> None:
    status, body = get(server, "/metrics")

    assert status == 200
    assert "# HELP textwell_bus_published_total Messages that JetStream has stored for us." in body


def test_other_pages_are_not_found(server: MetricsServer) -> None:
    assert get(server, "/admin")[0] == 404


def test_a_taken_port_is_an_error(server: MetricsServer) -> None:
    with pytest.raises(OSError, match="in use"):
        serve_metrics(server.port, readiness)


def test_who_does_not_wait_for_the_answer_leaves_no_traceback(
    capfd: pytest.CaptureFixture[str],
) -> None:
    asked, gone = threading.Event(), threading.Event()
    threads: list[threading.Thread] = []

    def readiness() -> dict[str, str]:
        threads.append(threading.current_thread())
        asked.set()
        gone.wait()
        return {}

    server = serve_metrics(0, readiness)
    with socket.create_connection(("127.0.0.1", server.port)) as link:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        link.sendall(b"GET /readyz HTTP/1.0\r\n\r\n")
        asked.wait()
    gone.set()
    threads[0].join()
    server.close()

    assert capfd.readouterr().err == ""
