"""Both ways give the same answers and leave the same rows; the complete way is the reference."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from api.conftest import Program
from api.quick.conftest import Given, Ways
from builders import make_contact, make_gateway, make_workspace
from textwell.accounts.keys import change_api_key, revoke_api_key
from textwell.accounts.models import Workspace
from textwell.accounts.types import Scope
from textwell.api import rates
from textwell.api.models import IdempotentAnswer
from textwell.consent.models import Suppression
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.requests import REQUESTS
from textwell.core.seal import unseal
from textwell.gateways.models import Gateway, Sender
from textwell.messaging.models import Batch, Message
from textwell.messaging.promises import publish_promise

pytestmark = pytest.mark.django_db

ANNA = "+33612000001"
BODY = {"to": ANNA, "body": "Bread is ready."}
DUTCH = {"to": "+31612345678", "body": "Green Bakery: bread. STOP naar 38000"}
OTP = {"to": "+33699887766", "body": "4711", "purpose": "otp"}
SENDS = [Scope.MESSAGES_SEND.value, Scope.CONTACTS_NUMBERS.value]

Shop = tuple[Program, Gateway, Contact]


def _shop(scopes: list[str]) -> Shop:
    workspace = make_workspace()
    gateway = make_gateway(workspace=workspace, name="One")
    contact = make_contact(workspace=workspace, msisdn=ANNA)
    return Program(workspace, scopes), gateway, contact


def _plain(shop: Shop, row: dict[str, Any]) -> dict[str, Any]:
    """Without what two workspaces and two moments cannot have alike."""
    program, gateway, _contact = shop
    ids = {"gateway_id": gateway.id, "workspace_id": program.workspace.id}
    moment = now()
    plain = dict(row)
    for name, value in row.items():
        if name in ids and value == ids[name]:
            plain[name] = "its own"
        if isinstance(value, datetime) and abs(value - moment) < timedelta(minutes=10):
            plain[name] = "now"
    return plain


def _rows(shop: Shop) -> list[Any]:
    """Everything that a call may leave, in order."""
    workspace_id = shop[0].workspace.id
    places: dict[tuple[str, int], str] = {}
    tables: list[Any] = [
        Contact.objects.filter(workspace_id=workspace_id),
        Message.objects.filter(workspace_id=workspace_id),
        Batch.objects.filter(workspace_id=workspace_id),
        IdempotentAnswer.objects.filter(api_key_id=shop[0].key.id),
    ]
    found: list[Any] = []
    for table in tables:
        for place, row in enumerate(table.order_by("id").values()):
            kind = table.model.__name__
            places[kind, row.pop("id")] = f"{kind} {place}"
            if "contact_id" in row:
                row["contact_id"] = places["Contact", row["contact_id"]]
            for name in ("first_message_id", "last_message_id"):
                if name in row:
                    row[name] = places["Message", row[name]]
            if "marked_id" in row:
                row["marked_id"] = places["Message", row["marked_id"] + 1]
            row.pop("api_key_id", None)
            if "extra" in row:
                assert row["extra"].pop("actor") == f"key:{shop[0].key.id}"
            if row.get("answer"):
                text = unseal(row["answer"].pop("text"))
                row["is_202"] = text.startswith('{"id":')
                row["answer"]["headers"].pop("Location", None)
            found.append(_plain(shop, row))
    return found


def _answer(shop: Shop, given: Given) -> Any:
    headers = {name: value for name, value in given.headers.items() if name != "Location"}
    location = given.headers.get("Location", "")
    body = given.json()
    message = Message.objects.filter(
        workspace_id=shop[0].workspace.id, id=body.pop("id", 0)
    ).first()
    if message is not None:
        assert location == f"/api/v1/messages/{message.id}"
        assert body.pop("contact_id") == message.contact_id
    headers.pop("Content-Length", None)  # ids have as many digits as they have
    if "RateLimit" in headers:  # what is left of which second
        headers["RateLimit"] = re.sub(r"\d+", "…", headers["RateLimit"])
    return given.status, headers, _plain(shop, body)


def _suppress(shop: Shop) -> None:
    Suppression.objects.create(workspace_id=shop[0].workspace.id, msisdn=ANNA, reason="complaint")


def _cap(shop: Shop) -> None:
    workspace = shop[0].workspace
    workspace.cap_count = 1
    workspace.save()


def _promise(shop: Shop) -> None:
    publish_promise(workspace=shop[0].workspace, most=1, actor="user:1")


def _german_sender(shop: Shop) -> None:
    Sender.objects.filter(gateway=shop[1]).update(country="DE")


def _sample(shop: Shop) -> None:
    Contact.objects.filter(id=shop[2].id).update(is_sample=True)


def _pause(shop: Shop) -> None:
    Gateway.objects.filter(id=shop[1].id).update(state="paused")


def _revoke(shop: Shop) -> None:
    revoke_api_key(key=shop[0].key, actor="system")


def _limit(shop: Shop) -> None:
    change_api_key(key=shop[0].key, actor="system", door_purpose="marketing", rate_per_s=1000)
    rates.refill()


def _to_phones(shop: Shop) -> None:
    """By a short code to a Dutch phone, where law allows each hour and has a text say two things."""
    Gateway.objects.filter(id=shop[1].id).update(provider="smpp")
    Sender.objects.filter(gateway=shop[1]).update(value="38000", kind="short_code")
    Contact.objects.filter(id=shop[2].id).update(msisdn=DUTCH["to"], country="NL")
    Workspace.objects.filter(id=shop[0].workspace.id).update(law_layer="legal")


def _nothing(shop: Shop) -> None:
    del shop


SOON, PAST = "2099-01-01T00:00:00+07:00", "2020-01-01T00:00:00Z"
LONG = "ư" * 1_600
# what it is, the bodies of the calls in turn, headers beside the usual, what is done to the shop before, how
# many calls the quick way answers
CASES: list[tuple[str, list[Any], dict[str, Any], Callable[[Shop], None], int]] = [
    ("marketing with consent", [BODY], {}, _nothing, 1),
    ("marketing that says all that law asks for", [DUTCH], {}, _to_phones, 1),
    ("marketing to which law adds", [{**DUTCH, "body": "Bread."}], {}, _to_phones, 0),
    ("a code to a new person", [OTP], {}, _nothing, 1),
    ("the same new person twice", [OTP, OTP], {}, _nothing, 2),
    ("a key of its own", [BODY], {"HTTP_IDEMPOTENCY_KEY": "a"}, _nothing, 1),
    ("the key again", [BODY, BODY], {"HTTP_IDEMPOTENCY_KEY": "a"}, _nothing, 1),
    ("the key with another body", [BODY, OTP], {"HTTP_IDEMPOTENCY_KEY": "a"}, _nothing, 1),
    ("a key without a length", [BODY], {"HTTP_IDEMPOTENCY_KEY": ""}, _nothing, 0),
    ("two segments of UCS-2", [{**OTP, "body": "ư" * 80}], {}, _nothing, 1),
    ("too long", [{**OTP, "body": LONG}], {}, _nothing, 0),
    ("an end", [{**BODY, "expires_at": SOON}], {}, _nothing, 1),
    ("an end that is past", [{**BODY, "expires_at": PAST}], {}, _nothing, 0),
    ("home spelling", [{**BODY, "to": "06 12 00 00 01", "region": "FR"}], {}, _nothing, 1),
    ("no number", [{**BODY, "to": "0612"}], {}, _nothing, 0),
    ("another lane", [{**OTP, "lane": "care"}], {}, _nothing, 1),
    ("a lane that is not for it", [{**BODY, "lane": "urgent"}], {}, _nothing, 0),
    ("a sender", [{**BODY, "sender": "BAKERY"}], {}, _nothing, 1),
    ("a sender of nobody", [{**BODY, "sender": "OTHER"}], {}, _nothing, 0),
    ("a gateway of nobody", [{**BODY, "gateway_id": 2**62}], {}, _nothing, 0),
    ("a gateway beyond 64 bits", [{**BODY, "gateway_id": 2**70}], {}, _nothing, 0),
    ("a name that is not known", [{**BODY, "txt": "?"}], {}, _nothing, 0),
    ("a null character", [{**BODY, "body": "a\0b"}], {}, _nothing, 0),
    ("no JSON", [b"{"], {}, _nothing, 0),
    ("no list", [b"[]"], {}, _nothing, 0),
    ("a link without a place", [{**BODY, "links": ["https://a.example"]}], {}, _nothing, 0),
    ("a field", [{**BODY, "body": "{{ first_name }}"}], {}, _nothing, 0),
    ("later", [{**BODY, "send_at": "2026-01-01T00:00:00Z"}], {}, _nothing, 0),
    ("no consent", [{**BODY, "to": "+33612000002"}], {}, _nothing, 0),
    ("suppressed", [BODY], {"HTTP_IDEMPOTENCY_KEY": "a"}, _suppress, 0),
    ("the cap", [BODY, BODY, OTP], {}, _cap, 2),
    ("what was promised in public", [BODY, BODY, OTP], {}, _promise, 1),
    ("no sender for the country", [BODY], {}, _german_sender, 0),
    ("a sample person", [BODY], {}, _sample, 1),
    ("a paused gateway", [BODY], {}, _pause, 0),
    ("a key that was revoked", [BODY], {}, _revoke, 0),
    ("a key with a rate", [BODY, BODY], {}, _limit, 2),
    ("no key", [BODY], {"HTTP_AUTHORIZATION": None}, _nothing, 0),
    ("a wrong key", [BODY], {"HTTP_AUTHORIZATION": "Bearer tw_a_b"}, _nothing, 0),
    ("another kind of body", [BODY], {"CONTENT_TYPE": "text/plain"}, _nothing, 0),
    ("a query", [BODY], {"QUERY_STRING": "a=1"}, _nothing, 0),
    ("a cookie", [BODY], {"HTTP_COOKIE": "a=1"}, _nothing, 0),
    ("French", [BODY], {"HTTP_ACCEPT_LANGUAGE": "fr-CH, en;q=0.5"}, _nothing, 1),
    ("no length", [BODY], {"CONTENT_LENGTH": None}, _nothing, 0),
    ("a length of thousands of digits", [BODY], {"CONTENT_LENGTH": "9" * 5_000}, _nothing, 0),
    ("no host", [BODY], {"HTTP_HOST": "no host"}, _nothing, 0),
]


@pytest.mark.parametrize("scopes", [SENDS, [Scope.MESSAGES_SEND.value], ["contacts:read"]])
def test_both_ways_answer_and_record_alike(ways: Ways, scopes: list[str]) -> None:
    """All cases in one test: each workspace costs less than an empty database."""
    for what, bodies, environ, prepare, quick_count in CASES:
        seen: list[Any] = []
        for application in (ways.complete, ways.quick):
            shop = _shop(scopes)
            prepare(shop)
            ways.left.clear()
            answers = [ways.post(application, shop[0], body, **environ) for body in bodies]
            seen.append(([_answer(shop, given) for given in answers], _rows(shop)))

        assert seen[1] == seen[0], what
        wanted = quick_count if Scope.MESSAGES_SEND.value in scopes else 0
        assert len(bodies) - len(ways.left) == wanted, what


def test_the_use_of_a_key_is_noted(ways: Ways) -> None:
    program, _gateway, _contact = _shop(SENDS)

    ways.post(ways.quick, program, BODY)

    program.key.refresh_from_db()
    assert program.key.last_used_at is not None


def test_calls_are_counted_as_the_complete_way_counts_them(ways: Ways) -> None:
    program, _gateway, _contact = _shop(SENDS)

    def counted(application: Any) -> float:
        before = REQUESTS.labels("/api/v1/messages", "POST", "202")._value.get()
        ways.post(application, program, BODY)
        return float(REQUESTS.labels("/api/v1/messages", "POST", "202")._value.get() - before)

    assert (counted(ways.complete), counted(ways.quick)) == (1.0, 1.0)
