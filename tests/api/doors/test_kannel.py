"""Kannel's sendsms: what programs written for it send, over real sockets and at the border."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests
from django.test import Client

from api.conftest import Program
from api.doors.conftest import Heard, tell_outcome
from builders import make_contact
from textwell.accounts.keys import change_api_key
from textwell.consent.models import Suppression
from textwell.core.clock import now
from textwell.core.errors import BusUnavailable
from textwell.gateways.models import Gateway
from textwell.messaging.models import Batch, Message

pytestmark = pytest.mark.django_db

ACCEPTED = (202, "0: Accepted for delivery")
DENIED = "Number(s) has/have been denied by white- and/or black-lists."
NASTY = ["%00", "a%00b", "x" * 20_000, "%ff%fe", "9" * 400, "-1", "%25", "'; --", "nan", "%20",
         "%F0%9F%98%80", "%ED%A0%80", "idna", "undefined", "utf-7", "base64"]  # fmt: skip
FIELDS = ["to", "from", "text", "charset", "coding", "udh", "dlr-mask", "dlr-url", "smsc",
          "validity", "deferred", "username", "password"]  # fmt: skip


class Caller:
    def __init__(self, program: Program) -> None:
        self.program, self.client = program, Client()
        self.pair = {"username": program.key.prefix, "password": program.secret}

    def send(self, **given: Any) -> tuple[int, str]:
        """By GET; values are octets or text, escaped here."""
        asked = {**self.pair, "text": "Bread.", **given}
        query = "&".join(
            f"{name.replace('_', '-')}={quote(value, safe='')}" for name, value in asked.items()
        )
        return self.raw(query)

    def raw(self, query: str) -> tuple[int, str]:
        answer = self.client.get("/cgi-bin/sendsms?" + query)
        return answer.status_code, answer.content.decode()


@pytest.fixture
def caller(program: Program, gateway: Gateway) -> Caller:
    return Caller(program)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("bus")
def test_a_text_is_taken_and_its_fate_told_over_real_sockets(
    program: Program, gateway: Gateway, server: str, heard: Heard
) -> None:
    contact = make_contact(workspace=program.workspace)
    given = {
        "username": program.key.prefix, "password": program.secret, "from": "BAKERY",
        "to": contact.msisdn, "text": "Bread.", "dlr-mask": "31",
        "dlr-url": f"{heard.url}/dlr?type=%d&to=%p&from=%P&id=%I&by=%i&code=%A&pc=%%",
    }  # fmt: skip

    answer = requests.get(f"{server}/cgi-bin/sendsms", given, timeout=10)

    assert (answer.status_code, answer.text) == ACCEPTED
    message = Message.objects.get()
    tell_outcome(message.id)
    [(method, path, _headers, _body)] = heard.calls
    told = {name: value[0] for name, value in parse_qs(urlsplit(path).query).items()}
    assert method == "GET"
    assert told == {
        "type": "8", "to": contact.msisdn, "from": "BAKERY", "id": str(message.id),
        "by": str(gateway.id), "pc": "%",
    }  # fmt: skip


@pytest.mark.parametrize(
    "spell",
    [lambda number: number, lambda number: number[1:], lambda number: "00" + number[1:],
     lambda number: "0" + number[3:]],
)  # fmt: skip
def test_a_number_is_read_in_the_spellings_that_programs_use(
    caller: Caller, spell: Callable[[str], str]
) -> None:
    contact = make_contact(workspace=caller.program.workspace)

    assert caller.send(to=spell(contact.msisdn)) == ACCEPTED
    assert Message.objects.get().contact_id == contact.id


def test_several_numbers_are_each_taken_or_named_as_denied(caller: Caller) -> None:
    people = [make_contact(workspace=caller.program.workspace) for _each in range(3)]
    Suppression.objects.create(
        workspace_id=caller.program.workspace.id, msisdn=people[1].msisdn, reason="opted_out"
    )

    status, text = caller.send(to=" ".join(each.msisdn for each in people))

    assert status == 202
    assert text == f"{ACCEPTED[1]} Denied receivers are: {people[1].msisdn}"
    assert set(Message.objects.values_list("contact_id", flat=True)) == {people[0].id, people[2].id}


def test_a_failure_in_the_middle_takes_nobody(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [make_contact(workspace=caller.program.workspace) for _each in range(2)]
    from textwell.api import sending

    calls: list[int] = []
    real = sending.send_single

    def fail_second(*args: Any, **kw: Any) -> int:
        calls.append(1)
        if len(calls) == 2:
            raise BusUnavailable("away")
        return real(*args, **kw)

    monkeypatch.setattr(sending, "send_single", fail_second)

    answer = caller.send(to=" ".join(each.msisdn for each in people))

    assert answer == (503, "Temporal failure, try again later.")
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"text": "Café"}, "Café"),
        ({"text": b"Caf\xe9", "charset": "ISO-8859-1"}, "Café"),
        ({"text": "Пшеница".encode("utf-16-be"), "coding": "2"}, "Пшеница"),
        ({"text": "面包", "coding": "2", "charset": "UTF-8"}, "面包"),
        ({"text": "a+b c&d=e"}, "a+b c&d=e"),
    ],
)
def test_octets_are_read_by_charset_and_coding(
    caller: Caller, given: dict[str, Any], text: str
) -> None:
    to = make_contact(workspace=caller.program.workspace).msisdn

    assert caller.send(to=to, **given) == ACCEPTED
    assert Batch.objects.get().body == text


def test_braces_are_sent_as_they_stand(caller: Caller) -> None:
    to = make_contact(workspace=caller.program.workspace).msisdn

    assert caller.send(to=to, text="Hi {{ first_name }} {% if x %} {{ link }}") == ACCEPTED
    assert Batch.objects.get().body == "Hi {{ first_name }} {% if x %} {{ link }}"


@pytest.mark.parametrize("kind", ["form", "headers"])
def test_post_takes_a_form_or_the_text_as_body(caller: Caller, kind: str) -> None:
    to = make_contact(workspace=caller.program.workspace).msisdn
    if kind == "form":
        form = {**caller.pair, "to": to, "from": "BAKERY", "text": "Café"}
        answer = caller.client.post(
            "/cgi-bin/sendsms",
            "&".join(f"{name}={quote(value)}" for name, value in form.items()),
            content_type="application/x-www-form-urlencoded",
        )
    else:
        answer = caller.client.post(
            "/cgi-bin/sendsms",
            "Café",
            content_type="text/plain; charset=iso-8859-1",
            HTTP_X_KANNEL_USERNAME=caller.pair["username"],
            HTTP_X_KANNEL_PASSWORD=caller.pair["password"],
            HTTP_X_KANNEL_TO=to,
            HTTP_X_KANNEL_FROM="BAKERY",
        )

    assert (answer.status_code, answer.content.decode()) == ACCEPTED
    assert Batch.objects.get().body == "Café"


def test_later_and_not_for_ever(caller: Caller, gateway: Gateway) -> None:
    to = make_contact(workspace=caller.program.workspace).msisdn

    assert caller.send(to=to, deferred="60", validity="30", smsc=gateway.name) == ACCEPTED

    message = Message.objects.get()
    assert message.due_at is not None
    assert message.expires_at is not None
    assert 59 < (message.due_at - now()).total_seconds() / 60 <= 60
    assert (message.expires_at - message.due_at).total_seconds() == 1_800


def test_the_keys_purpose_is_that_of_its_texts(caller: Caller) -> None:
    key = caller.program.key
    assert caller.send(to="+33612345678") == (400, DENIED)
    change_api_key(key=key, actor="system", door_purpose="otp", rate_per_s=None)

    assert caller.send(to="+33612345678") == ACCEPTED
    assert Batch.objects.get().lane == "urgent"


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ({"to": ""}, (400, "Missing receiver number, rejected")),
        ({"to": "me"}, (400, "Garbage 'to' field, rejected.")),
        ({"to": "+12"}, (400, "Garbage 'to' field, rejected.")),
        ({"to": " ".join(str(number) for number in range(201))},
         (400, "Too many receivers, rejected")),
        ({"text": ""}, (400, "Empty text not allowed, rejected")),
        ({"text": b"\xff"}, (400, "Charset or body misformed, rejected")),
        ({"charset": "none"}, (400, "Charset or body misformed, rejected")),
        ({"text": "ж" * 700}, (400, "Charset or body misformed, rejected")),
        ({"udh": b"\x05\x00\x03\x01\x02\x01"}, (400, "UDH field misformed, rejected")),
        ({"coding": "1"}, (400, "Coding field misformed, rejected")),
        ({"dlr_mask": "x"}, (400, "DLR-Mask field misformed, rejected")),
        ({"dlr_mask": "31", "dlr_url": "nowhere"}, (400, "DLR-URL field misformed, rejected")),
        ({"validity": "-1"}, (400, "Validity field misformed, rejected")),
        ({"deferred": "999999"}, (400, "Deferred field misformed, rejected")),
        ({"from": "NOBODY"}, (403, "Not routable. Do not try again.")),
        ({"smsc": "elsewhere"}, (403, "Not routable. Do not try again.")),
        ({"password": "wrong"}, (403, "Authorization failed for sendsms")),
        ({"username": "wrong"}, (403, "Authorization failed for sendsms")),
    ],
)  # fmt: skip
def test_refusals_are_in_kannels_words(
    caller: Caller, given: dict[str, Any], answer: tuple[int, str]
) -> None:
    to = make_contact(workspace=caller.program.workspace).msisdn

    assert caller.send(**{"to": to, **given}) == answer
    assert not Message.objects.exists()


def test_the_secret_alone_and_the_short_names_are_taken(caller: Caller) -> None:
    to = make_contact(workspace=caller.program.workspace).msisdn
    secret = caller.pair["password"].split("_", 2)[2]
    query = f"user={caller.pair['username']}&pass={quote(secret)}&to={quote(to)}&text=Bread."

    assert caller.raw(query) == ACCEPTED


def test_a_key_without_the_scope_and_another_path(
    program_with: Callable[..., Program], gateway: Gateway
) -> None:
    caller = Caller(program_with("messages:read"))

    assert caller.send(to="+33612345678") == (403, "Authorization failed for sendsms")
    assert caller.client.get("/cgi-bin/status").status_code == 404
    assert caller.client.delete("/cgi-bin/sendsms").status_code == 404


@pytest.mark.parametrize("field", FIELDS)
def test_no_value_is_a_fault(caller: Caller, field: str) -> None:
    to = make_contact(workspace=caller.program.workspace).msisdn
    given = {**caller.pair, "to": quote(to), "text": "Bread.", "dlr-mask": "31",
             "dlr-url": "https://example.com/"}  # fmt: skip

    for value in NASTY:
        asked = {**given, field: value}
        status, text = caller.raw("&".join(f"{name}={each}" for name, each in asked.items()))
        assert status < 500, (field, value, text)
        assert text
