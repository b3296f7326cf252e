"""Prometheus metrics of this process, and the small HTTP server that shows them with its health.

Metrics are made where they are counted, by `counter`, `gauge` and `histogram`: the name gets the
prefix `textwell_`, the sentence is compulsory and shows on the page.
"""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

Readiness = Callable[[], Mapping[str, str]]
"""What is wrong now, by name; an empty mapping means ready for work."""

Notes = Callable[[], Mapping[str, str]]
"""What a person should look at, by name, though it keeps nothing from work."""


def counter(name: str, sentence: str, labels: Sequence[str] = ()) -> Counter:
    return Counter(f"textwell_{name}", sentence, labels)


def gauge(name: str, sentence: str, labels: Sequence[str] = ()) -> Gauge:
    return Gauge(f"textwell_{name}", sentence, labels)


def histogram(
    name: str, sentence: str, labels: Sequence[str] = (), *, buckets: Sequence[float]
) -> Histogram:
    """Buckets are upper bounds in the unit that the name ends with (seconds, messages)."""
    return Histogram(f"textwell_{name}", sentence, labels, buckets=tuple(buckets))


ROLE_STARTED = gauge("role_started_seconds", "When this role started, Unix time.", ["role"])
ROLE_RESTARTS = counter("role_restarts", "Roles started again by the supervisor.", ["role"])
BUS_PUBLISHED = counter("bus_published", "Messages that JetStream has stored for us.")
BUS_FAILED = counter("bus_publish_failed", "Messages that JetStream did not confirm in time.")
BUS_RECONNECTS = counter("bus_reconnects", "Times that the connection to NATS came back.")
JOBS_FINISHED = counter("jobs_finished", "Jobs that ended, by outcome.", ["kind", "outcome"])
TASK_RUNS = counter("task_runs", "Runs of the scheduler's tasks, by outcome.", ["task", "outcome"])
TASK_SECONDS = histogram(
    "task_seconds",
    "Duration of the scheduler's tasks.",
    ["task"],
    buckets=(0.005, 0.02, 0.1, 0.5, 2, 10, 60),
)


class MetricsServer:
    """`/metrics`, `/healthz` (the process answers) and `/readyz` (its stores do too)."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self._server = server
        self.port: int = server.server_address[1]
        self._thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.2}, name="metrics", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def readiness_answer(readiness: Readiness, notes: Notes = dict) -> tuple[int, bytes]:
    """Status and JSON body of `/readyz`; a check that raises counts as not ready."""
    try:
        problems, told = dict(readiness()), dict(notes())
    except Exception as error:  # noqa: BLE001 - whatever it is, we are not ready and say so
        problems, told = {"readiness": f"{type(error).__name__}: {error}"}, {}
    answer = {"ready": not problems, "problems": problems, **({"notes": told} if told else {})}
    body = json.dumps(answer).encode()
    return (503 if problems else 200), body


def _handler_class(readiness: Readiness, notes: Notes) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path == "/metrics":
                self._answer(200, CONTENT_TYPE_LATEST, generate_latest(REGISTRY))
            elif path == "/healthz":
                self._answer(200, "application/json", b'{"alive": true}')
            elif path == "/readyz":
                status, body = readiness_answer(readiness, notes)
                self._answer(status, "application/json", body)
            else:
                self._answer(404, "text/plain", b"Look at /metrics, /healthz or /readyz.\n")

        def _answer(self, status: int, content_type: str, body: bytes) -> None:
            with suppress(ConnectionError):  # who asked did not wait for it
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parent's name
            """Scrapes every few seconds are no news."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True


def serve_metrics(
    port: int, readiness: Readiness, *, notes: Notes = dict, host: str = "127.0.0.1"
) -> MetricsServer:
    """Serve in a thread of its own; port 0 takes a free one (see `.port`).

    Raises:
        OSError: another program has the port.
    """
    return MetricsServer(_Server((host, port), _handler_class(readiness, notes)))
