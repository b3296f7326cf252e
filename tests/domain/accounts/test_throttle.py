"""Guessing of passwords becomes slower with each failure, for one address from one place."""

from collections.abc import Iterator

import pytest
import time_machine

from textwell.accounts.errors import TooManySignIns
from textwell.accounts.models import SignInAttempt
from textwell.accounts.throttle import (
    check_sign_in,
    forget_old_attempts,
    note_right_password,
    note_wrong_password,
    wait_seconds,
)

pytestmark = pytest.mark.django_db

ADA = {"email": "ada@example.org", "ip": "192.0.2.1"}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-24T09:00:00Z", tick=False) as traveller:
        yield traveller


def fail(times: int, **who: str) -> None:
    for _time in range(times):
        note_wrong_password(**(ADA | who))


@pytest.mark.parametrize(
    ("failures", "wait_s"), [(4, 0), (5, 5), (6, 10), (7, 20), (12, 640), (13, 900), (40, 900)]
)
def test_the_wait_doubles_with_each_failure_after_the_free_ones(
    clock: time_machine.Traveller, failures: int, wait_s: int
) -> None:
    fail(failures)

    assert wait_seconds(**ADA) == wait_s


def test_a_try_after_the_wait_is_looked_at(clock: time_machine.Traveller) -> None:
    fail(5)
    with pytest.raises(TooManySignIns) as refused:
        check_sign_in(**ADA)

    clock.shift(refused.value.retry_after_s)

    check_sign_in(**ADA)


def test_a_stranger_elsewhere_locks_nobody_out(clock: time_machine.Traveller) -> None:
    fail(10, ip="198.51.100.9")

    assert wait_seconds(**ADA) == 0


def test_the_address_is_the_same_in_any_case(clock: time_machine.Traveller) -> None:
    fail(5, email=" ADA@example.org")

    assert wait_seconds(**ADA) == 5


def test_one_place_that_tries_many_addresses_is_slowed(clock: time_machine.Traveller) -> None:
    for number in range(50):
        note_wrong_password(email=f"person{number}@example.org", ip=ADA["ip"])

    assert wait_seconds(**ADA) == 5


def test_the_right_password_forgets_the_failures(clock: time_machine.Traveller) -> None:
    fail(6)

    note_right_password(**ADA)

    assert wait_seconds(**ADA) == 0


def test_failures_are_forgotten_after_an_hour(clock: time_machine.Traveller) -> None:
    fail(9)
    clock.shift(3600)

    fail(1)

    assert wait_seconds(**ADA) == 0


def test_rows_that_no_longer_count_are_dropped(clock: time_machine.Traveller) -> None:
    fail(1)
    clock.shift(3601)

    assert forget_old_attempts() == 2
    assert not SignInAttempt.objects.exists()
