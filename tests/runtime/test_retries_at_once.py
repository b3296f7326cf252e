"""A shower of retries on many connections to a real web role: each key is done once."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
import pytest
from asgiref.sync import sync_to_async

from builders import make_gateway, make_workspace
from textwell.accounts.keys import create_api_key
from textwell.accounts.models import AuditEntry
from textwell.accounts.types import Scope
from textwell.contacts.models import Contact
from textwell.messaging.models import Message
from wide import WIDE

KEYS, RETRIES = (100, 10_000) if WIDE else (10, 300)
CONNECTIONS = 64


@dataclass(frozen=True)
class Door:
    """`count`: how often the effect is there; `extra`: headers that lead to this door."""

    path: str
    body: Callable[[int], dict[str, object]]
    status: int
    count: Callable[[], int]
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Seen:
    key: int
    status: int
    content: bytes
    is_replayed: bool


def text(number: int) -> dict[str, object]:
    return {"to": f"+8490{number:07d}", "body": "Your code is 1234.", "purpose": "otp"}


def people(number: int) -> dict[str, object]:
    return {"contacts": [{"msisdn": f"+8491{number:07d}"}]}


def bulk_calls() -> int:
    return AuditEntry.objects.filter(action="contacts.bulk_upserted").count()


DOORS = {
    "quick": Door("/api/v1/messages", text, 202, Message.objects.count),
    "complete": Door(  # a cookie is nothing for the quick way
        "/api/v1/messages", text, 202, Message.objects.count, (("Cookie", "a=b"),)
    ),
    "bulk": Door("/api/v1/contacts/bulk", people, 200, bulk_calls),
}


@pytest.fixture
def secret(transactional_db: None) -> str:
    workspace = make_workspace()
    make_gateway(workspace=workspace)
    scopes = [scope.value for scope in Scope]
    return create_api_key(workspace=workspace, name="t", scopes=scopes, actor="system")[1]


class Caller:
    def __init__(self, http: aiohttp.ClientSession, door: Door) -> None:
        self._http, self._door = http, door

    async def call(self, key: int, *, body: int | None = None) -> Seen:
        """With the body of another key where one is given."""
        content = json.dumps(self._door.body(key if body is None else body))
        headers = {"Idempotency-Key": f"key-{key}", **dict(self._door.extra)}
        async with self._http.post(self._door.path, data=content, headers=headers) as answer:
            is_replayed = answer.headers.get("Idempotency-Replayed") == "true"
            return Seen(key, answer.status, await answer.read(), is_replayed)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", DOORS)
async def test_many_retries_at_once_are_done_once_for_each_key(
    web: int, secret: str, name: str
) -> None:
    door, tries = DOORS[name], [number % KEYS for number in range(RETRIES)]
    random.Random(36).shuffle(tries)
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    async with aiohttp.ClientSession(
        f"http://127.0.0.1:{web}",
        headers=headers,
        connector=aiohttp.TCPConnector(limit=CONNECTIONS),
    ) as http:
        caller = Caller(http, door)
        seen = await asyncio.gather(*map(caller.call, tries))
        again = await asyncio.gather(*map(caller.call, range(KEYS)))
        others = await asyncio.gather(*(caller.call(key, body=key + KEYS) for key in range(KEYS)))

    counted = await sync_to_async(door.count)()
    statuses = Counter(each.status for each in seen)
    taken = {(each.key, each.content) for each in seen if each.status == door.status}
    assert counted == KEYS
    assert len(taken) == KEYS  # whoever asked with one key was told one thing
    assert statuses.keys() <= {door.status, 409}  # 409: the first is still running, ask again
    assert {(each.key, each.content) for each in again} == taken
    assert {(each.status, each.is_replayed) for each in again} == {(door.status, True)}
    assert [each.status for each in others] == [409] * KEYS
    assert {json.loads(each.content)["type"] for each in others} == {
        "urn:textwell:problem:idempotency_key_reused"
    }
    assert await sync_to_async(Contact.objects.count)() == KEYS
