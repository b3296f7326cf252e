"""Which host names a workspace may have for its short links."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from textwell.core.errors import FieldError
from textwell.core.settings import load_settings

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z")
_PORT = re.compile(r"[1-9][0-9]{0,4}\Z")
_LONGEST = 253  # RFC 1035, without the last dot


def read_host(text: str) -> str:
    """The name as it stands in a URL: lower case, IDNA.

    With a port only where calls to addresses inside are allowed, as in development.

    Raises:
        FieldError: it is no such name, or the installation's own.
    """
    text = text.strip()
    if "/" in text or "@" in text or "?" in text or "#" in text:
        _refuse(_("is an address, no host name"))
    name, colon, port = text.removesuffix(".").partition(":")
    if _is_ip(text) or _is_ip(name):
        _refuse(_("is an IP address"))
    may_have_port = load_settings().webhook_private_targets
    if colon and not (may_have_port and _PORT.match(port)):
        _refuse(_("has a port"))
    host = _to_idna(name)
    if "." not in host and not (may_have_port and colon):
        _refuse(_("is no whole host name"))
    host = f"{host}:{port}" if colon else host
    _refuse_own(host)
    return host


def installation_host() -> str:
    """The name of the installation's own short links."""
    return urlsplit(load_settings().link_url).hostname or ""


def _to_idna(name: str) -> str:
    try:
        host = name.lower().encode("idna").decode().lower()
    except UnicodeError:
        host = ""
    labels = host.split(".")
    if len(host) > _LONGEST or not all(map(_LABEL.match, labels)) or labels[-1].isdecimal():
        _refuse(_("is no host name"))
    return host


def _is_ip(text: str) -> bool:
    try:
        ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True


def _refuse_own(host: str) -> None:
    settings = load_settings()
    pages = urlsplit(settings.public_url)
    links = urlsplit(settings.link_url)
    if host in {pages.hostname, pages.netloc.lower(), *map(str.lower, settings.allowed_hosts)}:
        mend = _("Take another name, such as go.example.com.")
        raise FieldError("host", _("is where the pages of this installation are"), mend)
    if host in {links.hostname, links.netloc.lower()}:
        mend = _("Leave it out: links begin with it anyway.")
        raise FieldError("host", _("is the link domain of the whole installation"), mend)


def _refuse(problem: str) -> None:
    mend = _("Write the name alone, such as go.example.com.")
    raise FieldError("host", problem, mend)
