"""Addresses that short links lead to: checked, put into ASCII, with UTM parameters. No database."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from django.utils.translation import gettext as _

from textwell.core.errors import FieldError

LONGEST_TARGET = 2000  # octets; what every browser and proxy takes

_PLACEHOLDER = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}")
# Also as browsers and the API encode it.
_PLACE_IN_ADDRESS = re.compile(r"(?:\{|%7B){2}.*?(?:\}|%7D){2}", re.IGNORECASE)
_ANY_ADDRESS = "https://example.org/"
_KEPT_BY_BROWSERS = frozenset("ßς")
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_HOST = re.compile(r"[\w.-]+", re.ASCII)
# Names under which storage services, content networks and common frameworks sign a query.
_SIGNATURES = frozenset(
    (
        "signature", "x-amz-signature", "x-goog-signature", "x-oss-signature", "q-signature", "sig",
        "hmac", "hdnea", "hdnts", "__token__", "verify",
    )
)  # fmt: skip
# Characters with a meaning in addresses, and "%" so that what is encoded already stays as it is.
_KEEP = "/?#[]@!$&'()*+,;=:%~-._"


def judge_targets(
    targets: Sequence[str], *, utm: Mapping[str, str], values: Mapping[str, str]
) -> tuple[list[str], list[FieldError]]:
    """The addresses as they are stored, with their UTM parameters, and what is wrong with the rest.

    Whoever defines links and whoever says beforehand whether that will do ask here, so that they
    cannot differ. Errors are on `targets.<number>`, from 1, or `utm.<name>`, each once.
    """
    ready: list[str] = []
    errors: dict[str, FieldError] = {}
    for number, target in enumerate(targets, start=1):
        field, plain = f"targets.{number}", _ANY_ADDRESS
        try:
            plain = prepare_target(target, field=field)
        except FieldError as error:  # its parameters are judged all the same
            errors[field] = error
        try:
            whole = add_utm(plain, utm, {**values, "link_number": str(number)})
            _refuse_length(whole, field)
            ready.append(whole)
        except FieldError as error:
            errors.setdefault(error.field, error)
    return ready, list(errors.values())


def prepare_target(target: str, *, field: str = "target") -> str:
    """The address as it goes into a Location header: ASCII, http or https, nothing to inject.

    Raises FieldError.
    """
    text = target.strip()
    _refuse_characters(text, field)
    mend = _("Give a whole address such as https://shop.example/sale.")
    try:
        parts = urlsplit(text)
        host = _to_ascii(parts.hostname or "")
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:  # UnicodeError of a name that is none, or a port out of range
        problem = _("The address cannot be read: %(error)s.") % {"error": error}
        raise FieldError(field, problem, mend) from error
    if parts.scheme not in {"http", "https"} or not host:
        raise FieldError(field, _("The address does not begin with https:// and a name."), mend)
    if parts.username is not None or parts.password is not None:
        mend = _("Remove what stands before the @ in the name.")
        raise FieldError(field, _("The address holds a user name or password."), mend)
    if ":" not in host and not _HOST.fullmatch(host):
        problem = _("“%(host)s” is no name of a computer.") % {"host": host[:60]}
        raise FieldError(field, problem, mend)
    netloc = f"[{host}]{port}" if ":" in host else f"{host}{port}"
    ready = quote(urlunsplit(parts._replace(netloc=netloc)), safe=_KEEP)
    _refuse_length(ready, field)
    return ready


def _to_ascii(host: str) -> str:
    """Raises UnicodeError. The library's IDNA of 2003 makes another name of ß and ς than browsers do."""
    return ".".join(
        f"xn--{unicodedata.normalize('NFC', label).encode('punycode').decode()}"
        if not _KEPT_BY_BROWSERS.isdisjoint(label)
        else label.encode("idna").decode()
        for label in _DOTS.split(host)
    )


def _refuse_length(ready: str, field: str) -> None:
    if len(ready) > LONGEST_TARGET:
        problem = _(
            "The address is longer than %(most)s octets, with its UTM parameters and in ASCII."
        ) % {"most": LONGEST_TARGET}
        raise FieldError(field, problem, _("Shorten it."))


def _refuse_characters(text: str, field: str) -> None:
    if any(ord(c) < 0x20 or ord(c) == 0x7F for c in text):  # noqa: PLR2004 - control characters
        mend = _("Give a whole address such as https://shop.example/sale.")
        raise FieldError(field, _("The address holds a control character."), mend)
    place = _PLACE_IN_ADDRESS.search(text)
    if place:
        problem = _("The address holds “%(place)s”, which nothing fills in.")
        mend = _("Remove it: a link leads everybody to the same address.")
        raise FieldError(field, problem % {"place": place.group()[:60]}, mend)


def add_utm(target: str, utm: Mapping[str, str], values: Mapping[str, str] | None = None) -> str:
    """The address with the UTM parameters that it does not carry already.

    Query and fragment of the address stay, and an address that is signed stays as it is: one
    parameter more would break its signature. `{{ name }}` in a parameter is filled from `values`
    (campaign, link_number …). Raises FieldError for a name that is not there.
    """
    parts = urlsplit(target)
    present = {name for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
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
    field = f"utm.{name}"
    known = ", ".join(f"{{{{ {each} }}}}" for each in sorted(values)) or "–"
    mend = _("Known here: %(known)s.") % {"known": known}

    def value_of(match: re.Match[str]) -> str:
        wanted = match.group(1)
        if wanted not in values:
            problem = _("There is no value named “%(name)s” for links.") % {"name": wanted}
            raise FieldError(field, problem, mend)
        return values[wanted]

    if _BRACES.search(_PLACEHOLDER.sub("", text)):
        raise FieldError(field, _("It holds braces that cannot be read."), mend)
    return _PLACEHOLDER.sub(value_of, text)
