"""The pages of webhooks."""

from django.test import Client

from textwell.accounts.models import AuditEntry, Workspace
from textwell.webhooks.actions import create_endpoint, send_test_event
from textwell.webhooks.models import Delivery, Endpoint

FORM = {"name": "Shop", "url": "https://example.com/hook", "kinds": ["message.delivered"]}


def make(workspace: Workspace) -> Endpoint:
    return create_endpoint(
        workspace_id=workspace.id, url=FORM["url"], kinds=FORM["kinds"], actor="test"
    )[0]  # type: ignore[arg-type]  # the form's values


def test_the_secret_is_shown_once(owner_client: Client) -> None:
    made = owner_client.post("/settings/webhooks/", FORM)

    first = owner_client.get(made.headers["Location"]).content.decode()
    second = owner_client.get(made.headers["Location"]).content.decode()

    assert (made.status_code, "whsec_" in first, "whsec_" in second) == (302, True, False)
    assert AuditEntry.objects.filter(action="webhooks.created").count() == 1


def test_a_wrong_address_keeps_what_was_typed(owner_client: Client) -> None:
    answer = owner_client.post("/settings/webhooks/", FORM | {"url": "http://10.0.0.1/x"})

    page = answer.content.decode()
    assert (answer.status_code, Endpoint.objects.count()) == (422, 0)
    assert "leads to a private address" in page
    assert "http://10.0.0.1/x" in page


def test_a_delivery_is_seen_and_sent_again(workspace: Workspace, owner_client: Client) -> None:
    endpoint = make(workspace)
    send_test_event(endpoint=endpoint, actor="test")
    Delivery.objects.update(
        state="failed", attempt_count=10, last_error="HTTP 500 oh", next_at=None
    )
    page = owner_client.get(f"/settings/webhooks/{endpoint.id}/?state=failed").content.decode()
    delivery = Delivery.objects.get()

    owner_client.post(f"/settings/webhooks/{endpoint.id}/deliveries/{delivery.id}")

    delivery.refresh_from_db()
    assert "HTTP 500 oh" in page
    assert (delivery.state, delivery.attempt_count) == ("waiting", 0)


def test_each_button_does_its_one_thing(workspace: Workspace, owner_client: Client) -> None:
    endpoint = make(workspace)
    address = f"/settings/webhooks/{endpoint.id}/"
    secret = endpoint.secret

    owner_client.post(address + "test")
    owner_client.post(address + "stop")
    owner_client.post(address + "secret")
    owner_client.post(address + "nonsense")

    endpoint.refresh_from_db()
    assert Delivery.objects.count() == 1
    assert (endpoint.is_active, endpoint.old_secret) == (False, secret)
    owner_client.post(address + "start")
    owner_client.post(address + "delete")
    endpoint.refresh_from_db()
    assert endpoint.deleted_at is not None
    assert owner_client.get(address).status_code == 404
