"""Addresses that short links lead to (pure): checked, put into ASCII, with UTM parameters."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from textwell.core.errors import FieldError

LONGEST_TARGET = 2000  # octets; what every browser and proxy takes

_PLACEHOLDER = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
# Names under which storage services, content networks and common frameworks sign a query.
_SIGNATURES = frozenset(
    (
        "signature", "x-amz-signature", "x-goog-signature", "x-oss-signature", "q-signature", "sig",
        "hmac", "hdnea", "hdnts", "__token__", "verify",
    )
)  # fmt: skip
# Characters with a meaning in addresses, and "%" so that what is encoded already stays as it is.
_KEEP = "/?#[]@!$&'()*+,;=:%~-._"


def prepare_target(target: str, *, field: str = "target") -> str:
    """The address as it goes into a Location header: ASCII, http or https, nothing to inject.

    Raises FieldError.
    """
    text = target.strip()
    mend = "Give a whole address such as https://shop.example/sale."
    if any(ord(c) < 0x20 or ord(c) == 0x7F for c in text):  # noqa: PLR2004 - control characters
        raise FieldError(field, "The address holds a control character.", mend)
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:  # UnicodeError of a name that is none, or a port out of range
        raise FieldError(field, f"The address cannot be read: {error}.", mend) from error
    if parts.scheme not in {"http", "https"} or not host:
        raise FieldError(field, "The address does not begin with https:// and a name.", mend)
    if parts.username or parts.password:
        raise FieldError(field, "The address holds a user name or password.", mend)
    netloc = f"[{host}]{port}" if ":" in host else f"{host}{port}"
    ready = quote(urlunsplit(parts._replace(netloc=netloc)), safe=_KEEP)
    if len(ready) > LONGEST_TARGET:
        raise FieldError(
            field, f"The address is longer than {LONGEST_TARGET} octets.", "Shorten it."
        )
    return ready


def add_utm(target: str, utm: Mapping[str, str], values: Mapping[str, str] | None = None) -> str:
    """The address with the UTM parameters that it does not carry already.

    Query and fragment of the address stay, and an address that is signed stays as it is: one
    parameter more would break its signature. `{{ name }}` in a parameter is filled from `values`
    (campaign, link_number …). Raises FieldError for a name that is not there.
    """
    parts = urlsplit(target)
    present = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    if not _SIGNATURES.isdisjoint(name.lower() for name in present):
        return target
    added = [
        (name, _fill(name, value, values or {}))
        for name, value in utm.items()
        if value and name not in present
    ]
    if not added:
        return target
    query = "&".join(filter(None, (parts.query, urlencode(added))))
    return urlunsplit(parts._replace(query=query))


def _fill(name: str, text: str, values: Mapping[str, str]) -> str:
    def value_of(match: re.Match[str]) -> str:
        wanted = match.group(1)
        if wanted not in values:
            known = ", ".join(sorted(values)) or "none"
            raise FieldError(name, f"There is no value named {wanted}.", f"Known here: {known}.")
        return values[wanted]

    return _PLACEHOLDER.sub(value_of, text)
