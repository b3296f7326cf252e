from __future__ import annotations

from typing import Any

import msgspec
import pytest

from builders import make_foreign_seal, make_gateway, make_workspace
from textwell.accounts.models import AuditEntry, Workspace
from textwell.core.bus import Bus
from textwell.core.errors import Conflict, FieldError, NotFound
from textwell.core.seal import is_sealed
from textwell.gateways import actions, doors, selectors
from textwell.gateways.doors import DoorItem, publish_all_gateways
from textwell.gateways.models import Gateway, GatewayState

SMPP = {"host": "smsc.example", "system_id": "acme", "password": "hush-hush"[:8]}


def create(workspace: Workspace, **values: Any) -> Gateway:
    given: dict[str, Any] = {"name": "Main", "provider": "smpp", "settings": SMPP} | values
    return actions.create_gateway(workspace_id=workspace.id, actor="user:1", **given)


def test_secrets_are_sealed_at_rest_and_plain_for_the_connector_alone(workspace: Workspace) -> None:
    gateway = create(workspace)
    stored = Gateway.objects.get(id=gateway.id).settings
    assert is_sealed(stored["password"])
    assert "password" not in selectors.shown_settings(gateway)
    assert selectors.load_gateway_spec(gateway.id).settings["password"] == "hush-hus"


def test_the_audit_never_holds_a_secret(workspace: Workspace) -> None:
    gateway = create(workspace)
    actions.update_gateway(
        workspace_id=workspace.id,
        gateway_id=gateway.id,
        actor="user:1",
        settings={"password": "new"},
    )
    entries = list(AuditEntry.objects.filter(workspace_id=workspace.id).order_by("id"))
    assert [entry.action for entry in entries] == ["gateway.created", "gateway.updated"]
    assert all("password" not in str(entry.data) for entry in entries)


def test_a_spec_has_all_that_the_connector_needs(workspace: Workspace) -> None:
    gateway = create(
        workspace, segments_per_second=50, window=20, price_micros=9000, prices={"VN": 30_000}
    )
    actions.add_sender(
        workspace_id=workspace.id, gateway_id=gateway.id, value="ACME", kind="alphanumeric",
        country="VN", segments_per_second=5, actor="user:1",
    )  # fmt: skip
    spec = selectors.load_gateway_spec(gateway.id)
    assert (spec.workspace_id, spec.provider, spec.state) == (workspace.id, "smpp", "active")
    assert (spec.segments_per_second, spec.window, spec.prices) == (50, 20, {"VN": 30_000})
    assert [(s.value, s.country, s.segments_per_second) for s in spec.senders] == [
        ("ACME", "VN", 5.0)
    ]
    assert spec.settings["port"] == 2775


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({}, "host"),
        (SMPP | {"port": "many"}, "port"),
        (SMPP | {"port": 70_000}, "port"),
        (SMPP | {"tls": "perhaps"}, "tls"),
        (SMPP | {"bind": "both"}, "bind"),
        (SMPP | {"password": "far too long for SMPP"}, "password"),
        (SMPP | {"hots": "x"}, "hots"),
        (SMPP | {"host": "smsc.example:2775"}, "host"),
    ],
)
def test_a_wrong_setting_is_named_with_its_mend(
    workspace: Workspace, settings: dict[str, object], field: str
) -> None:
    with pytest.raises(FieldError) as caught:
        create(workspace, settings=settings)
    assert caught.value.field == field
    assert caught.value.mend


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"provider": "pigeon"}, "provider"),
        ({"name": " "}, "name"),
        ({"window": 0}, "window"),
        ({"segments_per_second": 0}, "segments_per_second"),
        ({"price_micros": -1}, "price_micros"),
        ({"prices": {"Vietnam": 3}}, "prices"),
        ({"currency": "Euro"}, "currency"),
    ],
)
def test_a_wrong_value_is_named(workspace: Workspace, values: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldError) as caught:
        create(workspace, **values)
    assert caught.value.field == field


def test_forms_may_send_text_for_every_kind_of_field(workspace: Workspace) -> None:
    gateway = create(workspace, settings=SMPP | {"port": " 2776 ", "tls": "on", "bind": "tx+rx"})
    assert (gateway.settings["port"], gateway.settings["tls"]) == (2776, True)


def test_an_empty_secret_keeps_the_old_one(workspace: Workspace) -> None:
    gateway = create(workspace)
    actions.update_gateway(
        workspace_id=workspace.id,
        gateway_id=gateway.id,
        actor="user:1",
        settings={"password": "", "port": 2800},
    )
    settings = selectors.load_gateway_spec(gateway.id).settings
    assert (settings["password"], settings["port"]) == ("hush-hus", 2800)


def test_a_secret_that_cannot_be_read_is_entered_again_and_nothing_else_is_saved(
    workspace: Workspace,
) -> None:
    sealed = SMPP | {"password": make_foreign_seal("old")}
    gateway = make_gateway(workspace=workspace, provider="smpp", settings=sealed)
    ids = {"workspace_id": workspace.id, "gateway_id": gateway.id}

    with pytest.raises(FieldError, match="Put the old key back") as caught:
        actions.update_gateway(actor="user:1", settings={"port": 2800}, **ids)
    actions.update_gateway(actor="user:1", settings={"password": "new"}, **ids)

    assert caught.value.field == "password"
    assert selectors.load_gateway_spec(gateway.id).settings["password"] == "new"


def test_a_key_that_cannot_be_read_goes_with_its_certificate(workspace: Workspace) -> None:
    stored = SMPP | {
        "password": "",
        "tls_client_certificate": "PEM",
        "tls_client_key": "sealed:1:x",
    }
    gateway = make_gateway(workspace=workspace, provider="smpp", settings=stored)

    actions.update_gateway(
        workspace_id=workspace.id,
        gateway_id=gateway.id,
        actor="user:1",
        settings={"tls_client_certificate": "", "tls_client_key": ""},
    )

    assert selectors.load_gateway_spec(gateway.id).settings["tls_client_key"] == ""


def test_a_gateway_of_a_kind_that_is_gone_can_be_paused_and_deleted(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace, provider="pigeon", settings={"token": "secret"})
    ids = {"workspace_id": workspace.id, "gateway_id": gateway.id}

    assert selectors.shown_settings(gateway) == {}
    actions.pause_gateway(actor="user:1", **ids)
    actions.delete_gateway(actor="user:1", **ids)

    assert not Gateway.objects.filter(id=gateway.id).exists()


def test_a_name_is_taken_once_in_a_workspace_and_again_in_another(workspace: Workspace) -> None:
    create(workspace)
    with pytest.raises(Conflict):
        create(workspace)
    assert create(make_workspace()).name == "Main"


def test_another_workspaces_gateway_is_not_found(workspace: Workspace) -> None:
    gateway = create(make_workspace())
    with pytest.raises(NotFound):
        selectors.access_gateway(workspace.id, gateway.id)
    with pytest.raises(NotFound):
        actions.pause_gateway(workspace_id=workspace.id, gateway_id=gateway.id, actor="user:1")


def test_pausing_twice_is_once(workspace: Workspace) -> None:
    gateway = create(workspace)
    for _ in range(2):
        actions.pause_gateway(workspace_id=workspace.id, gateway_id=gateway.id, actor="user:1")
    assert selectors.load_gateway_spec(gateway.id).state == "paused"
    assert AuditEntry.objects.filter(action="gateway.paused").count() == 1


def test_a_broken_gateway_is_tried_again_after_its_settings_change(workspace: Workspace) -> None:
    gateway = create(workspace)
    assert actions.mark_gateway_broken(gateway_id=gateway.id, reason="ESME_RINVPASWD")
    assert not actions.mark_gateway_broken(gateway_id=gateway.id, reason="again")
    mended = actions.update_gateway(
        workspace_id=workspace.id,
        gateway_id=gateway.id,
        actor="user:1",
        settings={"password": "ok"},
    )
    assert mended.state == GatewayState.ACTIVE


def test_only_a_gateway_at_rest_is_deleted(workspace: Workspace) -> None:
    gateway = create(workspace)
    names = {"workspace_id": workspace.id, "gateway_id": gateway.id, "actor": "user:1"}
    with pytest.raises(Conflict):
        actions.delete_gateway(**names)
    actions.pause_gateway(**names)
    actions.delete_gateway(**names)
    assert not Gateway.objects.exists()


def test_a_sender_for_the_country_goes_before_one_for_all(workspace: Workspace) -> None:
    gateway = create(workspace)
    for country in ("", "VN"):
        actions.add_sender(
            workspace_id=workspace.id, gateway_id=gateway.id, value="ACME", kind="alphanumeric",
            country=country, actor="user:1",
        )  # fmt: skip
    found = [selectors.find_sender(workspace.id, gateway.id, "ACME", c) for c in ("VN", "FR")]
    assert [sender.country for sender in found if sender] == ["VN", ""]
    assert selectors.find_sender(workspace.id, gateway.id, "OTHER", "VN") is None
    assert selectors.list_sender_values(workspace.id, gateway.id) == ["ACME"]


def test_a_forbidden_sender_is_found_no_more(workspace: Workspace) -> None:
    gateway = create(workspace)
    names = {"workspace_id": workspace.id, "actor": "user:1"}
    sender = actions.add_sender(gateway_id=gateway.id, value="8085", kind="short_code", **names)
    actions.set_sender_active(sender_id=sender.id, is_active=False, **names)
    assert selectors.find_sender(workspace.id, gateway.id, "8085", "VN") is None
    assert selectors.load_gateway_spec(gateway.id).senders == ()


@pytest.mark.parametrize(
    ("value", "kind", "field"),
    [
        ("AB", "alphanumeric", "value"),
        ("TWELVE CHARS", "alphanumeric", "value"),
        ("12345", "alphanumeric", "value"),
        ("Tiệm Bánh", "alphanumeric", "value"),
        ("84901234567", "long_code", "value"),
        ("12", "short_code", "value"),
        ("ACME", "pigeon", "kind"),
    ],
)
def test_a_sender_that_no_handset_shows_is_refused(
    workspace: Workspace, value: str, kind: str, field: str
) -> None:
    gateway = create(workspace)
    with pytest.raises(FieldError) as caught:
        actions.add_sender(
            workspace_id=workspace.id, gateway_id=gateway.id, value=value, kind=kind, actor="user:1"
        )
    assert caught.value.field == field


def test_a_door_whose_secret_cannot_be_read_keeps_no_other_from_being_published(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = {"webhook_secret": make_foreign_seal("hook")}
    make_gateway(workspace=workspace, provider="simulator_http", settings=stored)
    other = make_gateway(workspace=workspace)
    keys: list[str] = []
    monkeypatch.setattr(doors, "kv_put_after_commit", lambda _bucket, key, _value: keys.append(key))

    assert publish_all_gateways() == 1
    assert keys == [str(other.id)]


@pytest.mark.django_db(transaction=True)
async def test_the_edge_learns_of_gateways_and_the_connectors_of_changes(bus: Bus) -> None:
    import asyncio

    from asgiref.sync import sync_to_async

    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def listen(message: Any) -> None:
        heard.put_nowait(message.data)

    await bus.subscribe_core(actions.CONTROL_SUBJECT, listen)
    workspace = await sync_to_async(make_workspace)()
    settings = {"api_key": "k", "webhook_secret": "hook"}
    gateway = await sync_to_async(create)(workspace, provider="simulator_http", settings=settings)
    assert await asyncio.wait_for(heard.get(), 5) == str(gateway.id).encode()
    doors = await bus.kv("gateways")
    for _ in range(100):
        keys = await doors.keys() if (await doors.status()).values else []
        if str(gateway.id) in keys:
            break
        await asyncio.sleep(0.05)
    entry = await doors.get(str(gateway.id))
    assert msgspec.json.decode(entry.value or b"", type=DoorItem) == DoorItem(
        gateway.id, workspace.id, "simulator_http", "hook"
    )
    assert await sync_to_async(publish_all_gateways)() == 1
