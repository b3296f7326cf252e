"""Hides numbers of people and secrets in whatever is written to a log or shown to a person.

It errs on the side of hiding: any run of nine digits or more counts as somebody's number, however
it is written (a plus sign or `%2B`, blanks, dashes, dots, brackets between the digits), in texts,
integers, octets, keys and whatever `repr` tells of an object. What stays as it is: dates, IPv4
addresses, and integers under the names of our own ids.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

HIDDEN = "•••"
SHORTEST = 8  # what is shorter is hidden whole
HEAD, TAIL, LEAST_HIDDEN = 5, 3, 4
MOST_DEPTH = 8

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
# What looks like a number of a person and is none: left as it is.
_PLAIN = (
    r"(?<![\w+.-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"  # a date …
    r"(?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?"  # … and a time
    r"(?![\d]|[ .()/-]+\d)"
    rf"|(?<![\w+.-]){_OCTET}(?:\.{_OCTET}){{3}}(?![\d-]|\.\d)"  # an IPv4 address
)
_SIGN = r"(?:\+|%2b)"
_GAP = r"(?:[ \t\u00a0\u2007\u2009\u202f()./\-\u2010-\u2013+]|%20|%2d|%28|%29){0,3}"


def _number_pattern(*, least: int) -> "re.Pattern[str]":
    """`least` digits or more; with a plus sign one digit less is enough."""
    return re.compile(
        rf"(?P<plain>{_PLAIN})"
        rf"|(?P<plus>{_SIGN}){_GAP}\d(?:{_GAP}\d){{{least - 2},}}"
        rf"|\d(?:{_GAP}\d){{{least - 1},}}",
        re.IGNORECASE,
    )


_ANYWHERE = _number_pattern(least=9)
_UNDER_NAME = _number_pattern(least=6)  # under the name of a number a short one counts too
_ESCAPES = re.compile(r"%(?:2[0d89]|2b)", re.IGNORECASE)
_LOGIN = re.compile(r"(://[^\s/:@]*):[^\s/@]+@")  # of a connection string

_NUMBER_NAMES = frozenset({
    "msisdn", "recipient", "number", "phone", "mobile", "sender", "source_addr", "destination_addr",
    "msisdns", "recipients", "numbers", "phones", "to", "from",
})  # fmt: skip
_SECRET_NAMES = frozenset({
    "password", "secret", "token", "auth_token", "api_key", "authorization", "cookie", "secret_key",
})  # fmt: skip
_ID_NAMES = frozenset({
    "id", "message_id", "message_ids", "batch", "batch_id", "campaign", "campaign_id", "contact_id",
    "job", "job_id", "gateway_id", "workspace", "workspace_id", "window", "delivery", "endpoint",
    "pid", "port", "status_code", "lineno",
})  # fmt: skip
_TIME_NAMES = frozenset({"timestamp"})


def mask_msisdn(msisdn: str) -> str:
    """`+84901234567` becomes `+8490•••567`: enough to tell two apart, not to call.

    At least four characters are hidden, of a short number the beginning too.
    """
    if len(msisdn) < SHORTEST:
        return HIDDEN
    head = min(HEAD, len(msisdn) - TAIL - LEAST_HIDDEN)
    return f"{msisdn[:head]}{HIDDEN}{msisdn[-TAIL:]}"


def _masked(found: "re.Match[str]") -> str:
    if found["plain"] is not None:
        return found.group()
    bare = _ESCAPES.sub("", found.group())
    digits = "".join(filter(str.isdigit, bare))
    return mask_msisdn(f"+{digits}" if found["plus"] is not None else digits)


def mask_text(text: str) -> str:
    """Mask every number of a person inside a text, and passwords of connection strings."""
    return _ANYWHERE.sub(_masked, _LOGIN.sub(rf"\1:{HIDDEN}@", text))


def mask_value(name: str, value: Any, *, depth: int = 0) -> Any:  # Any: whatever was at hand
    """The value as it may be written: text, number, bool, None, or lists and dicts of these.

    `name` is the key that it stands under. Never raises; an object is shown by its masked repr.
    """
    if name.lower() in _SECRET_NAMES:
        return HIDDEN
    if value is None or isinstance(value, bool) or name in _TIME_NAMES:
        return value
    if isinstance(value, int | float):
        return _mask_amount(name, value)
    if depth < MOST_DEPTH:
        if isinstance(value, Mapping):
            return _mask_mapping(value, depth)
        if isinstance(value, list | tuple | set | frozenset):
            return [mask_value(name, each, depth=depth + 1) for each in value]
    return _mask_under(name, _as_text(value)) if not isinstance(value, UUID) else str(value)


def _mask_mapping(values: "Mapping[Any, Any]", depth: int) -> dict[str, Any]:
    return {
        mask_text(_as_text(name)): mask_value(_as_text(name), each, depth=depth + 1)
        for name, each in values.items()
    }


def _mask_amount(name: str, value: float) -> Any:  # Any: the amount, or its masked text
    if name in _ID_NAMES:
        return value
    whole = str(value) if isinstance(value, int) else f"{value:.0f}"
    masked = _mask_under(name, whole)
    return value if masked == whole else masked


def _mask_under(name: str, text: str) -> str:
    if name.lower() in _NUMBER_NAMES:
        return _UNDER_NAME.sub(_masked, text)
    return mask_text(text)


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode(errors="backslashreplace")
    if isinstance(value, date):  # a datetime too
        return value.isoformat()
    try:
        return repr(value)
    except Exception as error:  # noqa: BLE001 - a log line must not fail because of what it shows
        return f"<{type(value).__name__}: its repr raises {type(error).__name__}>"
