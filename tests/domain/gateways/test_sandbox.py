"""What may stand in a sandbox, and what may become one."""

import asyncio
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from builders import make_gateway, make_owner, make_workspace
from textwell.accounts.models import AuditEntry, Membership, Workspace
from textwell.core.errors import Conflict, FieldError
from textwell.gateways.actions import (
    create_gateway,
    pause_gateway,
    restore_gateway,
    resume_gateway,
    update_gateway,
)
from textwell.gateways.first import open_workspace
from textwell.gateways.models import Gateway
from textwell.gateways.registry import list_providers
from textwell.gateways.sandbox import find_outside, turn_into_sandbox
from textwell.gateways.selectors import load_gateway_spec

pytestmark = pytest.mark.django_db

SETTINGS: dict[str, dict[str, Any]] = {
    "smpp": {"host": "smsc.example.com", "system_id": "us"},
    "simulator_http": {"api_key": "key"},
    "simulator": {},
}


def make_sandbox() -> Workspace:
    return make_workspace(name="Test", is_sandbox=True)


def create(workspace: Workspace, kind: str, **settings: Any) -> Gateway:
    return create_gateway(
        workspace_id=workspace.id, name=kind, provider=kind, actor="user:1",
        settings=SETTINGS[kind] | settings,
    )  # fmt: skip


@pytest.mark.parametrize("kind", [one.kind for one in list_providers()])
def test_every_kind_but_the_simulator_is_refused(kind: str) -> None:
    workspace = make_sandbox()
    if kind == "simulator":
        assert create(workspace, kind).state == "active"
        return

    with pytest.raises(FieldError) as caught:
        create(workspace, kind)

    assert (caught.value.field, Gateway.objects.count()) == ("provider", 0)
    assert caught.value.mend.startswith("Use simulator here.")


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"host": "smsc.example.com"}, "host"),
        ({"host": "127.0.0.2"}, "host"),
        ({"host": "localhost"}, "host"),
        ({"port": 2775}, "port"),
    ],
)
def test_the_simulator_cannot_be_moved_elsewhere(settings: dict[str, Any], field: str) -> None:
    gateway = create(make_sandbox(), "simulator")

    with pytest.raises(FieldError) as caught:
        update_gateway(
            workspace_id=gateway.workspace_id,
            gateway_id=gateway.id,
            settings=settings,
            actor="user:1",
        )

    before = gateway.settings
    gateway.refresh_from_db()
    assert (caught.value.field, gateway.settings) == (field, before)
    assert caught.value.mend


@pytest.mark.parametrize("state", ["paused", "broken"])
def test_a_row_that_came_by_another_way_is_not_activated(state: str) -> None:
    workspace = make_sandbox()
    gateway = make_gateway(workspace=workspace, provider="smpp", state=state)

    for act in (resume_gateway, update_gateway):
        with pytest.raises(FieldError):
            act(workspace_id=workspace.id, gateway_id=gateway.id, actor="user:1")

    gateway.refresh_from_db()
    assert gateway.state == state


def test_a_retired_one_does_not_come_back_and_an_active_one_can_be_paused() -> None:
    workspace = make_sandbox()
    retired = make_gateway(workspace=workspace, provider="smpp", state="retired")
    active = make_gateway(workspace=workspace, provider="smpp")

    with pytest.raises(FieldError):
        restore_gateway(workspace_id=workspace.id, gateway_id=retired.id, actor="user:1")
    pause_gateway(workspace_id=workspace.id, gateway_id=active.id, actor="user:1")

    active.refresh_from_db()
    assert active.state == "paused"


def test_a_workspace_with_real_gateways_becomes_none_until_they_are_gone() -> None:
    workspace = make_workspace()
    real = make_gateway(workspace=workspace, name="Orange", provider="smpp", state="paused")
    make_gateway(workspace=workspace)

    with pytest.raises(Conflict, match=r"lead to real carriers: Orange\."):
        turn_into_sandbox(workspace=workspace, actor="user:1")
    Gateway.objects.filter(id=real.id).update(state="retired")
    turned = turn_into_sandbox(workspace=workspace, actor="user:1")
    again = turn_into_sandbox(workspace=workspace, actor="user:1")

    assert (turned.is_sandbox, again.is_sandbox) == (True, True)
    entry = AuditEntry.objects.get(action="workspace.sandboxed")
    assert (entry.actor, entry.data["after"]) == ("user:1", {"is_sandbox": True})


def test_no_statement_makes_a_sandbox_live() -> None:
    workspace = make_sandbox()

    with (
        pytest.raises(IntegrityError, match="never becomes live"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE accounts_workspace SET is_sandbox = false")

    workspace.name = "Another"
    workspace.save()
    workspace.refresh_from_db()
    assert (workspace.name, workspace.is_sandbox) == ("Another", True)


def test_a_new_sandbox_has_its_owner_and_a_gateway_to_the_box() -> None:
    owner = make_owner(workspace=make_workspace())

    made = open_workspace(
        owner=owner, actor=f"user:{owner.id}", name="Test", country="FR", currency="EUR",
        zone="Europe/Paris", language="fr", is_sandbox=True,
    )  # fmt: skip

    gateway = Gateway.objects.get(workspace_id=made.id)
    assert Membership.objects.get(workspace=made).user_id == owner.id
    assert (gateway.provider, find_outside(gateway)) == ("simulator", None)
    assert gateway.senders.count() == 1
    assert AuditEntry.objects.get(action="workspace.created").data["after"]["is_sandbox"] is True


@pytest.mark.parametrize("is_sandbox", [True, False])
def test_the_connector_learns_it_with_the_gateway(*, is_sandbox: bool) -> None:
    gateway = make_gateway(workspace=make_workspace(is_sandbox=is_sandbox))

    assert load_gateway_spec(gateway.id).is_sandbox is is_sandbox


def test_a_gateway_without_a_workspace_is_behind_the_wall() -> None:
    gateway = make_gateway(workspace=make_workspace())
    Gateway.objects.filter(id=gateway.id).update(workspace_id=2**40)

    assert load_gateway_spec(gateway.id).is_sandbox is True


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("bus")
def test_a_gateway_made_at_once_with_the_sandbox_is_refused_or_keeps_it_from_becoming_one() -> None:
    """Both orders of two transactions end with one of the two refused."""
    workspace = make_workspace()

    async def both() -> list[Any]:
        acts = (
            lambda: create(workspace, "smpp"),
            lambda: turn_into_sandbox(workspace=workspace, actor="user:1"),
        )
        return await asyncio.gather(
            *(asyncio.to_thread(_apart, act) for act in acts), return_exceptions=True
        )

    for _round in range(10):
        Gateway.objects.all().delete()
        found = asyncio.run(both())
        workspace.refresh_from_db()
        refused = [each for each in found if isinstance(each, (FieldError, Conflict))]
        assert len(refused) == 1
        assert workspace.is_sandbox != Gateway.objects.exists()
        if workspace.is_sandbox:
            workspace = make_workspace()


def _apart(act: Any) -> Any:
    try:
        return act()
    finally:
        connection.close()
