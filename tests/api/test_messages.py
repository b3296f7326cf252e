"""Single messages: what the gate lets through is recorded once, what it refuses is not."""

from datetime import timedelta

import pytest

from api.conftest import Program
from builders import make_contact, make_gateway
from textwell.accounts.models import Workspace
from textwell.consent.models import ConsentEvent, Suppression
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.settings import load_settings
from textwell.gateways.models import Gateway
from textwell.links.models import LinkRange
from textwell.links.tokens import make_token
from textwell.messaging.models import Batch, DeliveryReport, Message

pytestmark = pytest.mark.django_db

YES = {"source": "checkout", "wording": "Yes, text me.", "given_at": "2026-01-15T09:30:00Z"}


@pytest.fixture(autouse=True)
def gateway(workspace: Workspace) -> Gateway:
    return make_gateway(workspace=workspace)


def test_a_message_to_someone_with_consent_is_taken(program: Program, gateway: Gateway) -> None:
    contact = make_contact(workspace=program.workspace)

    answer = program.post("/messages", {"to": contact.msisdn, "body": "Bread is ready."})

    assert answer.status_code == 202
    message = Message.objects.get()
    assert answer.json() == {
        "id": message.id,
        "contact_id": contact.id,
        "to": contact.msisdn,
        "state": "planned",
        "gateway_id": gateway.id,
        "sender": "BAKERY",
        "lane": "bulk",
        "encoding": "gsm7",
        "segment_count": 1,
        "due_at": None,
        "adds": [],
    }
    assert answer["Location"] == f"/api/v1/messages/{message.id}"
    assert Batch.objects.get().body == "Bread is ready."


@pytest.mark.parametrize(
    ("has_consent", "reason"), [(False, "no_consent"), (True, "opted_out"), (True, "suppressed")]
)
def test_what_the_gate_refuses_is_answered_with_its_reason(
    program: Program, has_consent: bool, reason: str
) -> None:
    contact = make_contact(workspace=program.workspace, has_consent=has_consent)
    if has_consent:
        why = "opted_out" if reason == "opted_out" else "complaint"
        Suppression.objects.create(
            workspace_id=program.workspace.id, msisdn=contact.msisdn, reason=why
        )

    answer = program.post("/messages", {"to": contact.msisdn, "body": "Bread."})

    assert answer.status_code == 422
    problem = answer.json()
    assert problem["type"] == "urn:textwell:problem:refused_by_gate"
    assert problem["reason"] == reason
    assert problem["mend"]
    assert not Message.objects.exists()


def test_a_new_number_with_evidence_becomes_a_contact_with_consent(program: Program) -> None:
    answer = program.post(
        "/messages", {"to": "06 12 34 56 78", "region": "FR", "body": "Hi.", "consent": YES}
    )

    assert answer.status_code == 202
    contact = Contact.objects.get()
    assert (contact.msisdn, contact.country) == ("+33612345678", "FR")
    event = ConsentEvent.objects.get()
    assert (event.wording, event.actor) == ("Yes, text me.", f"key:{program.key.id}")


def test_a_new_number_without_evidence_leaves_no_trace(program: Program) -> None:
    answer = program.post("/messages", {"to": "+33612345678", "body": "Hi."})

    assert answer.json()["reason"] == "no_consent"
    assert not Contact.objects.exists()


def test_consent_given_with_a_refused_message_is_not_recorded(program: Program) -> None:
    Suppression.objects.create(
        workspace_id=program.workspace.id, msisdn="+33612345678", reason="complaint"
    )

    answer = program.post("/messages", {"to": "+33612345678", "body": "Hi.", "consent": YES})

    assert answer.json()["reason"] == "suppressed"
    assert not ConsentEvent.objects.exists()


@pytest.mark.parametrize(("purpose", "lane"), [("transactional", "care"), ("otp", "urgent")])
def test_a_text_that_needs_no_consent_goes_to_anybody(
    program: Program, purpose: str, lane: str
) -> None:
    answer = program.post("/messages", {"to": "+33612345678", "body": "1234", "purpose": purpose})

    assert (answer.status_code, answer.json()["lane"]) == (202, lane)


def test_marketing_never_takes_the_urgent_lane(program: Program) -> None:
    contact = make_contact(workspace=program.workspace)

    answer = program.post("/messages", {"to": contact.msisdn, "body": "Sale!", "lane": "urgent"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "lane"


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("to", {"to": "12"}),
        ("body", {"body": ""}),
        ("body", {"body": "ж" * 700}),
        ("gateway_id", {"gateway_id": 999_999}),
        ("sender", {"sender": "NOBODY"}),
        ("purpose", {"purpose": "spam"}),
        ("expires_at", {"expires_at": "2026-01-01T00:00:00"}),
        ("colour", {"colour": "red"}),
    ],
)
def test_bad_input_is_refused_by_field_with_a_mend(
    program: Program, field: str, given: dict[str, object]
) -> None:
    contact = make_contact(workspace=program.workspace)

    answer = program.post("/messages", {"to": contact.msisdn, "body": "Hi.", **given})

    assert answer.status_code == 422, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == field
    assert not Message.objects.exists()


def test_a_message_that_expired_already_is_refused(program: Program) -> None:
    contact = make_contact(workspace=program.workspace)
    past = (now() - timedelta(minutes=1)).isoformat()

    answer = program.post("/messages", {"to": contact.msisdn, "body": "Hi.", "expires_at": past})

    assert answer.json()["reason"] == "expired"


def test_the_sender_of_the_country_comes_before_the_one_for_all(
    program: Program, gateway: Gateway
) -> None:
    gateway.senders.create(
        workspace_id=program.workspace.id, value="33700", kind="short_code", country="FR"
    )
    contact = make_contact(workspace=program.workspace)

    answer = program.post("/messages", {"to": contact.msisdn, "body": "Hi."})

    assert answer.json()["sender"] == "33700"


def test_a_paused_gateway_is_not_chosen_by_itself(program: Program, gateway: Gateway) -> None:
    Gateway.objects.filter(id=gateway.id).update(state="paused")
    contact = make_contact(workspace=program.workspace)

    answer = program.post("/messages", {"to": contact.msisdn, "body": "Hi."})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "gateway_id"


@pytest.mark.parametrize("body", ["{", "[1, 2"])
def test_broken_json_is_a_malformed_request(program: Program, body: str) -> None:
    answer = program.post("/messages", body)

    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:textwell:problem:malformed"


def test_a_message_is_shown_with_its_timeline(program: Program) -> None:
    contact = make_contact(workspace=program.workspace)
    made = program.post("/messages", {"to": contact.msisdn, "body": "Hi."}).json()

    shown = program.get(f"/messages/{made['id']}").json()

    assert (shown["to"], shown["state"], shown["lane"]) == (contact.msisdn, "planned", "bulk")
    assert [entry["kind"] for entry in shown["timeline"]] == ["planned"]


def test_a_list_tells_of_a_message_what_its_own_page_tells(program: Program) -> None:
    contact = make_contact(workspace=program.workspace)
    made = program.post("/messages", {"to": contact.msisdn, "body": "Hi."}).json()

    shown = program.get(f"/messages/{made['id']}").json()
    [listed] = program.get("/messages", contact_id=contact.id).json()["items"]

    del shown["timeline"]
    assert listed == shown
    assert listed["gateway_id"] is not None


def test_a_receipt_stands_after_what_happened_in_its_second(program: Program) -> None:
    contact = make_contact(workspace=program.workspace)
    message_id = program.post("/messages", {"to": contact.msisdn, "body": "Hi."}).json()["id"]
    planned = Message.objects.get(id=message_id).planned_at
    DeliveryReport.objects.create(
        message_id=message_id,
        gateway_id=1,
        provider_message_id="7",
        provider_key=7,
        state="delivered",
        received_at=planned.replace(microsecond=0),  # as receipts are kept
    )

    shown = program.get(f"/messages/{message_id}").json()

    assert [entry["kind"] for entry in shown["timeline"]] == ["planned", "receipt"]


def test_messages_are_listed_in_pages(program: Program) -> None:
    contact = make_contact(workspace=program.workspace)
    made = [
        program.post("/messages", {"to": contact.msisdn, "body": f"{n}"}).json()["id"]
        for n in range(3)
    ]

    first = program.get("/messages", contact_id=contact.id, limit=2).json()
    rest = program.get("/messages", contact_id=contact.id, limit=2, after=first["next"]).json()

    assert [row["id"] for row in first["items"]] == made[:2]
    assert [row["id"] for row in rest["items"]] == made[2:]
    assert rest["next"] is None


def test_a_cursor_that_is_none_is_refused(program: Program) -> None:
    answer = program.get("/messages", after="later")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "after"


def test_links_of_a_single_message_are_short_personal_and_measured_as_they_are_sent(
    program: Program,
) -> None:
    contact = make_contact(workspace=program.workspace)
    links = ["https://bakery.example/menu", "https://bakery.example/map"]

    answer = program.post(
        "/messages",
        {"to": contact.msisdn, "body": "Bread {{ link }} and way {{ link_2 }}", "links": links},
    )

    assert answer.status_code == 202
    key, message_id = bytes(program.workspace.link_key), answer.json()["id"]
    first, second = (make_token(key, message_id, number) for number in (1, 2))
    url = load_settings().link_url
    assert Batch.objects.get().body == f"Bread {url}/{first} and way {url}/{second}"
    assert LinkRange.objects.get().targets == links


def test_a_link_without_a_place_in_the_body_is_refused(program: Program) -> None:
    contact = make_contact(workspace=program.workspace)

    answer = program.post(
        "/messages",
        {"to": contact.msisdn, "body": "Bread", "links": ["https://bakery.example/"]},
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "links.0"
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("body", "place", "mend"),
    [
        ("Hi {{ first_name }}!", "{{ first_name }}", "Put the value there yourself"),
        ("Hi {% if city %}you{% endif %}", "{% if city %}", "Put the value there yourself"),
        ("Hi {{first_name", "{{", "Put the value there yourself"),
        ("See {{ link }}", "{{ link }}", "Give its address in `links`"),
        ("See {{ link_2 }}", "{{ link_2 }}", "Give its address in `links`"),
    ],
)
def test_a_field_in_a_single_text_is_refused_with_what_mends_it(
    program: Program, body: str, place: str, mend: str
) -> None:
    contact = make_contact(workspace=program.workspace)

    answer = program.post("/messages", {"to": contact.msisdn, "body": body})

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (422, "body")
    assert error["problem"] == f"holds “{place}”, which nothing fills in"
    assert error["mend"].startswith(mend)
    assert not Message.objects.exists()


def test_braces_that_are_no_field_are_sent_as_they_stand(program: Program) -> None:
    contact = make_contact(workspace=program.workspace)
    body = "Code {7} :-} 20 % }} {a: {b}}"

    answer = program.post("/messages", {"to": contact.msisdn, "body": body})

    assert answer.status_code == 202
    assert Batch.objects.get().body == body


def test_a_link_with_an_address_may_stand_twice_and_one_without_is_refused(
    program: Program,
) -> None:
    contact = make_contact(workspace=program.workspace)
    links = ["https://bakery.example/"]

    twice = {"to": contact.msisdn, "body": "{{ link }} or {{ link }}", "links": links}
    other = {"to": contact.msisdn, "body": "{{ link }} or {{ link_2 }}", "links": links}

    assert program.post("/messages", twice).status_code == 202
    assert program.post("/messages", other).json()["errors"][0]["field"] == "body"
