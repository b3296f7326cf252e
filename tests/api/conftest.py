"""A program with an API key, as the tests of the API see it."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.test import Client

from builders import make_workspace
from textwell.accounts.keys import create_api_key
from textwell.accounts.models import ApiKey, Workspace
from textwell.accounts.types import Scope
from textwell.core.bus import connect_bus, ensure_streams
from textwell.messaging.actions import send_single
from textwell.runtime.stores import Stores


class Program:
    """Calls the API with one key; answers are Django's responses."""

    def __init__(self, workspace: Workspace, scopes: list[str]) -> None:
        self.workspace = workspace
        self.key: ApiKey
        self.key, self.secret = create_api_key(
            workspace=workspace, name="Tests", scopes=scopes, actor="system"
        )
        self.client = Client()

    @property
    def actor(self) -> str:
        return f"key:{self.key.id}"

    def get(self, path: str, **query: Any) -> Any:  # Any: Django's test response
        return self.client.get(f"/api/v1{path}", query, **self.headers())

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Any:  # Any: as above
        return self.send("post", path, body, key=key)

    def send(
        self, method: str, path: str, body: Any, *, key: str | None = None
    ) -> Any:  # Any: as above
        extra = self.headers()
        if key is not None:
            extra["HTTP_IDEMPOTENCY_KEY"] = key
        data = body if isinstance(body, str) else json.dumps(body if body is not None else {})
        call = getattr(self.client, method)
        return call(f"/api/v1{path}", data, content_type="application/json", **extra)

    def headers(self) -> dict[str, str]:
        return {"HTTP_AUTHORIZATION": f"Bearer {self.secret}"}


@pytest.fixture
def program(workspace: Workspace) -> Program:
    """A program that may do everything in `workspace`."""
    return Program(workspace, [scope.value for scope in Scope])


@pytest.fixture
def stranger(db: None) -> Program:
    """A program that may do everything in another workspace."""
    return Program(make_workspace(name="Theirs"), [scope.value for scope in Scope])


@pytest.fixture
def program_with(workspace: Workspace) -> Callable[..., Program]:
    """`program_with("contacts:read")`: a program with these scopes only."""
    return lambda *scopes: Program(workspace, list(scopes))


@pytest.fixture(scope="module")
def streams(stores: Stores) -> None:
    """Events are taken only where there is a stream for them."""

    async def ensure() -> None:
        bus = await connect_bus(name="test", timeout_s=10)
        await ensure_streams(bus)
        await bus.close()

    asyncio.run(ensure())


@pytest.fixture
def lost_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first commit after a text is written is done; only its answer is lost."""
    is_written, commit = [False], psycopg.Connection.commit

    def send(*args: Any, **kw: Any) -> int:
        is_written[0] = True
        return send_single(*args, **kw)

    def loses_its_answer(self: psycopg.Connection[Any]) -> None:
        commit(self)
        if is_written[0]:
            is_written[0] = False
            raise psycopg.OperationalError("the server closed the connection")

    monkeypatch.setattr("textwell.api.sending.send_single", send)
    monkeypatch.setattr(psycopg.Connection, "commit", loses_its_answer)
