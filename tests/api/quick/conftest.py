"""Both ways to the same application, as a program calls them."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection

from api.conftest import Program
from builders import make_gateway, make_workspace
from textwell.accounts.types import Scope
from textwell.api.quick import QuickMessages, ledger
from textwell.api.quick.ledger import Ledger


@dataclass
class Given:
    """An answer as WSGI gives it."""

    status: int
    headers: dict[str, str]
    content: bytes

    def json(self) -> Any:
        return json.loads(self.content)


@dataclass
class Ways:
    """The quick way, which notes what it left to the complete way, and the complete way alone."""

    complete: Any = field(default_factory=get_wsgi_application)
    left: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        def noting(environ: dict[str, Any], start_response: Any) -> Any:
            self.left.append(environ["PATH_INFO"])
            return self.complete(environ, start_response)

        self.quick = QuickMessages(noting)

    def post(self, application: Any, program: Program, body: Any, **environ: Any) -> Given:
        """The body is JSON, or octets as they are; `environ` is added, None takes a name away."""
        seen: list[Any] = []
        parts = application(
            self.environ(program, body, **environ),
            lambda status, headers, *_rest: seen.extend((status, headers)),
        )
        content = b"".join(parts)
        return Given(int(seen[0][:3]), dict(seen[1]), content)

    def environ(self, program: Program, body: Any, **environ: Any) -> dict[str, Any]:
        octets = body if isinstance(body, bytes) else json.dumps(body).encode()
        whole = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/api/v1/messages",
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_HOST": "localhost",
            "HTTP_AUTHORIZATION": f"Bearer {program.secret}",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(octets)),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(octets),
            **environ,
        }
        return {name: value for name, value in whole.items() if value is not None}


@pytest.fixture
def nudges(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bytes]]:
    """What the quick way put on the work stream."""
    seen: list[tuple[str, bytes]] = []
    monkeypatch.setattr(ledger, "publish_nudges", seen.extend)
    return seen


@pytest.fixture
def ways(
    db: None, nudges: list[tuple[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Ways]:
    """Both ways on the connection and in the transaction of the test."""
    del db, nudges
    connection.ensure_connection()
    monkeypatch.setattr(Ledger, "_connected", lambda _self: connection.connection)
    for signal in (request_started, request_finished):  # as Django's own test client does
        signal.disconnect(close_old_connections)
    yield _learnt()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def own_ways(transactional_db: None, nudges: list[tuple[str, bytes]]) -> Iterator[Ways]:
    """Both ways, each on a connection of its own."""
    del transactional_db, nudges
    made = _learnt()
    yield made
    made.quick.close()


def _learnt() -> Ways:
    """The quick way has learnt its headers, by a call of a workspace of its own."""
    made = Ways()
    elsewhere = make_workspace(name="Elsewhere")
    make_gateway(workspace=elsewhere)
    program = Program(elsewhere, [Scope.MESSAGES_SEND.value])
    made.post(made.quick, program, {"to": "+33612345678", "body": "1", "purpose": "otp"})
    made.left.clear()
    return made
