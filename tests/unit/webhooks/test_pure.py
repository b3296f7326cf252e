"""Signatures, waits and targets of webhooks."""

import base64
import hashlib
import hmac
import random
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs, parse_qsl

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from textwell.core.errors import FieldError
from textwell.core.outside import is_public
from textwell.gateways.failures import FailureClass
from textwell.webhooks.backoff import WAITS_S, next_wait_s
from textwell.webhooks.bodies import _TWILIO_ERRORS, Told, build_call, twilio_error
from textwell.webhooks.signing import make_secret, sign_standard, sign_twilio
from textwell.webhooks.targets import check_target
from textwell.webhooks.types import Form


def at_present() -> datetime:
    """The library refuses what is older than five minutes; a suite runs longer."""
    return datetime.now(UTC).replace(microsecond=0)


DATA = {
    "message_id": 255, "to": "+84901234567", "sender": "LOTUS", "state": "delivered", "code": "",
}  # fmt: skip


def told(form: Form = Form.STANDARD, **values: object) -> Told:
    given = {
        "form": form, "url": "https://example.com/hook", "secrets": (make_secret(),),
        "happening_id": 9, "workspace_id": 3, "kind": "message.delivered", "data": DATA, "at": at_present(),
    }  # fmt: skip
    return Told(**(given | values))  # type: ignore[arg-type]  # each test gives the right kinds


def test_the_specifications_own_library_accepts_a_call() -> None:
    secret = make_secret()
    call = build_call(told(secrets=(secret,)), at=at_present())

    assert call is not None
    event = Webhook(secret).verify(call.body, dict(call.headers))
    assert (event["type"], event["data"]["message_id"]) == ("message.delivered", 255)
    assert call.headers["webhook-id"] == "evt_3_9"


def test_a_changed_body_is_refused() -> None:
    secret = make_secret()
    call = build_call(told(secrets=(secret,)), at=at_present())

    assert call is not None
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(call.body + b" ", dict(call.headers))


def test_while_a_secret_changes_both_are_accepted() -> None:
    new, old = make_secret(), make_secret()
    headers = sign_standard((new, old), event_id="evt_1", at=at_present(), body="{}")

    assert Webhook(new).verify("{}", headers) == Webhook(old).verify("{}", headers) == {}


def test_twilios_example_of_a_signature() -> None:
    # Twilio, "Security", the worked example of validating a request.
    fields = {
        "CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234",
        "From": "+14158675309", "To": "+18005551212",
    }  # fmt: skip
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"

    assert sign_twilio("12345", url=url, fields=fields) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_a_call_in_twilios_form_names_the_message_as_twilio_does() -> None:
    call = build_call(told(Form.TWILIO, secrets=("token",)), at=at_present())

    assert call is not None
    fields = {name: value[0] for name, value in parse_qs(call.body.decode()).items()}
    assert fields["MessageSid"] == "SM" + "0" * 30 + "ff"
    assert (fields["MessageStatus"], fields["To"]) == ("delivered", "+84901234567")
    assert call.headers["x-twilio-signature"] == sign_twilio(
        "token", url="https://example.com/hook", fields=fields
    )


def test_every_reason_that_has_a_code_of_twilios_is_one_of_ours() -> None:
    ours = {*FailureClass, "opted_out", "suppressed", "no_consent"}

    assert _TWILIO_ERRORS.keys() - ours == set()
    assert (twilio_error("unallocated_number"), twilio_error("route_down")) == (30005, 30008)


@pytest.mark.parametrize(("mask", "is_told"), [(1, True), (31, True), (2, False), (0, False)])
def test_kannel_tells_what_its_mask_asks_for(mask: int, is_told: bool) -> None:
    url = "https://example.com/dlr?type=%d&to=%p&id=7"

    call = build_call(told(Form.KANNEL, url=url, wants=mask), at=at_present())

    assert (call is not None) is is_told
    if call is not None:
        assert call.url == "https://example.com/dlr?type=1&to=%2B84901234567&id=7"


def test_what_was_put_into_an_address_is_not_looked_at_again() -> None:
    url = "https://example.com/%7Edlr?from=%P&pc=%%&code=%A&x=%z"
    data = {"message_id": 255, "to": "+1", "sender": "%d %t", "code": "é"}

    call = build_call(told(Form.KANNEL, url=url, wants=31, data=data), at=at_present())

    assert call is not None
    assert call.url == "https://example.com/%7Edlr?from=%25d%20%25t&pc=%25&code=%C3%A9&x=%z"


def test_waits_grow_and_end() -> None:
    chance = random.Random(1)
    waits = [next_wait_s(count, chance=chance) for count in range(1, len(WAITS_S) + 2)]

    assert waits[-1] is None
    for wait, meant in zip(waits[:-1], WAITS_S, strict=True):
        assert wait is not None
        assert 0.9 * meant <= wait <= 1.1 * meant


def test_a_receiver_that_asks_for_more_time_gets_it_up_to_a_day() -> None:
    chance = random.Random(1)

    assert next_wait_s(1, asked_s=600, chance=chance) == 600
    assert next_wait_s(1, asked_s=10**9, chance=chance) == 86_400


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "::1", "fe80::1%eth0", "fd00::1",
     "::ffff:10.0.0.1", "0.0.0.0", "224.0.0.1", "100.64.0.1"],
)  # fmt: skip
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not is_public(address)


def test_a_sandboxs_call_says_so_and_a_live_one_is_as_it_was() -> None:
    secret = make_secret()
    calls = [
        build_call(told(secrets=(secret,), is_sandbox=is_sandbox), at=at_present())
        for is_sandbox in (True, False)
    ]

    events = [Webhook(secret).verify(call.body, dict(call.headers)) for call in calls if call]
    assert [event.get("sandbox") for event in events] == [True, None]
    assert set(events[1]) == {"type", "timestamp", "data"}


def test_a_sandboxs_call_for_a_twilio_client_says_so_and_is_signed_with_it() -> None:
    secret = make_secret()
    call = build_call(told(Form.TWILIO, secrets=(secret,), is_sandbox=True), at=at_present())

    assert call is not None
    fields = dict(parse_qsl(call.body.decode(), keep_blank_values=True))
    assert fields["Sandbox"] == "true"
    signed = sign_twilio(secret, url=call.url, fields=fields)
    assert call.headers["x-twilio-signature"] == signed


@pytest.mark.parametrize(
    "url",
    ["ftp://example.com", "example.com/x", "https://", "http://[::1", "https://u:p@example.com/",
     "http://localhost:1/", "http://127.0.0.1/", "http://[::1]/", "http://printer.local/",
     "https://example.com/" + "x" * 500],
)  # fmt: skip
def test_targets_that_cannot_be_are_refused_by_field(url: str) -> None:
    with pytest.raises(FieldError) as refused:
        check_target(url)

    assert refused.value.field == "url"
    assert refused.value.mend


def test_a_public_target_is_taken() -> None:
    assert check_target(" https://example.com/hook?x=1 ") == "https://example.com/hook?x=1"


def verify_by_the_specification(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Standard Webhooks 1.0, "Verifying webhook authenticity", written from its text alone."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return wanted in headers["webhook-signature"].split(" ")


def test_what_we_send_holds_by_the_words_of_the_specification() -> None:
    secret, dice = make_secret(), random.Random(37)
    call = build_call(told(secrets=(secret,)), at=at_present())
    assert call is not None
    changed = bytearray(call.body)
    changed[dice.randrange(len(changed))] ^= 1
    later = str(int(call.headers["webhook-timestamp"]) + 1)

    assert verify_by_the_specification(secret, call.headers, call.body)
    assert not verify_by_the_specification(make_secret(), call.headers, call.body)
    assert not verify_by_the_specification(secret, call.headers, bytes(changed))
    for name, value in [("webhook-timestamp", later), ("webhook-id", "evt_3_8")]:
        assert not verify_by_the_specification(
            secret, dict(call.headers) | {name: value}, call.body
        )
