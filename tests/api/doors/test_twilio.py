"""The official client of Twilio, unchanged, against a real server of ours."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from api.conftest import Program
from api.doors.conftest import Heard, tell_outcome
from api.doors.twilio_client import OurHost, close_sessions
from builders import make_contact
from textwell.accounts.models import AuditEntry
from textwell.api.doors.twilio.sids import make_sid, read_sid
from textwell.consent.models import Suppression
from textwell.core.clock import now
from textwell.gateways.models import Gateway
from textwell.messaging.models import Batch, Message

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bus")]


@pytest.fixture
def client(program: Program, gateway: Gateway, server: str) -> Iterator[Client]:
    http = OurHost(server)
    client = Client(make_sid("AC", program.workspace.id), program.secret, http_client=http)
    yield client
    close_sessions({"client": client})


def test_a_text_is_sent_and_fetched(client: Client, program: Program, gateway: Gateway) -> None:
    contact = make_contact(workspace=program.workspace)

    made = client.messages.create(to=contact.msisdn, from_="BAKERY", body="Bread is ready.")

    message = Message.objects.get()
    assert made.sid == f"SM{message.id:032x}"
    fetched = client.messages(made.sid).fetch()
    assert (fetched.status, fetched.to, fetched.from_) == ("queued", contact.msisdn, "BAKERY")
    assert (fetched.body, fetched.num_segments) == ("Bread is ready.", "1")
    assert (fetched.price, fetched.price_unit) == (None, gateway.currency)
    assert fetched.messaging_service_sid == make_sid("MG", gateway.id)
    assert fetched.account_sid == client.account_sid
    assert fetched.date_created == message.planned_at.replace(microsecond=0)
    assert Batch.objects.get().extra["actor"] == f"key:{program.key.id}"


def test_braces_are_sent_as_they_stand(client: Client, program: Program, gateway: Gateway) -> None:
    to, body = make_contact(workspace=program.workspace).msisdn, "Hi {{ first_name }} {{ link }}"

    made = client.messages.create(to=to, from_=gateway.senders.get().value, body=body)

    assert (client.messages(made.sid).fetch().body, Batch.objects.get().body) == (body, body)


def test_an_api_key_with_its_secret_is_let_in_and_the_account_is_shown(
    program: Program, server: str
) -> None:
    http = OurHost(server)
    account = make_sid("AC", program.workspace.id)
    client = Client(make_sid("SK", program.key.id), program.secret, account, http_client=http)

    shown = client.api.accounts(account).fetch()

    assert (shown.sid, shown.friendly_name, shown.status) == (account, "Green Bakery", "active")
    close_sessions({"client": client})


def test_fates_are_told_and_signed_as_twilio_does(
    client: Client, program: Program, heard: Heard
) -> None:
    contact = make_contact(workspace=program.workspace)
    url = f"{heard.url}/status?order=7"
    made = client.messages.create(
        to=contact.msisdn, from_="BAKERY", body="Bread.", status_callback=url
    )

    tell_outcome(read_sid("SM", made.sid or "") or 0)

    [(method, path, headers, body)] = heard.calls
    fields = dict(parse_qsl(body.decode()))
    assert (method, path) == ("POST", "/status?order=7")
    assert (fields["MessageSid"], fields["MessageStatus"]) == (made.sid, "sent")
    assert fields["AccountSid"] == client.account_sid
    signature = headers["x-twilio-signature"]
    assert RequestValidator(program.secret).validate(url, fields, signature)
    assert not RequestValidator("another").validate(url, fields, signature)


def test_a_service_is_a_gateway(client: Client, program: Program, gateway: Gateway) -> None:
    contact = make_contact(workspace=program.workspace)
    service = make_sid("MG", gateway.id)

    made = client.messages.create(to=contact.msisdn, messaging_service_sid=service, body="Bread.")

    assert (made.messaging_service_sid, made.from_) == (service, "BAKERY")


def test_a_scheduled_text_is_canceled_and_then_stays_so(client: Client, program: Program) -> None:
    contact = make_contact(workspace=program.workspace)
    made = client.messages.create(
        to=contact.msisdn,
        from_="BAKERY",
        body="Bread.",
        schedule_type="fixed",
        send_at=datetime.now(UTC) + timedelta(hours=2),
    )

    canceled = client.messages(made.sid).update(status="canceled")

    assert (made.status, canceled.status) == ("scheduled", "canceled")
    assert AuditEntry.objects.get(action="messages.canceled").actor == f"key:{program.key.id}"


def test_what_may_have_left_is_not_canceled(client: Client, program: Program) -> None:
    contact = make_contact(workspace=program.workspace)
    made = client.messages.create(to=contact.msisdn, from_="BAKERY", body="Bread.")
    Batch.objects.update(marked_id=Message.objects.get().id)

    with pytest.raises(TwilioRestException) as refused:
        client.messages(made.sid).update(status="canceled")

    assert (refused.value.code, refused.value.status) == (30409, 409)


def test_nothing_is_deleted_or_redacted(client: Client, program: Program) -> None:
    contact = make_contact(workspace=program.workspace)
    made = client.messages.create(to=contact.msisdn, from_="BAKERY", body="Bread.")

    with pytest.raises(TwilioRestException) as redacted:
        client.messages(made.sid).update(body="")
    with pytest.raises(TwilioRestException) as deleted:
        client.messages(made.sid).delete()

    assert (redacted.value.code, deleted.value.code) == (30400, 20004)
    assert client.messages(made.sid).fetch().body == "Bread."


def test_pages_go_both_ways_newest_first(client: Client, program: Program) -> None:
    contact = make_contact(workspace=program.workspace)
    bodies = [f"Bread {number}." for number in range(5)]
    for body in bodies:
        client.messages.create(to=contact.msisdn, from_="BAKERY", body=body)

    listed = client.messages.list(page_size=2)
    first = client.messages.page(page_size=2)
    second = first.next_page()
    assert second is not None
    again = second.previous_page()

    assert [each.body for each in listed] == bodies[::-1]
    assert again is not None
    assert [each.body for each in again] == ["Bread 4.", "Bread 3."]
    assert first.previous_page() is None


def test_the_list_is_filtered_by_number_sender_and_day(client: Client, program: Program) -> None:
    people = [make_contact(workspace=program.workspace) for _each in range(2)]
    for contact in people:
        client.messages.create(to=contact.msisdn, from_="BAKERY", body="Bread.")
    Message.objects.filter(contact_id=people[0].id).update(state="submitted", handed_at=now())
    today = now()

    found = [
        client.messages.list(to=people[1].msisdn),
        client.messages.list(to="+12"),
        client.messages.list(from_="OTHER"),
        client.messages.list(date_sent=today.date()),
        client.messages.list(date_sent_after=today + timedelta(days=1)),
        client.messages.list(date_sent_before=today + timedelta(days=1)),
    ]

    assert [[each.to for each in page] for page in found] == [
        [people[1].msisdn], [], [], [people[0].msisdn], [], [people[0].msisdn],
    ]  # fmt: skip


def test_a_person_who_said_stop_is_twilios_21610(client: Client, program: Program) -> None:
    contact = make_contact(workspace=program.workspace)
    Suppression.objects.create(
        workspace_id=program.workspace.id, msisdn=contact.msisdn, reason="opted_out"
    )

    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to=contact.msisdn, from_="BAKERY", body="Bread.")

    assert (refused.value.code, refused.value.status) == (21610, 400)
    assert not Message.objects.exists()


def test_another_accounts_messages_are_not_there(
    client: Client, program: Program, stranger: Program, server: str
) -> None:
    contact = make_contact(workspace=program.workspace)
    made = client.messages.create(to=contact.msisdn, from_="BAKERY", body="Bread.")
    http = OurHost(server)
    other = Client(make_sid("AC", stranger.workspace.id), stranger.secret, http_client=http)

    with pytest.raises(TwilioRestException) as refused:
        other.messages(made.sid).fetch()

    assert refused.value.code == 20404
    assert other.messages.list() == []
    close_sessions({"other": other})
