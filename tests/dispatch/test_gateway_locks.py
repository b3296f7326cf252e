"""One gateway, one connector: also after the session that holds its lock was cut off."""

from typing import Any

import psycopg
import pytest

from builders import make_foreign_seal, make_gateway
from dispatch.conftest import Stage, in_thread, serving
from textwell.core.db import connect_sync
from textwell.core.seal import Unsealable
from textwell.core.settings import load_settings
from textwell.gateways.actions import update_gateway
from textwell.gateways.models import Gateway, GatewayHealth
from textwell.runtime.context import RoleContext
from textwell.runtime.roles import connector
from textwell.runtime.roles.connector import GATEWAY_LOCK, GatewayServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]

HOLDERS = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connector looks five times a second."""
    monkeypatch.setattr(connector, "LOOK_S", 0.2)


def one(
    connection: psycopg.Connection[tuple[object, ...]], statement: str, *values: object
) -> object:
    row = connection.execute(statement.encode(), values).fetchone()
    return row and row[0]


async def test_a_connector_that_lost_its_lock_to_another_leaves_the_gateway_to_it(
    stage: Stage, quick: None
) -> None:
    sessions = stage.simulator.smpp.sessions
    lock = (GATEWAY_LOCK, stage.gateway.id)
    with connect_sync() as other:
        async with serving(stage):
            await stage.until(lambda: len(sessions) == 1)

            holder = one(other, HOLDERS, *lock)
            one(other, "SELECT pg_terminate_backend(%s, 5000)", holder)
            assert one(other, "SELECT pg_try_advisory_lock(%s, %s)", *lock)

            await stage.until(lambda: not sessions)
            one(other, "SELECT pg_advisory_unlock(%s, %s)", *lock)
            await stage.until(lambda: len(sessions) == 1)


async def test_a_connector_whose_session_was_cut_off_goes_on_if_nobody_took_over(
    stage: Stage, quick: None
) -> None:
    sessions = stage.simulator.smpp.sessions
    lock = (GATEWAY_LOCK, stage.gateway.id)
    with connect_sync() as other:
        async with serving(stage):
            await stage.until(lambda: len(sessions) == 1)
            bind = [*sessions]

            holder = one(other, HOLDERS, *lock)
            one(other, "SELECT pg_terminate_backend(%s, 5000)", holder)
            await stage.until(lambda: one(other, HOLDERS, *lock) not in {None, holder})

            assert [*sessions] == bind


async def make_unserved(stage: Stage, **values: Any) -> Gateway:
    """A gateway beside that of the stage, which cannot be read."""
    return await in_thread(make_gateway, workspace=stage.workspace, **values)


def told(gateway: Gateway) -> str:
    """What its connector says stands in the way."""
    seen = GatewayHealth.objects.filter(gateway_id=gateway.id).first()
    return seen.last_error if seen else ""


@pytest.mark.parametrize(
    ("what", "values", "says"),
    [
        ("another key", {"settings": {"password": make_foreign_seal("a")}}, str(Unsealable())),
        ("no such kind", {"provider": "pigeon"}, "There is no provider pigeon."),
    ],
)
async def test_a_gateway_that_cannot_be_read_says_so_and_others_are_served(
    stage: Stage, quick: None, what: str, values: dict[str, Any], says: str
) -> None:
    other = await make_unserved(stage, **values)
    async with serving(stage):
        await stage.until(lambda: len(stage.simulator.smpp.sessions) == 1)
        await stage.until(lambda: told(other) == says)

    assert await in_thread(lambda: told(other)) == says


async def test_a_gateway_whose_secret_is_entered_again_is_served(stage: Stage, quick: None) -> None:
    settings = {"port": stage.simulator.port, "password": make_foreign_seal("right")}
    other = await make_unserved(stage, settings=settings)
    async with serving(stage):
        await stage.until(lambda: told(other) == str(Unsealable()))
        await stage.until(lambda: len(stage.simulator.smpp.sessions) == 1)

        await in_thread(
            update_gateway,
            workspace_id=stage.workspace.id,
            gateway_id=other.id,
            settings={"password": "right"},
            actor="system",
        )
        await stage.until(lambda: len(stage.simulator.smpp.sessions) == 2)


async def test_a_gateway_that_cannot_be_read_is_told_of_before_another_may_take_it(
    stage: Stage, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await make_unserved(stage, provider="pigeon")
    lock = (GATEWAY_LOCK, other.id)
    held: list[bool] = []

    async def tell(**_told: object) -> None:
        with connect_sync() as session:
            held.append(one(session, HOLDERS, *lock) is not None)

    monkeypatch.setattr(connector, "tell_unserved", tell)
    async with serving(stage):
        await stage.until(lambda: len(held) > 1)

    assert set(held) == {True}


async def test_it_is_logged_once_until_the_gateway_is_paused_and_resumed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await make_unserved(stage, provider="pigeon")
    lines: list[int] = []
    monkeypatch.setattr(
        connector.log, "warning", lambda _event, **facts: lines.append(facts["gateway_id"])
    )
    context = RoleContext(settings=load_settings(), role="connector", name="connector@test")
    server = GatewayServer(context=context, bus=stage.bus)

    await in_thread(Gateway.objects.filter(id=stage.gateway.id).update, state="paused")
    for state in ("active", "active", "paused", "active"):
        await in_thread(Gateway.objects.filter(id=other.id).update, state=state)
        await server._look()
    await server._drop_locks()

    assert lines == [other.id, other.id]
