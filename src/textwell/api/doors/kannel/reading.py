"""What a sendsms request says: parameters as octets, since only `charset` tells what they mean."""

from dataclasses import dataclass
from datetime import timedelta
from email.message import Message as Headers
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest

from textwell.accounts.selectors import home_country
from textwell.accounts.types import KeyHolder
from textwell.api.doors.kannel import refusals
from textwell.api.doors.kannel.refusals import KannelRefusal
from textwell.api.schemas.messages import NewMessage, Purpose
from textwell.core.clock import now
from textwell.gateways.models import Gateway

MOST_RECEIVERS: Final = 200
MOST_MINUTES: Final = 35 * 24 * 60
_UCS2, _BINARY, _LARGEST_CODING = 2, 1, 2
_DIGITS: Final = 9
_FORM: Final = "application/x-www-form-urlencoded"
_HEADER: Final = "x-kannel-"
Given = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Sendsms:
    """A request that can be read. `dlr_mask` 0: no reports."""

    messages: tuple[NewMessage, ...]
    dlr_mask: int
    dlr_url: str


def read_parameters(request: HttpRequest) -> Given:
    """Parameters of the query, of a form, or of X-Kannel headers with the text as body."""
    given = _split(request.META.get("QUERY_STRING", "").encode("latin-1", "replace"))
    if request.method != "POST":
        return given
    if request.content_type == _FORM:
        return given | _split(request.body)
    for name, value in request.headers.items():
        if name.lower().startswith(_HEADER):
            given[name.lower().removeprefix(_HEADER)] = value.encode("latin-1", "replace")
    if request.body:
        given["text"] = request.body
        given.setdefault("charset", _charset(request).encode("latin-1", "replace"))
    return given


def _split(octets: bytes) -> Given:
    given: Given = {}
    for part in octets.split(b"&"):
        name, equals, value = part.partition(b"=")
        if equals:
            key = unquote_to_bytes(name.replace(b"+", b" ")).decode("latin-1").lower()
            given.setdefault(key, unquote_to_bytes(value.replace(b"+", b" ")))
    return given


def _charset(request: HttpRequest) -> str:
    headers = Headers()
    headers["content-type"] = request.headers.get("Content-Type", "")
    return headers.get_content_charset() or ""


def read_credentials(given: Given) -> tuple[str, str]:
    """(username, password), by either name of each; "" for what is missing."""
    user = given.get("username", given.get("user", b""))
    password = given.get("password", given.get("pass", b""))
    return user.decode("latin-1"), password.decode("latin-1")


def read_sendsms(given: Given, holder: KeyHolder) -> Sendsms:
    """The messages to send.

    Raises:
        KannelRefusal: a parameter is missing or cannot be read.
        ValidationError: a value cannot be used.
    """
    if given.get("udh"):
        raise KannelRefusal(refusals.BAD_UDH)  # headers are ours: long texts are split here
    receivers = _read_receivers(given)
    region = home_country(holder.workspace_id)
    values: dict[str, Any] = {
        "body": _read_text(given),
        "sender": _read_word(given, "from") or None,
        "gateway_id": _read_gateway(given, holder.workspace_id),
        "purpose": Purpose(holder.door_purpose),
        **_read_times(given),
    }
    messages = [NewMessage(to=to, region=region, **values) for to in receivers]
    mask = _read_number(given, "dlr-mask", most=31, refusal=refusals.BAD_MASK)
    url = _read_word(given, "dlr-url") or _read_word(given, "dlrurl")
    return Sendsms(tuple(messages), mask if url else 0, url)


def _read_word(given: Given, name: str) -> str:
    text = given.get(name, b"").decode("utf-8", "replace").strip()
    if "\x00" in text:
        raise KannelRefusal(refusals.BAD_URL if "dlr" in name else refusals.NO_ROUTE)
    return text


def _read_receivers(given: Given) -> list[str]:
    """Each number once. Digits alone are international, with a leading 0 they are the country's."""
    if not given.get("to"):
        raise KannelRefusal(refusals.NO_RECEIVER)
    numbers = list(dict.fromkeys(given["to"].decode("latin-1").split()))
    if not numbers or any(set(number) - set("0123456789+-.()") for number in numbers):
        raise KannelRefusal(refusals.BAD_RECEIVER)
    if len(numbers) > MOST_RECEIVERS:
        raise KannelRefusal(refusals.TOO_MANY)
    return [_international(number) for number in numbers]


def _international(number: str) -> str:
    if number.startswith("00"):
        return "+" + number[2:]
    return number if number.startswith(("+", "0")) else "+" + number


def _read_text(given: Given) -> str:
    coding = _read_number(given, "coding", most=_LARGEST_CODING, refusal=refusals.BAD_CODING)
    if coding == _BINARY:
        raise KannelRefusal(refusals.BAD_CODING)  # octets are no text
    charset = given.get("charset", b"").decode("latin-1") or (
        "utf-16-be" if coding == _UCS2 else "utf-8"
    )
    octets = given.get("text", b"")
    try:
        text = octets.decode(charset)
    except (LookupError, ValueError):
        raise KannelRefusal(refusals.BAD_TEXT) from None
    if not text:
        raise KannelRefusal(refusals.NO_TEXT)
    if "\x00" in text or (not text.isprintable() and _has_surrogate(text)):
        raise KannelRefusal(refusals.BAD_TEXT)
    return text


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _read_gateway(given: Given, workspace_id: int) -> int | None:
    """`smsc` is the name of a gateway, or its number."""
    wanted = _read_word(given, "smsc")
    if not wanted:
        return None
    found = Gateway.objects.filter(workspace_id=workspace_id, name=wanted)
    gateway_id = found.values_list("id", flat=True).first()
    if gateway_id is None and wanted.isascii() and wanted.isdigit() and len(wanted) <= _DIGITS:
        return int(wanted)
    if gateway_id is None:
        raise KannelRefusal(refusals.NO_ROUTE)
    return gateway_id


def _read_times(given: Given) -> dict[str, Any]:
    """`deferred` and `validity` are minutes; the second counts from the first."""
    deferred = _read_number(given, "deferred", most=MOST_MINUTES, refusal=refusals.BAD_DEFERRED)
    validity = _read_number(given, "validity", most=MOST_MINUTES, refusal=refusals.BAD_VALIDITY)
    times: dict[str, Any] = {}
    begins = now() + timedelta(minutes=deferred)
    if deferred:
        times["send_at"] = begins
    if validity:
        times["expires_at"] = begins + timedelta(minutes=validity)
    return times


def _read_number(given: Given, name: str, *, most: int, refusal: tuple[int, str]) -> int:
    text = given.get(name, given.get(name.replace("-", ""), b"")).decode("latin-1").strip() or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS and int(text) <= most):
        raise KannelRefusal(refusal)
    return int(text)
