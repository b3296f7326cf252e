"""A gateway that two people change at the same moment."""

from collections.abc import Callable
from threading import Thread

import pytest
from django.db import connection, transaction

from at_once import PATIENCE_S, until_somebody_waits
from builders import make_gateway, make_workspace
from textwell.core.errors import Conflict, NotFound
from textwell.gateways import actions
from textwell.gateways.models import Gateway, GatewayState

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gateway() -> Gateway:
    return make_gateway(workspace=make_workspace())


def pause(gateway: Gateway) -> None:
    actions.pause_gateway(workspace_id=gateway.workspace_id, gateway_id=gateway.id, actor="user:1")


def retire(gateway: Gateway) -> None:
    actions.retire_gateway(workspace_id=gateway.workspace_id, gateway_id=gateway.id, actor="user:1")


def delete(gateway: Gateway) -> None:
    actions.delete_gateway(workspace_id=gateway.workspace_id, gateway_id=gateway.id, actor="user:1")


def meet(gateway: Gateway, first: Callable[[Gateway], None]) -> list[Exception]:
    """Somebody saves another name and rate while `first` is not committed; what they were told."""
    told: list[Exception] = []

    def edit() -> None:
        try:
            actions.update_gateway(
                workspace_id=gateway.workspace_id, gateway_id=gateway.id, actor="user:2",
                name="Other", segments_per_second=7,
            )  # fmt: skip
        except (Conflict, NotFound) as error:
            told.append(error)
        finally:
            connection.close()

    writer = Thread(target=edit)
    with transaction.atomic():
        first(gateway)
        writer.start()
        until_somebody_waits()
    writer.join(PATIENCE_S)
    assert not writer.is_alive()
    return told


def test_an_edit_does_not_end_a_pause(gateway: Gateway) -> None:
    told = meet(gateway, pause)

    gateway.refresh_from_db()
    assert (told, gateway.state) == ([], GatewayState.PAUSED)
    assert (gateway.name, gateway.segments_per_second) == ("Other", 7)


def test_an_edit_writes_over_no_other_edit(gateway: Gateway) -> None:
    def price(one: Gateway) -> None:
        actions.update_gateway(
            workspace_id=one.workspace_id, gateway_id=one.id, actor="user:1", price_micros=12_345
        )

    meet(gateway, price)

    gateway.refresh_from_db()
    assert (gateway.name, gateway.price_micros) == ("Other", 12_345)


@pytest.mark.parametrize(("first", "error"), [(retire, Conflict), (delete, NotFound)])
def test_an_edit_brings_nothing_back(
    gateway: Gateway, first: Callable[[Gateway], None], error: type[Exception]
) -> None:
    pause(gateway)

    told = meet(gateway, first)

    assert [isinstance(each, error) for each in told] == [True]
    assert not Gateway.objects.filter(name="Other").exists()


def test_a_rate_allows_no_sender_that_was_forbidden_meanwhile(gateway: Gateway) -> None:
    ids = {"workspace_id": gateway.workspace_id, "sender_id": gateway.senders.get().id}

    def set_rate() -> None:
        try:
            actions.set_sender_rate(**ids, segments_per_second=3, actor="user:2")
        finally:
            connection.close()

    writer = Thread(target=set_rate)
    with transaction.atomic():
        actions.set_sender_active(**ids, is_active=False, actor="user:1")
        writer.start()
        until_somebody_waits()
    writer.join(PATIENCE_S)

    sender = gateway.senders.get()
    assert (sender.is_active, sender.segments_per_second) == (False, 3)
