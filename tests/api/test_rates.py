"""A key with a rate makes no more requests than that, through any door; others are not held up."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.conftest import Program
from textwell.accounts.keys import change_api_key
from textwell.api import rates
from textwell.api.sql import LEASE_RATE
from textwell.runtime.stores import Stores

pytestmark = pytest.mark.django_db


class Clock:
    """A steady clock, and the database's, that stand until they are moved."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    stands = Clock()
    ask = rates._ask

    def at_its_time(api_key_id: int, rate: int, fetch: rates.Fetch) -> Any:
        stamp = f"to_timestamp({stands.now})"
        monkeypatch.setattr(rates, "LEASE_RATE", LEASE_RATE.replace("clock_timestamp()", stamp))
        return ask(api_key_id, rate, fetch)

    monkeypatch.setattr(rates, "_ask", at_its_time)
    monkeypatch.setattr(rates, "monotonic", stands)
    rates.refill()
    yield stands
    rates.refill()


def _limit(program: Program, rate: int) -> None:
    change_api_key(key=program.key, actor="system", door_purpose="marketing", rate_per_s=rate)


def test_a_second_holds_the_rate_and_no_more(program: Program, clock: Clock) -> None:
    _limit(program, 3)

    codes = [program.get("/lists").status_code for _each in range(4)]
    refused = program.get("/lists")

    assert codes == [200, 200, 200, 429]
    assert (refused["Retry-After"], refused["RateLimit"]) == ("1", '"key";r=0;t=1')
    assert refused.json()["type"] == "urn:textwell:problem:too_many_requests"
    clock.now += 1
    assert program.get("/lists").status_code == 200


def test_a_key_without_a_rate_has_no_limit(program: Program) -> None:
    _limit(program, 0)

    answers = [program.get("/lists") for _each in range(50)]
    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit" not in answers[0]
    assert "RateLimit-Policy" not in answers[0]


def test_a_refused_request_does_nothing(program: Program, clock: Clock) -> None:
    _limit(program, 1)
    program.get("/lists")

    answer = program.post("/lists", {"name": "Late"})

    assert answer.status_code == 429
    clock.now += 1
    assert program.get("/lists").json() == []


def test_a_kannel_client_hears_that_it_shall_try_again(program: Program) -> None:
    _limit(program, 1)
    program.get("/lists")

    answer = program.client.get(
        "/cgi-bin/sendsms",
        {
            "username": program.key.prefix,
            "password": program.secret,
            "to": "+33612345678",
            "text": "a",
        },
    )

    assert answer.status_code == 503
    assert answer.content == b"Temporal failure, try again later."
    assert answer["RateLimit"] == '"key";r=0;t=1'


def test_every_answer_says_what_is_left(program: Program, clock: Clock) -> None:
    _limit(program, 20)

    answers = [
        program.get("/lists"),
        program.post("/lists", {"name": "New"}, key="a"),
        program.post("/lists", {"name": "New"}, key="a"),  # the kept one
        program.post("/lists", {"name": ""}),
        program.get("/lists/0"),
    ]

    assert [answer.status_code for answer in answers] == [200, 201, 201, 422, 404]
    assert {answer["RateLimit-Policy"] for answer in answers} == {'"key";q=20;w=1'}
    assert [answer["RateLimit"] for answer in answers] == [
        f'"key";r={left};t=1' for left in (19, 18, 17, 16, 15)
    ]


def test_what_another_process_took_is_not_granted_again(program: Program, clock: Clock) -> None:
    _limit(program, 3)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO api_rate (api_key_id, second, taken) VALUES (%s, %s, 2)",
            [program.key.id, int(clock.now)],
        )

    assert [program.get("/lists").status_code for _each in range(2)] == [200, 429]


def test_a_process_asks_once_for_a_tenth_of_a_second(program: Program, clock: Clock) -> None:
    _limit(program, 40)

    with CaptureQueriesContext(connection) as asked:
        for _each in range(8):
            assert program.get("/gateways/kinds").status_code == 200

    assert len([each for each in asked if "api_rate" in each["sql"]]) == 2


SPENDER = """
import time
import django
from django.http import HttpRequest
django.setup()
from textwell.accounts.types import KeyHolder
from textwell.api.errors import RateExceeded
from textwell.api.rates import spend
holder = KeyHolder(-7, 1, frozenset(), "marketing", 50)
granted, end = [], time.monotonic() + 4
while time.monotonic() < end:
    try:
        spend(HttpRequest(), holder)
        granted.append(int(time.time()))
    except RateExceeded:
        time.sleep(0.002)
print(*granted)
"""


def test_two_processes_share_one_rate(stores: Stores) -> None:
    spenders = [
        subprocess.Popen([sys.executable, "-c", SPENDER], stdout=subprocess.PIPE, text=True)
        for _each in range(2)
    ]
    seconds = [spender.communicate(timeout=60)[0].split() for spender in spenders]

    assert all(seconds)
    together = Counter(seconds[0] + seconds[1])
    both = set(seconds[0]) & set(seconds[1])
    assert both, "the processes did not run at the same time"
    assert sum(together.values()) <= 50 * len(together)
    assert max(together[second] for second in both) > 40
