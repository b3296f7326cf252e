"""One gateway, one connector: also after the session that holds its lock was cut off."""

import asyncio

import psycopg
import pytest

from dispatch.conftest import Stage, serving
from textwell.core.db import connect_sync
from textwell.core.seal import Unsealable
from textwell.gateways.actions import create_gateway
from textwell.gateways.models import GatewayHealth
from textwell.gateways.providers.base import GatewaySpec
from textwell.gateways.selectors import load_gateway_spec
from textwell.runtime.roles import connector
from textwell.runtime.roles.connector import GATEWAY_LOCK

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]

HOLDERS = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s"


def one(
    connection: psycopg.Connection[tuple[object, ...]], statement: str, *values: object
) -> object:
    row = connection.execute(statement.encode(), values).fetchone()
    return row and row[0]


async def test_a_connector_that_lost_its_lock_to_another_leaves_the_gateway_to_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connector, "LOOK_S", 0.2)
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
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connector, "LOOK_S", 0.2)
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


async def test_a_gateway_that_cannot_be_read_says_so_and_others_are_served(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connector, "LOOK_S", 0.2)
    other = await asyncio.to_thread(
        create_gateway,
        workspace_id=stage.gateway.workspace_id,
        name="Sealed by another key",
        provider="smpp",
        settings={"host": "127.0.0.1", "port": 1, "system_id": "a", "password": "b"},
        actor="system",
    )

    def load(gateway_id: int) -> GatewaySpec:
        if gateway_id == other.id:
            raise Unsealable("It was sealed with another signing key.")
        return load_gateway_spec(gateway_id)

    monkeypatch.setattr(connector, "load_gateway_spec", load)
    health = GatewayHealth.objects.filter(gateway_id=other.id)
    async with serving(stage):
        await stage.until(lambda: len(stage.simulator.smpp.sessions) == 1)
        while not (seen := await asyncio.to_thread(health.first)):  # noqa: ASYNC110 - a row tells no event
            await asyncio.sleep(0.05)

    assert (seen.is_bound, seen.last_error) == (False, "It was sealed with another signing key.")
