"""One gateway, one connector: also after the session that holds its lock was cut off."""

import psycopg
import pytest

from dispatch.conftest import Stage, serving
from textwell.core.db import connect_sync
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
