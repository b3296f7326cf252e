"""The registry of senders through the API, and what it does to a message."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from api.conftest import Program
from builders import make_contact, make_gateway
from textwell.messaging.models import Message

pytestmark = pytest.mark.django_db

BAKERY = {"value": "BAKERY", "kind": "alphanumeric", "country": "VN", "purpose": "marketing"}
MORNING = "2026-11-24T03:00:00Z"  # ten o'clock in Hanoi


def test_an_unregistered_sender_is_refused_with_what_is_missing(program: Program) -> None:
    make_gateway(workspace=program.workspace, provider="smpp")
    make_contact(workspace=program.workspace, msisdn="+84901234567", country="VN")
    message = {"to": "+84901234567", "body": "[QC] Sale"}
    with time_machine.travel(MORNING, tick=False):
        refused = program.send("post", "/messages", message)
        made = program.send("post", "/registrations", BAKERY | {"state": "submitted"}).json()
        still = program.send("post", "/messages", message)
        program.send("patch", f"/registrations/{made['id']}", {"state": "approved"})
        unknown = program.send("post", "/messages", message)
        words = {"name": "Sale", "text": "[QC] Green Bakery: Sale\nTu choi: {1}"}
        path = f"/registrations/{made['id']}/templates"
        program.send("post", path, words | {"state": "approved"})
        other = program.send("post", "/messages", message | {"body": "[QC] Green Bakery: Salt"})
        taken = program.send("post", "/messages", message | {"body": "[QC] Green Bakery: Sale"})
        care = program.send("post", "/messages", message | {"purpose": "care"})

    statuses = [each.status_code for each in (refused, still, unknown, other, taken, care)]
    assert statuses == [422, 422, 422, 422, 202, 422]
    assert other.json()["reason"] == unknown.json()["reason"] == "template_unregistered"
    assert "No template of “BAKERY” is approved in VN for marketing." in unknown.json()["mend"]
    assert "it has “e\nTu choi: ” where “t\nTu choi: " in other.json()["mend"]
    assert refused.json()["reason"] == "sender_unregistered"
    assert "“BAKERY” is not registered in VN for marketing." in refused.json()["mend"]
    assert Message.objects.count() == 1


def test_a_staff_text_goes_from_a_plain_number_and_an_advert_does_not(program: Program) -> None:
    gateway = make_gateway(workspace=program.workspace, provider="smpp", sender=None)
    sender = {"value": "+84901111111", "kind": "modem"}
    program.send("post", f"/gateways/{gateway.id}/senders", sender)
    make_contact(workspace=program.workspace, msisdn="+84901234567", country="VN")
    message = {"to": "+84901234567", "body": "Shift at 8"}
    with time_machine.travel(MORNING, tick=False):
        advert = program.send("post", "/messages", message)
        staff = program.send("post", "/messages", message | {"purpose": "care"})

    assert (advert.status_code, advert.json()["reason"]) == (422, "sender_not_allowed")
    assert staff.status_code == 202


def test_a_registration_is_read_changed_and_forgotten(program: Program) -> None:
    made = program.send("post", "/registrations", BAKERY | {"expires_on": "2020-01-01"})
    path = f"/registrations/{made.json()['id']}"
    program.send("patch", path, {"state": "approved"})

    assert program.get(path).json()["state"] == "expired"
    assert program.send("patch", path, {"expires_on": None}).json()["state"] == "approved"
    assert [each["value"] for each in program.get("/registrations").json()["items"]] == ["BAKERY"]
    assert program.send("post", "/registrations", BAKERY).status_code == 409
    assert program.send("delete", path, {}).status_code == 204
    assert program.get(path).status_code == 404


def test_a_template_is_put_down_changed_and_forgotten(program: Program) -> None:
    made = program.send("post", "/registrations", BAKERY | {"country": "IN"}).json()
    path = f"/registrations/{made['id']}/templates"
    words = {"name": "Sale", "text": "Hi {#var#}", "expires_on": "2020-01-01"}
    template = program.send("post", path, words).json()
    own = f"{path}/{template['id']}"

    assert (template["longest"], template["state"]) == (30, "draft")  # as India's rules have it
    assert program.send("patch", own, {"state": "approved"}).json()["state"] == "expired"
    assert program.send("patch", own, {"expires_on": None}).json()["state"] == "approved"
    assert program.send("post", path, words).status_code == 409
    (shown,) = program.get(f"/registrations/{made['id']}").json()["templates"]
    assert (shown["text"], shown["reference"]) == ("Hi {#var#}", "")
    assert program.send("delete", own, {}).status_code == 204
    assert program.send("delete", own, {}).status_code == 404


def test_a_paper_comes_back_as_it_was_given(program: Program) -> None:
    made = program.send("post", "/registrations", BAKERY).json()
    path = f"/api/v1/registrations/{made['id']}/documents"
    file = SimpleUploadedFile("letter.pdf", b"%PDF-1.7 letter")
    kept = program.client.post(path, {"file": file}, **program.headers()).json()
    answer = program.client.get(f"{path}/{kept['id']}", **program.headers())

    assert answer.content == b"%PDF-1.7 letter"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == f'attachment; filename="document-{kept["id"]}"'
