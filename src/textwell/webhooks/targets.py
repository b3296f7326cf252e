"""Where a webhook may go: public addresses only, unless the operator allows private ones.

The check at save time is for a clear word to the person; the one that counts is at connect time,
where the resolved address itself is judged, so that a name cannot point inside later (DNS
rebinding; OWASP, "Server-Side Request Forgery Prevention").
"""

import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from django.utils.translation import gettext as _

from textwell.core.errors import FieldError
from textwell.core.settings import load_settings

LONGEST_URL = 500


class PrivateTarget(OSError):
    """The name leads to an address inside."""


def is_public(address: str) -> bool:
    """False for loopback, private, link-local, multicast, reserved and mapped ones of these."""
    parsed = ip_address(address.split("%", maxsplit=1)[0])
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_global and not parsed.is_multicast


def check_target(url: str, *, field: str = "url") -> str:
    """The URL, if a webhook may go there.

    Raises:
        FieldError: it is no http(s) address, carries a password, or its host is a private address.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        parts, host = None, ""
    if parts is None or parts.scheme not in {"http", "https"} or not host or len(url) > LONGEST_URL:
        mend = _("Write a whole address such as https://example.com/hooks.")
        raise FieldError(field, _("is no web address"), mend)
    if parts.username or parts.password:
        raise FieldError(
            field, _("carries a password"), _("Leave it out: deliveries are signed instead.")
        )
    if not load_settings().webhook_private_targets and _is_plainly_private(host):
        mend = _("Use a public address, or have the operator set TEXTWELL_WEBHOOK_PRIVATE_TARGETS.")
        raise FieldError(field, _("leads to a private address"), mend)
    return url


def _is_plainly_private(host: str) -> bool:
    try:
        return not is_public(host)
    except ValueError:
        name = host.rstrip(".").lower()
        return name == "localhost" or name.endswith((".localhost", ".local", ".internal"))


class GuardedResolver(AbstractResolver):
    """Resolves names for the deliverer and refuses addresses inside."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        allowed = [each for each in found if self._allow_private or is_public(each["host"])]
        if not allowed:
            raise PrivateTarget(f"{host} leads to a private address")
        return allowed

    async def close(self) -> None:
        await self._inner.close()
