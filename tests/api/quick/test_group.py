"""Calls that are decided together: each gets its own answer, whatever becomes of the others."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, connections, transaction

from api.conftest import Program
from api.quick.conftest import Ways
from builders import make_contact, make_gateway
from textwell.accounts.keys import change_api_key, revoke_api_key
from textwell.api import idempotency, rates
from textwell.api.idempotency import AskedRequest
from textwell.api.models import IdempotentAnswer
from textwell.api.quick import ledger
from textwell.api.quick.reading import read_call
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.gateways.models import Gateway
from textwell.messaging.models import Batch, Message

pytestmark = pytest.mark.django_db


def _code(number: int) -> dict[str, str]:
    return {"to": f"+336120010{number:02d}", "body": "4711", "purpose": "otp"}


@pytest.fixture
def shop(program: Program) -> Program:
    make_gateway(workspace=program.workspace)
    return program


def _count(program: Program) -> int:
    return Message.objects.filter(workspace_id=program.workspace.id).count()


def _calls(ways: Ways, asked: list[tuple[Program, dict[str, str], str | None]]) -> list[Any]:
    """As the door reads them."""
    environs = [
        ways.environ(program, body, HTTP_IDEMPOTENCY_KEY=key) for program, body, key in asked
    ]
    return [read_call(environ) for environ in environs]


def _decided(ways: Ways, asked: list[tuple[Program, dict[str, str], str | None]]) -> list[bool]:
    """Which of the calls of one group were taken."""
    calls = _calls(ways, asked)
    ways.quick._ledger.decide(calls)
    return [call.answer is not None for call in calls]


def test_a_group_has_a_message_for_each_call(ways: Ways, shop: Program) -> None:
    calls = _calls(ways, [(shop, _code(number), f"key {number}") for number in range(6)])

    ways.quick._ledger.decide(calls)

    answers = [json.loads(call.answer.content) for call in calls]
    assert [answer["to"] for answer in answers] == [_code(number)["to"] for number in range(6)]
    assert len({answer["id"] for answer in answers}) == _count(shop) == 6


def test_a_number_that_no_gateway_can_have_keeps_nobody_else_from_the_quick_way(
    ways: Ways, shop: Program
) -> None:
    body = json.dumps(_code(1) | {"gateway_id": 2**63})

    (odd,) = _calls(ways, [(shop, json.loads(body), None)])
    calls = [call for call in (odd, *_calls(ways, [(shop, _code(2), None)])) if call is not None]
    ways.quick._ledger.decide(calls)

    assert calls[-1].answer is not None
    answer = ways.post(ways.quick, shop, json.loads(body))
    assert (answer.status, answer.json()["errors"][0]["field"]) == (422, "gateway_id")


def test_the_messages_of_a_group_share_a_pointer_on_the_work_stream(
    ways: Ways, shop: Program, nudges: list[tuple[str, bytes]]
) -> None:
    care = _code(3) | {"purpose": "transactional"}

    assert all(_decided(ways, [(shop, _code(1), "a"), (shop, care, "b"), (shop, _code(2), "c")]))

    gateway = Gateway.objects.get(workspace_id=shop.workspace.id)
    batches = Batch.objects.filter(workspace_id=shop.workspace.id).order_by("first_message_id")
    first, alone, second = batches.values_list("id", flat=True)
    assert nudges == [
        (f"submit.{gateway.id}.urgent", b'{"batch_id":%d,"more_ids":[%d]}' % (first, second)),
        (f"submit.{gateway.id}.care", b'{"batch_id":%d}' % alone),
    ]


def test_calls_of_two_workspaces_stay_in_theirs(
    ways: Ways, shop: Program, stranger: Program
) -> None:
    make_gateway(workspace=stranger.workspace)

    assert _decided(ways, [(shop, _code(1), "a"), (stranger, _code(1), "a")]) == [True, True]

    people = Contact.objects.filter(msisdn=_code(1)["to"]).values_list("workspace_id", flat=True)
    assert sorted(people) == sorted([shop.workspace.id, stranger.workspace.id])
    assert (_count(shop), _count(stranger)) == (1, 1)


def test_a_new_person_with_two_texts_is_one_person(ways: Ways, shop: Program) -> None:
    assert _decided(ways, [(shop, _code(1), None), (shop, _code(1), None)]) == [True, True]

    assert Contact.objects.filter(workspace_id=shop.workspace.id).count() == 1
    assert _count(shop) == 2


def test_the_same_key_twice_in_a_group_is_taken_once(ways: Ways, shop: Program) -> None:
    assert _decided(ways, [(shop, _code(1), "a"), (shop, _code(1), "a")]) == [True, False]

    assert _count(shop) == 1


def test_a_key_that_has_its_answer_holds_up_nobody(ways: Ways, shop: Program) -> None:
    assert _decided(ways, [(shop, _code(1), "a")]) == [True]

    assert _decided(ways, [(shop, _code(1), "a"), (shop, _code(2), "b")]) == [False, True]


def test_marketing_twice_to_one_person_is_judged_one_after_the_other(
    ways: Ways, shop: Program
) -> None:
    contact = make_contact(workspace=shop.workspace)
    body = {"to": contact.msisdn, "body": "Bread."}

    assert _decided(ways, [(shop, body, None), (shop, body, None)]) == [True, False]


def test_what_is_refused_holds_up_nobody(ways: Ways, shop: Program, stranger: Program) -> None:
    revoke_api_key(key=stranger.key, actor="system")
    refused = {"to": "+33612001099", "body": "No consent."}

    decided = _decided(
        ways, [(shop, refused, "a"), (stranger, _code(1), "a"), (shop, _code(2), "b")]
    )

    assert decided == [False, False, True]


def test_a_key_that_another_process_works_on_waits_its_turn(own_ways: Ways, shop: Program) -> None:
    number = AskedRequest(shop.key.id, "a", "", "").lock_number()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])

        decided = _decided(own_ways, [(shop, _code(1), "a"), (shop, _code(2), "b")])

    assert decided == [False, True]


def test_a_person_whom_another_transaction_is_making_holds_up_nobody_for_long(
    own_ways: Ways, shop: Program
) -> None:
    with transaction.atomic():
        make_contact(workspace=shop.workspace, msisdn=_code(1)["to"])

        assert _decided(own_ways, [(shop, _code(1), "a"), (shop, _code(2), "b")]) == [False, False]

    assert _decided(own_ways, [(shop, _code(1), "a"), (shop, _code(2), "b")]) == [True, True]


def test_a_connection_that_broke_costs_no_answer(own_ways: Ways, shop: Program) -> None:
    assert own_ways.post(own_ways.quick, shop, _code(1)).status == 202
    own_ways.quick._ledger._connection.close()

    with connection.cursor() as cursor:
        assert own_ways.post(own_ways.quick, shop, _code(2)).status == 202
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE application_name = 'textwell-quick'"
        )

    assert [own_ways.post(own_ways.quick, shop, _code(3)).status for _each in range(2)] == [
        202,
        202,
    ]
    assert own_ways.left == ["/api/v1/messages"]
    assert _count(shop) == 4


@pytest.mark.parametrize(("key", "status"), [(None, 503), ("a", 202)])
def test_a_commit_of_unknown_outcome_makes_no_second_message(
    ways: Ways,
    shop: Program,
    monkeypatch: pytest.MonkeyPatch,
    key: str | None,
    status: int,
) -> None:
    """It did commit; only the answer was lost."""

    @contextmanager
    def loses_its_answer(db: psycopg.Connection[Any]) -> Iterator[None]:
        with begin(db):
            yield
        raise psycopg.OperationalError("the server closed the connection")

    begin = psycopg.Connection.transaction
    monkeypatch.setattr(psycopg.Connection, "transaction", loses_its_answer)

    answer = ways.post(ways.quick, shop, _code(1), HTTP_IDEMPOTENCY_KEY=key)

    assert (answer.status, _count(shop)) == (status, 1)
    assert "Nothing was recorded" not in answer.json().get("detail", "")


@pytest.mark.parametrize("key", [None, "a"])
def test_a_group_that_hangs_costs_those_behind_it_a_503(
    ways: Ways, shop: Program, monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    monkeypatch.setattr(ways.quick._room, "_patience_s", 0.01)
    monkeypatch.setattr(ways.quick._room, "_is_led", True)

    answer = ways.post(ways.quick, shop, _code(1), HTTP_IDEMPOTENCY_KEY=key)

    assert (answer.status, answer.headers["Content-Type"]) == (503, "application/problem+json")
    assert (ways.quick._room._waiting, _count(shop)) == ([], 0)


def test_no_statement_of_a_group_takes_longer_than_those_behind_it_wait(own_ways: Ways) -> None:
    limits = own_ways.quick._ledger._connected().execute(
        "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"
    )

    assert limits.fetchone() == ("5s", "200ms")


@pytest.mark.parametrize("error", [OperationalError("away"), TypeError("a fault of ours")])
def test_whatever_fails_the_complete_way_answers(
    ways: Ways, shop: Program, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_args: object) -> None:
        raise error

    monkeypatch.setattr(ledger, "spend_in", fail)

    assert ways.post(ways.quick, shop, _code(1)).status == 202
    assert ways.left == ["/api/v1/messages"]


def _refuse(*_args: object) -> None:
    raise OperationalError("this thread's connection of Django's is dead")


def test_a_rate_is_leased_without_djangos_connection(own_ways: Ways, shop: Program) -> None:
    change_api_key(key=shop.key, actor="system", door_purpose="marketing", rate_per_s=1000)
    rates.refill()

    with connection.execute_wrapper(_refuse):
        answer = own_ways.post(own_ways.quick, shop, _code(1))

    assert (answer.status, answer.headers["RateLimit-Policy"]) == (202, '"key";q=1000;w=1')
    assert own_ways.left == []


def test_old_answers_are_forgotten_without_djangos_connection(
    own_ways: Ways, shop: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_ways.post(own_ways.quick, shop, _code(1), HTTP_IDEMPOTENCY_KEY="a")
    IdempotentAnswer.objects.update(created_at=now() - timedelta(days=8))
    monkeypatch.setattr(idempotency, "_swept_at", [-idempotency.SWEEP_EVERY_S])

    with connection.execute_wrapper(_refuse):
        answer = own_ways.post(own_ways.quick, shop, _code(2))

    assert (answer.status, IdempotentAnswer.objects.count()) == (202, 0)


def test_a_nudge_that_fails_after_the_commit_costs_neither_answer_nor_connection(
    own_ways: Ways, shop: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    present = own_ways.quick._ledger._connected()
    monkeypatch.setattr(ledger, "publish_nudges", _refuse)

    answer = own_ways.post(own_ways.quick, shop, _code(1))

    assert (answer.status, own_ways.left, _count(shop)) == (202, [], 1)
    assert own_ways.quick._ledger._connected() is present


def test_a_key_beyond_its_rate_is_asked_about_again_and_refused(
    ways: Ways, shop: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_api_key(key=shop.key, actor="system", door_purpose="marketing", rate_per_s=1)
    used_up = rates._Lease(tokens=0, left=0, until=monotonic() + 60)
    monkeypatch.setattr(rates, "_leases", {shop.key.id: used_up})

    answer = ways.post(ways.quick, shop, _code(1))

    assert (answer.status, answer.headers["Retry-After"], _count(shop)) == (429, "60", 0)


def test_many_retries_at_once_make_one_message_for_each_key(own_ways: Ways, shop: Program) -> None:
    start = threading.Barrier(6)

    def call(worker: int) -> list[tuple[int, int]]:
        start.wait(10)
        numbers = [(worker + turn) % 5 for turn in range(15)]
        answers = [
            own_ways.post(own_ways.quick, shop, _code(number), HTTP_IDEMPOTENCY_KEY=f"key {number}")
            for number in numbers
        ]
        connections.close_all()
        return [(answer.status, answer.json().get("id", 0)) for answer in answers]

    with ThreadPoolExecutor(6) as pool:
        seen = Counter(each for answers in pool.map(call, range(6)) for each in answers)

    assert _count(shop) == len({made for status, made in seen if status == 202}) == 5
    assert {status for status, _made in seen} <= {202, 409}
    assert sum(seen.values()) == 90
