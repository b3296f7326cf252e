"""Sandboxes in the pages: made, begun, seen on every page, and closed to real carriers."""

from collections.abc import Callable

import pytest
from django.test import Client

from builders import make_gateway, make_member
from textwell.accounts.models import AuditEntry, Role, User, Workspace
from textwell.gateways.models import Gateway
from web.test_gateways import FORM

pytestmark = pytest.mark.django_db

BAND = 'class="stopped-banner sandbox-band"'
BRAND = {
    "brand": "Shop (test)",
    "country": "FR",
    "currency": "EUR",
    "zone": "UTC",
    "language": "en",
}
PAGES = (
    "/", "/campaigns/", "/contacts/", "/inbox/", "/gateways/", "/settings/", "/settings/keys/",
    "/settings/webhooks/", "/settings/security",
)  # fmt: skip


@pytest.fixture
def sandbox(workspace: Workspace) -> Workspace:
    workspace.is_sandbox = True
    workspace.save()
    return workspace


def test_a_sandbox_is_made_with_a_carrier_and_shown_on_its_pages(
    owner_client: Client, owner: User
) -> None:
    before = owner_client.get("/").content.decode()

    answer = owner_client.post("/settings/workspaces/new", BRAND | {"is_sandbox": "on"})

    made = Workspace.objects.get(name="Shop (test)")
    assert (answer.status_code, made.is_sandbox) == (302, True)
    assert made.memberships.get().user == owner
    assert Gateway.objects.get(workspace_id=made.id).provider == "simulator"
    assert (BAND in before, BAND in owner_client.get("/").content.decode()) == (False, True)


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_it(owner_client: Client, path: str) -> None:
    assert BAND in owner_client.get(path, follow=True).content.decode()


def test_a_workspace_with_a_real_carrier_does_not_become_one(
    owner_client: Client, workspace: Workspace
) -> None:
    make_gateway(workspace=workspace, provider="smpp", name="Orange")

    page = owner_client.post("/settings/sandbox", follow=True).content.decode()

    workspace.refresh_from_db()
    assert workspace.is_sandbox is False
    assert "These gateways lead to real carriers: Orange. Remove them first." in page


def test_a_workspace_becomes_one_and_the_way_back_is_not_offered(
    owner_client: Client, owner: User, workspace: Workspace
) -> None:
    assert "Make it a sandbox" in owner_client.get("/settings/").content.decode()

    page = owner_client.post("/settings/sandbox", follow=True).content.decode()

    workspace.refresh_from_db()
    assert workspace.is_sandbox is True
    assert AuditEntry.objects.get(action="workspace.sandboxed").actor == f"user:{owner.id}"
    assert ("Make it a sandbox" in page, "A sandbox never becomes live" in page) == (False, True)


def test_a_marketer_makes_none(client_of: Callable[[User], Client], workspace: Workspace) -> None:
    answer = client_of(make_member(workspace=workspace, role=Role.MARKETER)).post(
        "/settings/sandbox"
    )

    workspace.refresh_from_db()
    assert (answer.status_code, workspace.is_sandbox) == (403, False)


@pytest.mark.usefixtures("sandbox")
def test_a_real_carrier_is_not_offered_and_refused_with_what_was_typed(
    owner_client: Client,
) -> None:
    choices = owner_client.get("/gateways/new").content.decode()

    answer = owner_client.post("/gateways/new/smpp", FORM)

    page = answer.content.decode()
    assert ("/gateways/new/simulator" in choices, "/gateways/new/smpp" in choices) == (True, False)
    assert (answer.status_code, Gateway.objects.count()) == (422, 0)
    assert "leads to a real carrier, and this is a sandbox. Use simulator here." in page
    assert 'value="smsc.example"' in page


def test_the_simulator_is_not_moved(owner_client: Client, sandbox: Workspace) -> None:
    gateway = make_gateway(workspace=sandbox)

    answer = owner_client.post(f"/gateways/{gateway.id}/", FORM | {"setting_tls": ""})

    gateway.refresh_from_db()
    assert (answer.status_code, gateway.settings) == (422, {})
    assert b"leads out of the sandbox. Use 127.0.0.1, the carrier in the box." in answer.content


def test_a_real_one_that_is_there_is_not_resumed(owner_client: Client, sandbox: Workspace) -> None:
    gateway = make_gateway(workspace=sandbox, provider="smpp", state="paused")

    page = owner_client.post(f"/gateways/{gateway.id}/resume", follow=True).content.decode()

    gateway.refresh_from_db()
    assert gateway.state == "paused"
    assert "leads to a real carrier, and this is a sandbox." in page
