"""Sandboxes through the API: made, begun, told in every answer, and closed to real carriers."""

import base64
from collections.abc import Callable

import pytest

from api.conftest import Program
from builders import make_gateway, make_owner, make_workspace
from textwell.accounts.models import ApiKey, AuditEntry, Membership, Workspace
from textwell.accounts.types import Scope
from textwell.gateways.models import Gateway

pytestmark = pytest.mark.django_db

ALL = [scope.value for scope in Scope]
NEW = {"name": "Shop (test)", "country": "FR", "is_sandbox": True}
SMPP = {
    "name": "Orange",
    "provider": "smpp",
    "settings": {"host": "smsc.example.com", "system_id": "us", "password": "pw"},
}


def basic(user: str, password: str) -> dict[str, str]:
    credentials = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"HTTP_AUTHORIZATION": f"Basic {credentials}"}


@pytest.fixture
def sandboxed() -> Program:
    return Program(make_workspace(name="Test", is_sandbox=True), ALL)


def test_a_program_makes_a_sandbox_and_works_in_it_at_once(program: Program) -> None:
    owner = make_owner(workspace=program.workspace)
    ApiKey.objects.filter(id=program.key.id).update(created_by=owner)

    answer = program.post("/workspaces", NEW)

    made = answer.json()
    assert (answer.status_code, made["is_sandbox"]) == (201, True)
    assert Membership.objects.get(workspace_id=made["id"], role="owner").user == owner
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {made['secret']}"}
    there = program.client.get("/api/v1/gateways", **bearer)
    assert there["Textwell-Sandbox"] == "true"
    assert [each["provider"] for each in there.json()["items"]] == ["simulator"]
    entry = AuditEntry.objects.get(workspace_id=made["id"], action="workspace.created")
    assert entry.actor == f"key:{program.key.id}"


def test_the_new_key_may_no_more_than_the_one_in_use(
    program_with: Callable[..., Program], workspace: Workspace
) -> None:
    program = program_with("workspace:manage")
    ApiKey.objects.update(created_by=make_owner(workspace=workspace), rate_per_s=7)

    made = program.post("/workspaces", NEW).json()

    key = ApiKey.objects.get(workspace_id=made["id"])
    assert (key.scopes, key.rate_per_s) == (["workspace:manage"], 7)


def test_a_key_without_a_person_makes_no_workspace(program: Program) -> None:
    answer = program.post("/workspaces", NEW)

    assert (answer.status_code, Workspace.objects.count()) == (409, 1)
    assert "Settings, API keys" in answer.json()["detail"]


def test_it_needs_the_scope(program_with: Callable[..., Program]) -> None:
    program = program_with("gateways:manage")

    statuses = [
        program.post(path, NEW).status_code for path in ("/workspaces", "/workspace/sandbox")
    ]

    assert (statuses, Workspace.objects.count()) == ([403, 403], 1)


def test_a_workspace_becomes_one_once_its_real_gateways_are_gone(program: Program) -> None:
    real = make_gateway(workspace=program.workspace, provider="smpp", name="Orange")

    refused = program.post("/workspace/sandbox")
    Gateway.objects.filter(id=real.id).update(state="retired")
    begun = program.post("/workspace/sandbox")

    assert (refused.status_code, begun.status_code) == (409, 200)
    assert "Orange" in refused.json()["detail"]
    assert begun.json()["is_sandbox"] is True
    assert program.get("/workspace").json()["is_sandbox"] is True


@pytest.mark.parametrize("kind", ["smpp", "simulator_http"])
def test_a_real_carrier_is_refused_with_field_and_mend(sandboxed: Program, kind: str) -> None:
    settings = SMPP["settings"] if kind == "smpp" else {"api_key": "key"}

    answer = sandboxed.post("/gateways", SMPP | {"provider": kind, "settings": settings})

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"], Gateway.objects.count()) == (422, "provider", 0)
    assert error["mend"].startswith("Use simulator here.")
    assert [each["kind"] for each in sandboxed.get("/gateways/kinds").json()] == ["simulator"]


def test_the_simulator_is_not_moved_to_another_host(sandboxed: Program) -> None:
    gateway = make_gateway(workspace=sandboxed.workspace)

    answer = sandboxed.send("patch", f"/gateways/{gateway.id}", {"settings": {"host": "10.0.0.7"}})

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (422, "settings.host")
    gateway.refresh_from_db()
    assert gateway.settings == {}


def test_every_answer_says_so_refusals_and_other_vendors_doors_too(
    sandboxed: Program, program: Program
) -> None:
    account = f"AC{sandboxed.workspace.id:032x}"
    twilio = f"/2010-04-01/Accounts/{account}/Messages.json"
    kannel = {"user": sandboxed.key.prefix, "password": sandboxed.secret, "text": "Hi"}
    answers = [
        sandboxed.get("/workspace"),
        sandboxed.get("/contacts/999999"),
        sandboxed.post("/messages", {}),
        sandboxed.client.post(twilio, {}, **basic(account, sandboxed.secret)),
        sandboxed.client.get("/cgi-bin/sendsms", kannel),
        sandboxed.client.post(
            "/segment/v1/track", {}, "application/json", **basic(sandboxed.secret, "")
        ),
    ]

    assert [answer.headers.get("Textwell-Sandbox") for answer in answers] == ["true"] * 6
    assert "Textwell-Sandbox" not in program.get("/workspace").headers


def test_a_failed_answer_does_not_make_the_live_one_a_sandboxs(program: Program) -> None:
    stranger = program.client.get("/api/v1/workspace", HTTP_AUTHORIZATION="Bearer tw_a_b")

    assert (stranger.status_code, "Textwell-Sandbox" in stranger.headers) == (401, False)
