"""A key with a rate makes no more requests than that, through any door; others are not held up."""

from collections.abc import Iterator

import pytest

from api.conftest import Program
from textwell.accounts.actions import change_api_key
from textwell.api import rates
from textwell.api.auth import forget_keys

pytestmark = pytest.mark.django_db


class Clock:
    """A steady clock that stands until it is moved."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    stands = Clock()
    monkeypatch.setattr(rates, "monotonic", stands)
    rates.refill()
    yield stands
    rates.refill()


def _limit(program: Program, rate: int) -> None:
    change_api_key(key=program.key, actor="system", door_purpose="marketing", rate_per_s=rate)
    forget_keys()


def test_a_second_holds_the_rate_and_no_more(program: Program, clock: Clock) -> None:
    _limit(program, 3)

    codes = [program.get("/lists").status_code for _each in range(4)]
    refused = program.get("/lists")

    assert codes == [200, 200, 200, 429]
    assert refused["Retry-After"] == "1"
    assert refused.json()["type"] == "urn:textwell:problem:too_many_requests"
    clock.now += 1
    assert program.get("/lists").status_code == 200


def test_a_key_without_a_rate_has_no_limit(program: Program) -> None:
    _limit(program, 0)

    assert {program.get("/lists").status_code for _each in range(50)} == {200}


def test_a_refused_request_does_nothing(program: Program) -> None:
    _limit(program, 1)
    program.get("/lists")

    answer = program.post("/lists", {"name": "Late"})

    assert answer.status_code == 429
    rates.refill()
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
