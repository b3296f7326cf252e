"""Webhooks through the API."""

from typing import Any

from api.conftest import Program
from builders import make_workspace
from textwell.webhooks.models import Delivery, Endpoint

NEW: dict[str, Any] = {"url": "https://example.com/hook", "kinds": ["message.delivered"]}


def test_an_endpoint_is_made_with_its_secret_and_shown_without(program: Program) -> None:
    made = program.post("/webhooks", NEW)

    shown = program.get(f"/webhooks/{made.json()['id']}").json()
    assert (made.status_code, made.json()["secret"][:6]) == (201, "whsec_")
    assert shown["kinds"] == ["message.delivered"]
    assert "secret" not in shown


def test_an_unknown_kind_names_the_known_ones(program: Program) -> None:
    answer = program.post("/webhooks", NEW | {"kinds": ["message.read"]})

    [error] = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (422, "kinds")
    assert "message.delivered" in error["mend"]
    assert Endpoint.objects.count() == 0


def test_a_test_event_is_listed_and_sent_again(program: Program) -> None:
    made = program.post("/webhooks", NEW).json()
    delivery_id = program.post(f"/webhooks/{made['id']}/test").json()["id"]
    Delivery.objects.update(state="failed")

    [listed] = program.get(f"/webhooks/{made['id']}/deliveries", state="failed").json()["items"]
    again = program.post(f"/webhooks/{made['id']}/deliveries/{delivery_id}/resend")

    assert (listed["id"], listed["kind"]) == (delivery_id, "test")
    assert listed["event_id"].startswith("evt_")
    assert (again.status_code, Delivery.objects.get().state) == (202, "waiting")


def test_changes_and_deletion(program: Program) -> None:
    made = program.post("/webhooks", NEW).json()
    path = f"/webhooks/{made['id']}"

    changed = program.send("patch", path, {"is_active": False}).json()
    renewed = program.post(f"{path}/secret").json()
    deleted = program.send("delete", path, {})

    assert changed["is_active"] is False
    assert renewed["secret"] != made["secret"]
    assert (deleted.status_code, program.get(path).status_code) == (204, 404)


def test_another_workspaces_endpoint_is_not_there(program: Program) -> None:
    made = program.post("/webhooks", NEW).json()
    stranger = Program(make_workspace(name="Other"), ["webhooks:manage"])

    statuses = [
        stranger.get(f"/webhooks/{made['id']}").status_code,
        stranger.send("delete", f"/webhooks/{made['id']}", {}).status_code,
        stranger.post(f"/webhooks/{made['id']}/test").status_code,
    ]

    assert statuses == [404, 404, 404]
    assert Endpoint.objects.get().deleted_at is None
