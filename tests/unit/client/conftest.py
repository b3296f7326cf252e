"""A server that answers what it is told to, and notes what it was asked."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
import pytest


@dataclass(frozen=True)
class Asked:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Scripted:
    """`answers` in their order: status, headers, body; None hangs up without one."""

    url: str = ""
    answers: list[tuple[int, dict[str, str], Any] | None] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def will(self, status: int, body: Any = None, **headers: str) -> None:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append((status, given, body))

    def will_hang_up(self) -> None:
        self.answers.append(None)


def _handler(script: Scripted) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            script.asked.append(Asked(self.command, self.path, headers, body))
            answer = script.answers.pop(0)
            if answer is None:
                self.close_connection = True
                return
            status, extra, content = answer
            octets = content if isinstance(content, bytes) else orjson.dumps(content)
            self.send_response(status)
            for name, value in ({"content-type": "application/json"} | extra).items():
                self.send_header(name, value)
            self.send_header("content-length", str(0 if status == 204 else len(octets)))
            self.end_headers()
            if status != 204:
                self.wfile.write(octets)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815 - its own names

        def log_message(self, *_args: object) -> None:
            """Not to the output of the tests."""

    return Handler


@pytest.fixture
def server() -> Iterator[Scripted]:
    script = Scripted()
    served = ThreadingHTTPServer(("127.0.0.1", 0), _handler(script))
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    script.url = f"http://127.0.0.1:{served.server_address[1]}"
    yield script
    served.shutdown()
    thread.join()
    served.server_close()
