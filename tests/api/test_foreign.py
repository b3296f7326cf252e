"""Requests with what belongs to another workspace, everywhere: none is told anything, nor changes it.

Ids, names, search words, numbers, cursors and keys of theirs stand in paths, queries, bodies and
headers, among things of the asking workspace. `TEXTWELL_TEST_WIDE=1` asks ten thousand times.
"""

import base64
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern

from addresses import PATTERNS, methods_of, page_path
from api.conftest import Program
from builders import make_workspace
from content import content_of
from operations import OPERATIONS, Operation
from page_forms import PageForm, forms_of
from textwell.accounts.models import Workspace
from textwell.accounts.types import Scope
from textwell.api.doors.twilio.sids import ACCOUNT, MESSAGE, make_sid
from textwell.web.own_urls import DOOR, OWN
from wide import WIDE
from world import World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(3600 if WIDE else 120)]

COUNT: Final = 10_000 if WIDE else 300
NUMBER: Final = "+33698765432"
OURS: Final = "+33612345678"
IDEMPOTENCY: Final = "theirs-0001"
NAMES: Final = (
    "q", "before", "after", "tag", "list", "state", "of", "who", "template", "shown", "show", "seen",
    "reason", "next", "intent", "contact", "check", "campaign", "page", "actor", "action", "subject",
    "link", "gateway", "operator", "region", "term", "to", "thread", "preview_contact", "workspace",
)  # fmt: skip
PAGES: Final = [p for p in PATTERNS if p not in [*DOOR, *OWN] and hasattr(p.callback, "permission")]


@dataclass(frozen=True)
class Asked:
    """One request. `client` is a person's or a program's."""

    method: str
    path: str
    body: Any = None  # Any: JSON of an operation, fields of a form
    headers: dict[str, str] = field(default_factory=dict)
    is_form: bool = False

    def sent(self) -> str:
        """All that it says, to know an echo from an answer."""
        return json.dumps([self.path, self.body], ensure_ascii=False, default=str)


class Maker:
    """Requests by chance: the same for the same seed."""

    def __init__(
        self, ours: World, theirs: World, secret: str, forms: dict[str, list[PageForm]]
    ) -> None:
        self.chance = random.Random(20261127)
        self.ours, self.theirs, self.key, self.forms = ours, theirs, secret, forms
        number = theirs.number
        self.words = [
            theirs.mark, f"{theirs.mark}tag", f"{theirs.mark}-1", f"marie@{theirs.mark}.example",
            f"{theirs.mark}_bought", f"agent@{theirs.mark}.example", f"go.{theirs.mark}.example",
            number, number[1:], number[:8], "06 98 76 54 32", number[:-2] + "90", IDEMPOTENCY,
            make_sid(MESSAGE, int(theirs.ids["message_id"])),
        ]  # fmt: skip

    def make(self) -> Asked:
        kind = self.chance.random()
        if kind < 0.05:
            return self._of_twilio()
        if kind < 0.5:
            return self._of_page(self.chance.choice(PAGES))
        return self._of_operation(self.chance.choice(OPERATIONS))

    def _id(self, name: str = "") -> int | str:
        if name in self.theirs.ids and self.chance.random() < 0.7:
            return self.theirs.ids[name]
        return self.chance.choice([*self.theirs.ids.values(), self.theirs.workspace.id])

    def _value(self, name: str = "") -> int | str:
        is_id = name.endswith("id") or self.chance.random() < 0.4
        return self._id(name) if is_id else self.chance.choice(self.words)

    def _places(self) -> dict[str, int | str]:
        """For the places in a path: theirs, or ours where the rest of the request has theirs."""
        ids = self.ours.ids if self.chance.random() < 0.5 else self.theirs.ids
        return {**self.theirs.ids, **ids, "kind": "simulator", "verb": "test"}

    def _query(self, names: Any) -> str:  # Any: a sequence of names
        chosen = self.chance.sample(list(names), k=min(len(names), self.chance.randint(0, 3)))
        return urlencode({name: self._value(name) for name in chosen})

    def _of_operation(self, operation: Operation) -> Asked:
        path = "/api/v1" + operation.address(self._places())
        query = self._query(operation.query)
        if query:
            path += ("&" if "?" in path else "?") + query
        headers = {"HTTP_AUTHORIZATION": f"Bearer {self.key}"}
        if self.chance.random() < 0.3:
            headers["HTTP_IDEMPOTENCY_KEY"] = IDEMPOTENCY
        return Asked(operation.method, path, self._mixed(operation.body()), headers)

    def _mixed(self, given: Any, name: str = "") -> Any:
        """The example with some of its values theirs."""
        if isinstance(given, dict):
            return {each: self._mixed(value, each) for each, value in given.items()}
        if isinstance(given, list):
            return [self._mixed(value, name.removesuffix("s")) for value in given]
        if isinstance(given, bool) or self.chance.random() < 0.5:
            return given
        if isinstance(given, int):
            return self._id(name)
        return self._value(name) if isinstance(given, str) else given

    def _of_page(self, pattern: URLPattern) -> Asked:
        path = page_path(pattern, self._places())
        method = self.chance.choice(sorted(methods_of(pattern)))
        if method == "GET":
            query = self._query(NAMES)
            return Asked("GET", f"{path}?{query}" if query else path, is_form=True)
        forms = self.forms.get(str(pattern.name))
        fields = self.chance.choice(forms).fields if forms else {}
        names = {**dict.fromkeys(self.chance.sample(NAMES, k=2), ""), **fields}
        body = {
            name: self._value(name) if self.chance.random() < 0.5 else value
            for name, value in names.items()
        }
        return Asked("POST", path, body, is_form=True)

    def _of_twilio(self) -> Asked:
        account = make_sid(ACCOUNT, self.ours.workspace.id)
        asked = make_sid(ACCOUNT, self.chance.choice([self.ours, self.theirs]).workspace.id)
        path = f"/2010-04-01/Accounts/{asked}/Messages"
        if self.chance.random() < 0.5:
            named = self.chance.choice([self.ours, self.theirs]).ids["message_id"]
            path += "/" + make_sid(MESSAGE, int(named))
        query = f"?To={quote(NUMBER)}" if self.chance.random() < 0.3 else ""
        basic = base64.b64encode(f"{account}:{self.key}".encode()).decode()
        return Asked("GET", f"{path}.json{query}", headers={"HTTP_AUTHORIZATION": f"Basic {basic}"})


def ask(client: Client, asked: Asked) -> Any:  # Any: Django's test response
    if asked.method == "GET":
        return client.get(asked.path, **asked.headers)
    if asked.is_form:
        return client.post(asked.path, asked.body)
    return client.generic(
        asked.method, asked.path, json.dumps(asked.body), "application/json", **asked.headers
    )


def leaks(asked: Asked, answer: Any, theirs: World) -> Iterator[str]:
    """What an answer tells of them that the request did not say itself."""
    body = b"".join(answer) if answer.streaming else answer.content
    told = body.decode(errors="replace") + " ".join(answer.headers.values())
    if theirs.secret in told:
        yield theirs.secret
    sent = asked.sent()
    if theirs.mark in told and theirs.mark not in sent:
        yield theirs.mark
    if theirs.number[1:8] in told and "698" not in sent and "98 76" not in sent:
        yield theirs.number
    if "Idempotency-Replayed" in answer.headers:
        yield "a kept answer of theirs"


@pytest.fixture
def theirs(db: None) -> World:
    return make_world(workspace=make_workspace(name="Theirs"), mark="quixotl", number=NUMBER)


@pytest.fixture
def ours(workspace: Workspace, theirs: World) -> World:
    """Made after theirs, so that no id of ours is one of theirs."""
    return make_world(workspace=workspace, mark="ourselves", number=OURS)


@pytest.mark.usefixtures("streams")
def test_what_is_theirs_is_neither_read_nor_changed(ours: World, theirs: World) -> None:
    program = Program(ours.workspace, [scope.value for scope in Scope])
    other = Program(theirs.workspace, [scope.value for scope in Scope])
    other.post("/lists", {"name": f"{theirs.secret} kept"}, key=IDEMPOTENCY)
    person = Client(raise_request_exception=False)
    person.force_login(ours.owner)
    session = person.cookies.output()
    maker = Maker(ours, theirs, program.secret, forms_of(person, ours.ids))
    before = content_of(theirs.workspace.id)
    found, statuses = [], dict.fromkeys(range(2, 6), 0)

    for number in range(COUNT):
        asked = maker.make()
        with transaction.atomic():
            if person.cookies.output() != session:
                person.force_login(ours.owner)
            answer = ask(person, asked)
            statuses[answer.status_code // 100] += 1
            told = [*leaks(asked, answer, theirs)]
            if asked.method != "GET" and answer.status_code < 400:
                told += sorted(content_of(theirs.workspace.id) - before)
            transaction.set_rollback(True)
        if told or answer.status_code >= 500:
            found.append((number, asked.method, asked.path, asked.body, answer.status_code, told))

    assert found == []
    assert content_of(theirs.workspace.id) == before
    assert statuses[2] > COUNT // 10, statuses  # else nothing of ours was asked for
