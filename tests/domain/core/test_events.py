from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction

from textwell.core.events import publish, publish_now, subscribe, unsubscribe


@dataclass(frozen=True)
class Baked:
    loaves: int


@pytest.fixture
def heard() -> Iterator[list[int]]:
    loaves: list[int] = []

    def hear(event: Baked) -> None:
        loaves.append(event.loaves)

    subscribe(Baked, hear)
    yield loaves
    unsubscribe(Baked, hear)


@pytest.mark.django_db(transaction=True)
def test_a_published_event_is_heard_after_commit(heard: list[int]) -> None:
    with transaction.atomic():
        publish(Baked(3))
        before = list(heard)

    assert (before, heard) == ([], [3])


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_event_is_never_heard(heard: list[int]) -> None:
    with transaction.atomic():
        publish(Baked(3))
        transaction.set_rollback(True)

    assert heard == []


def test_publish_now_is_heard_at_once(heard: list[int]) -> None:
    publish_now(Baked(2))

    assert heard == [2]


def test_subscribing_twice_is_once() -> None:
    calls: list[Baked] = []
    subscribe(Baked, calls.append)
    subscribe(Baked, calls.append)

    publish_now(Baked(1))

    unsubscribe(Baked, calls.append)
    assert calls == [Baked(1)]


def test_a_failing_handler_of_publish_now_fails_the_caller() -> None:
    def refuse(_event: Baked) -> None:
        raise ValueError("no flour")

    subscribe(Baked, refuse)
    with pytest.raises(ValueError, match="no flour"):
        publish_now(Baked(1))
    unsubscribe(Baked, refuse)
