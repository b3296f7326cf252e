"""What Twilio's door refuses: Twilio's number for each reason, and never a fault of ours."""

import base64
from typing import Any

import pytest
from django.test import Client

from api.conftest import Program
from builders import make_contact
from textwell.accounts.keys import change_api_key
from textwell.api.doors.twilio.sids import make_sid
from textwell.gateways.models import Gateway
from textwell.messaging.models import Batch, Message
from textwell.messaging.promises import publish_promise
from textwell.messaging.states import State

pytestmark = pytest.mark.django_db

NASTY = ["\x00", "a\x00b", "x" * 100_000, "😀", "9" * 400, "-1", "%00", "'; --", "nan", " ",
         "2026-13-45", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "SM" + "f" * 32]  # fmt: skip
FIELDS = ["To", "From", "Body", "MessagingServiceSid", "StatusCallback", "SendAt", "ScheduleType",
          "ValidityPeriod", "MessageIntent", "MediaUrl", "Status", "To\x00"]  # fmt: skip
FILTERS = ["To", "From", "DateSent", "DateSent<", "DateSent>", "PageSize", "Page", "PageToken"]


class Caller:
    """Twilio's own requests, without its library."""

    def __init__(self, program: Program) -> None:
        self.program, self.client = program, Client()
        self.account = make_sid("AC", program.workspace.id)
        self.user = self.account

    def call(self, method: str, path: str, given: Any = None, **headers: str) -> Any:
        credentials = base64.b64encode(f"{self.user}:{self.program.secret}".encode()).decode()
        extra = {"HTTP_AUTHORIZATION": f"Basic {credentials}", **headers}
        url = f"/2010-04-01/Accounts/{self.account}/{path}"
        return getattr(self.client, method)(url, given or {}, **extra)

    def send(self, **fields: Any) -> Any:
        given = {"From": "BAKERY", "Body": "Bread.", **fields}
        return self.call("post", "Messages.json", given)


@pytest.fixture
def caller(program: Program, gateway: Gateway) -> Caller:
    return Caller(program)


def refusal(answer: Any) -> tuple[int, int]:
    """(status, code), once the form of the answer is seen to be Twilio's."""
    shown = answer.json()
    assert set(shown) == {"code", "message", "more_info", "status"}
    assert shown["more_info"] == f"https://www.twilio.com/docs/errors/{shown['code']}"
    assert shown["status"] == answer.status_code
    assert shown["message"]
    return answer.status_code, shown["code"]


def test_what_was_not_promised_is_refused_before_it_is_taken(
    caller: Caller, program: Program, gateway: Gateway
) -> None:
    publish_promise(workspace=program.workspace, most=1, actor="user:1")
    change_api_key(key=program.key, actor="system", door_purpose="marketing", rate_per_s=0)
    to = make_contact(workspace=program.workspace).msisdn

    answers = [caller.send(To=to) for _ in range(2)]
    gateway.senders.create(workspace_id=program.workspace.id, value="CAFE")
    answers.append(caller.send(To=to, From="CAFE"))

    assert answers[0].status_code == 201
    assert refusal(answers[1]) == (400, 14107)
    assert refusal(answers[2]) == (400, 30008)
    assert "sender_not_promised" in answers[2].json()["message"]


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"To": "12"}, 400, 21211),
        ({"To": "x" * 41}, 400, 21211),
        ({"To": "whatsapp:+33612345678"}, 400, 21211),
        ({"To": ""}, 400, 21604),
        ({"From": ""}, 400, 21603),
        ({"From": "NOBODY"}, 400, 21606),
        ({"From": "x" * 30}, 400, 21606),
        ({"From": "", "MessagingServiceSid": "MG1"}, 400, 21701),
        ({"From": "", "MessagingServiceSid": make_sid("MG", 999_999)}, 400, 21701),
        ({"Body": ""}, 400, 21602),
        ({"Body": "x" * 1601}, 400, 21617),
        ({"Body": "ж" * 700}, 400, 21617),
        ({"MediaUrl": "https://example.com/a.png"}, 400, 21620),
        ({"StatusCallback": "nowhere"}, 400, 21609),
        ({"StatusCallback": "http://127.0.0.1/"}, 400, 21609),
        ({"ScheduleType": "fixed"}, 400, 35111),
        ({"SendAt": "tomorrow"}, 400, 35114),
        ({"SendAt": "2096-01-01T00:00:00Z"}, 400, 35114),
        ({"ValidityPeriod": "0"}, 400, 20001),
        ({"ValidityPeriod": "36001"}, 400, 20001),
    ],
)
def test_each_reason_has_twilios_number(
    caller: Caller, fields: dict[str, str], status: int, code: int
) -> None:
    to = make_contact(workspace=caller.program.workspace).msisdn

    answer = caller.send(**{"To": to, **fields})

    assert refusal(answer) == (status, code)
    assert not Message.objects.exists()


def test_a_country_without_a_sender_is_twilios_21408(caller: Caller, gateway: Gateway) -> None:
    gateway.senders.update(country="DE")
    to = make_contact(workspace=caller.program.workspace).msisdn
    service = make_sid("MG", gateway.id)

    assert refusal(caller.send(To=to, From="", MessagingServiceSid=service)) == (403, 21408)


def test_who_never_agreed_gets_nothing_and_leaves_no_trace(caller: Caller) -> None:
    assert refusal(caller.send(To="+33612345678")) == (400, 21610)
    assert not Message.objects.exists()


@pytest.mark.parametrize("way", ["key", "intent"])
def test_texts_that_need_no_consent_are_so_by_the_keys_purpose_or_the_intent(
    caller: Caller, way: str
) -> None:
    if way == "key":
        key = caller.program.key
        change_api_key(key=key, actor="system", door_purpose="transactional", rate_per_s=None)

    answer = caller.send(
        To="+33612345678", MessageIntent="notifications" if way == "intent" else ""
    )

    assert answer.status_code == 201
    assert Batch.objects.get().extra["purpose"] == "transactional"


def test_without_valid_credentials_it_is_twilios_20003(caller: Caller, stranger: Program) -> None:
    answers = [caller.client.get(f"/2010-04-01/Accounts/{caller.account}/Messages.json")]
    caller.user = make_sid("AC", stranger.workspace.id)
    answers.append(caller.call("get", "Messages.json"))
    caller.user, caller.program = caller.account, stranger
    answers.append(caller.call("get", "Messages.json"))

    assert [refusal(each) for each in answers] == [(401, 20003)] * 3
    assert answers[0]["WWW-Authenticate"] == 'Basic realm="textwell"'


def test_a_scope_is_needed_for_each_use(program_with: Any, gateway: Gateway) -> None:
    reader, sender = Caller(program_with("messages:read")), Caller(program_with("messages:send"))

    assert refusal(reader.send(To="+33612345678")) == (403, 20006)
    assert refusal(sender.call("get", "Messages.json")) == (403, 20006)
    assert reader.call("get", "Messages.json").status_code == 200


def test_numbers_are_masked_without_the_scope(program_with: Any, gateway: Gateway) -> None:
    caller = Caller(program_with("messages:read", "messages:send"))
    to = make_contact(workspace=caller.program.workspace).msisdn

    shown = caller.send(To=to).json()["to"]

    assert "•••" in shown


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "Messages/SM1.json", 404, 20404),
        ("get", "Messages/" + make_sid("SM", 999_999) + ".json", 404, 20404),
        ("get", "Messages/SM" + "f" * 32 + ".json", 404, 20404),
        ("get", "Calls.json", 404, 20404),
        ("put", "Messages.json", 405, 20004),
        ("get", "Messages.json?PageToken=x", 400, 20001),
        ("get", "Messages.json?PageSize=many", 400, 20001),
        ("get", "Messages.json?DateSent=soon", 400, 20001),
    ],
)
def test_what_is_not_there_or_cannot_be_read(
    caller: Caller, method: str, path: str, status: int, code: int
) -> None:
    assert refusal(caller.call(method, path)) == (status, code)


def test_a_repeated_request_with_its_token_is_one_message(caller: Caller) -> None:
    to = make_contact(workspace=caller.program.workspace).msisdn
    given = {"To": to, "From": "BAKERY", "Body": "Bread."}
    token = {"HTTP_I_TWILIO_IDEMPOTENCY_TOKEN": "order-7"}

    answers = [caller.call("post", "Messages.json", given, **token) for _each in range(2)]
    other = caller.call("post", "Messages.json", {**given, "Body": "Cake."}, **token)

    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].json()["sid"] == answers[1].json()["sid"]
    assert refusal(other) == (409, 20409)
    assert Message.objects.count() == 1


@pytest.mark.parametrize("field", FIELDS)
def test_no_value_of_a_field_is_a_fault(caller: Caller, field: str) -> None:
    to = make_contact(workspace=caller.program.workspace).msisdn
    sid = make_sid("SM", caller.send(To=to).json() and Message.objects.get().id)

    for value in NASTY:
        answers = [
            caller.send(**{"To": to, field: value}),
            caller.call("post", f"Messages/{sid}.json", {field: value}),
        ]
        for answer in answers:
            assert answer.status_code in {200, 201} or refusal(answer)[0] < 500, (field, value)


@pytest.mark.parametrize("name", FILTERS)
def test_no_value_of_a_filter_is_a_fault(caller: Caller, name: str) -> None:
    for value in NASTY:
        answer = caller.call("get", "Messages.json", {name: value})

        assert answer.status_code == 200 or refusal(answer)[0] < 500, (name, value)


def test_a_body_that_is_no_form_is_no_fault(caller: Caller, settings: Any) -> None:
    url = f"/2010-04-01/Accounts/{caller.account}/Messages.json"
    credentials = base64.b64encode(f"{caller.account}:{caller.program.secret}".encode()).decode()
    extra = {"HTTP_AUTHORIZATION": f"Basic {credentials}"}
    kinds = ["multipart/form-data; boundary=a", "multipart/form-data", "application/json",
             "application/x-www-form-urlencoded"]  # fmt: skip

    for kind in kinds:
        answer = caller.client.post(url, b"\xff--a\r\n\x00=%ff", content_type=kind, **extra)
        assert refusal(answer)[0] == 400
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = caller.client.post(url, b"Body=" + b"x" * 200, content_type=kinds[-1], **extra)
    assert refusal(answer) == (400, 20001)


@pytest.mark.parametrize("state", [each.value for each in State])
def test_every_state_has_a_word_of_twilios(caller: Caller, state: str) -> None:
    to = make_contact(workspace=caller.program.workspace).msisdn
    caller.send(To=to)
    Message.objects.update(state=state)

    [shown] = caller.call("get", "Messages.json").json()["messages"]

    assert shown["status"] in {
        "queued", "sending", "sent", "delivered", "undelivered", "failed", "canceled",
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("lost_commit")
def test_a_lost_commit_is_not_told_as_nothing_recorded(caller: Caller) -> None:
    person = make_contact(workspace=caller.program.workspace)

    answer = caller.send(To=person.msisdn)

    assert refusal(answer) == (503, 20503)
    assert "look for it before you send it again" in answer.json()["message"]
    assert Message.objects.count() == 1
