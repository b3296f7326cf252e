"""Which addresses are outside, and a resolver that leads nowhere else.

For every call to an address that a person wrote. What counts is the judgement at connect time, of
the resolved address itself, so that a name cannot point inside later (DNS rebinding; OWASP,
"Server-Side Request Forgery Prevention").
"""

import socket
from ipaddress import ip_address

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver


class PrivateTarget(OSError):
    """The name leads to an address inside."""


def is_public(address: str) -> bool:
    """False for loopback, private, link-local, multicast, reserved and mapped ones of these."""
    parsed = ip_address(address.split("%", maxsplit=1)[0])
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_global and not parsed.is_multicast


class GuardedResolver(AbstractResolver):
    """Resolves names and refuses addresses inside."""

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
