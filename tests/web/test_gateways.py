"""The form of a gateway: certificates by text or file, keys that are never shown again."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from builders import make_gateway
from certificates import Authority
from textwell.accounts.models import AuditEntry, Workspace
from textwell.core.seal import is_sealed
from textwell.gateways.models import Gateway
from textwell.gateways.selectors import load_gateway_spec
from textwell.messaging.models import Tally

pytestmark = pytest.mark.django_db

CA = Authority()
OURS = CA.issue("client.example")
WHOLE_TEXT = "Paste the whole text from BEGIN CERTIFICATE to END CERTIFICATE."
FORM = {
    "name": "Main", "segments_per_second": "10", "window": "10", "price": "0", "currency": "EUR",
    "setting_host": "smsc.example", "setting_port": "3550", "setting_system_id": "me",
    "setting_bind": "trx", "setting_interface_version": "3.4", "setting_source_ton": "-1",
    "setting_source_npi": "-1", "setting_dest_ton": "1", "setting_dest_npi": "1",
    "setting_data_coding": "0", "setting_long_messages": "udh8", "setting_id_format": "exact",
    "setting_receipt_offset_min": "0", "setting_enquire_link_s": "30",
    "setting_response_timeout_s": "30", "setting_tls": "on", "setting_tls_verify": "on",
}  # fmt: skip
WITH_CLIENT = FORM | {
    "setting_tls_ca": CA.certificate,
    "setting_tls_client_certificate": OURS.certificate,
    "setting_tls_client_key": OURS.key,
}


def add(client: Client, **given: Any) -> Gateway:
    answer = client.post("/gateways/new/smpp", WITH_CLIENT | given)
    assert answer.status_code == 302
    return Gateway.objects.get(name="Main")


def test_a_key_is_sealed_and_never_shown_again(owner_client: Client, workspace: Workspace) -> None:
    gateway = add(owner_client)

    page = owner_client.get(f"/gateways/{gateway.id}/").content.decode()
    assert is_sealed(gateway.settings["tls_client_key"])
    assert "BEGIN CERTIFICATE" in page
    assert "PRIVATE KEY" not in page
    audit = AuditEntry.objects.filter(workspace_id=workspace.id, action="gateway.created")
    assert "PRIVATE KEY" not in str(audit.get().data)


def test_a_key_that_is_left_empty_stays(owner_client: Client, workspace: Workspace) -> None:
    gateway = add(owner_client)

    owner_client.post(f"/gateways/{gateway.id}/", WITH_CLIENT | {"setting_tls_client_key": ""})
    assert load_gateway_spec(gateway.id).settings["tls_client_key"] == OURS.key.strip()


def test_a_key_goes_with_its_certificate(owner_client: Client, workspace: Workspace) -> None:
    gateway = add(owner_client)

    answer = owner_client.post(f"/gateways/{gateway.id}/", FORM)
    settings = load_gateway_spec(gateway.id).settings
    assert answer.status_code == 302
    assert (settings["tls_client_certificate"], settings["tls_client_key"]) == ("", "")


def test_a_certificate_may_come_from_a_file(owner_client: Client, workspace: Workspace) -> None:
    file = SimpleUploadedFile("ca.pem", CA.certificate.encode())
    gateway = add(owner_client, setting_tls_ca="", setting_tls_ca_file=file)

    assert gateway.settings["tls_ca"] == CA.certificate.strip()


def test_bad_pem_names_its_field_saves_nothing_and_gives_no_key_back(
    owner_client: Client, workspace: Workspace
) -> None:
    answer = owner_client.post("/gateways/new/smpp", WITH_CLIENT | {"setting_tls_ca": "nonsense"})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "setting_tls_ca": [f"is no certificate in PEM form. {WHOLE_TEXT}"]
    }
    assert "PRIVATE KEY-----" not in answer.content.decode()
    assert not Gateway.objects.exists()


@pytest.mark.parametrize("path", ["/gateways/", "/gateways/{id}/"])
def test_what_a_gateway_should_not_say_is_cautioned_wherever_it_stands(
    path: str, owner_client: Client, workspace: Workspace
) -> None:
    unchecked = {"host": "smsc.example", "tls": True, "tls_verify": False, "data_coding": 4}
    gateway = make_gateway(workspace=workspace, settings=unchecked)

    page = owner_client.get(path.format(id=gateway.id)).content.decode()
    assert "certificate is not checked" in page
    assert "Data coding 4 does not mean the GSM alphabet, so plain texts go with 0." in page


def test_what_may_be_left_out_is_marked(owner_client: Client, workspace: Workspace) -> None:
    page = owner_client.get("/gateways/new/smpp").content.decode()

    assert 'CA certificate <span class="optional">optional</span>' in page
    assert '<label for="id_setting_host">Host</label>' in page


def test_a_new_gateway_is_priced_in_the_workspaces_currency(
    owner_client: Client, workspace: Workspace
) -> None:
    Workspace.objects.filter(id=workspace.id).update(currency="VND")

    page = owner_client.get("/gateways/new/smpp")

    assert page.context["form"]["currency"].value() == "VND"


def test_a_sender_has_a_rate_of_its_own_until_it_is_taken_away(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = make_gateway(workspace=workspace, sender=None)
    page = f"/gateways/{gateway.id}/"
    given = {"part": "sender", "value": "BAKERY", "kind": "alphanumeric"}
    shown = owner_client.post(page, given | {"segments_per_second": "2.5"}, follow=True)
    sender = gateway.senders.get()
    rates = [sender.segments_per_second]
    for rate in ("nonsense", "0,5", ""):
        change = {"part": "sender", "sender_id": sender.id, "segments_per_second": rate}
        owner_client.post(page, change)
        sender.refresh_from_db()
        rates.append(sender.segments_per_second)

    assert 'value="2.5"' in shown.content.decode()
    assert rates == [2.5, 2.5, 0.5, None]
    assert AuditEntry.objects.filter(action="sender.changed").count() == 2


def test_a_gateway_is_removed_and_brought_back_by_the_page(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = make_gateway(workspace=workspace, name="Old carrier", state="paused")
    Tally.objects.create(campaign_id=-gateway.id, state="delivered", reason="", message_count=1)
    path = f"/gateways/{gateway.id}/"

    assert 'id="remove"' in owner_client.get(path).content.decode()
    owner_client.post(f"{path}remove")

    assert "Old carrier" not in owner_client.get("/gateways/").content.decode()
    assert "Old carrier" in owner_client.get("/gateways/?retired=1").content.decode()
    assert "This gateway is retired." in owner_client.get(path).content.decode()
    owner_client.post(f"{path}restore")
    assert Gateway.objects.get().state == "paused"


def test_a_gateway_that_was_never_used_is_deleted_but_not_while_it_is_active(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = make_gateway(workspace=workspace)

    owner_client.post(f"/gateways/{gateway.id}/remove")
    assert Gateway.objects.get().state == "active"
    owner_client.post(f"/gateways/{gateway.id}/pause")
    owner_client.post(f"/gateways/{gateway.id}/remove")

    assert not Gateway.objects.exists()
