"""Doors over real sockets: Textwell's own server, and a program that hears what it tells."""

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from textwell.accounts.models import Workspace
from textwell.core.models import Cursor
from textwell.core.settings import load_settings
from textwell.gateways.models import Gateway
from textwell.webhooks.delivery import Deliverer
from textwell.webhooks.gather import gather

from builders import make_gateway  # isort: skip


class Heard:
    """Calls that came, as (method, path with query, headers, body)."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, dict[str, str], bytes]] = []
        self.url = ""


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    """A program that listens on loopback and says 204 to everything."""
    monkeypatch.setattr(load_settings(), "webhook_private_targets", True)
    heard = Heard()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            heard.calls.append((self.command, self.path, headers, body))
            self.send_response(204)
            self.end_headers()

        do_GET = do_POST  # noqa: N815 - the library's name

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as above
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    heard.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield heard
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def gateway(workspace: Workspace) -> Gateway:
    return make_gateway(workspace=workspace)


@pytest.fixture
def server(live_server: LiveServer) -> str:
    """The address of a real server."""
    return str(live_server.url)


def tell_outcome(message_id: int, outcome: str = "submitted", reason: str = "") -> None:
    """The connector's word on a hand-off, folded and told to whoever asked."""
    gather()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO messaging_outcome (message_id, gateway_id, at, outcome, reason, code,"
            " provider_message_id, segment_count, encoding, cost_micros, text)"
            " SELECT id, gateway_id, now(), %s, %s, '', 'c1', 1, 'gsm7', 7500, 'Bread.'"
            " FROM messaging_message WHERE id = %s RETURNING id",
            [outcome, reason, message_id],
        )
        position = cursor.fetchone()[0]
    Cursor.objects.update_or_create(name="fold.outcome", defaults={"position": position})
    gather()
    asyncio.run(_deliver())


async def _deliver() -> None:
    deliverer = Deliverer()
    async with deliverer._session() as session:
        await deliverer.step(session)
    await deliverer._drop_connection()
