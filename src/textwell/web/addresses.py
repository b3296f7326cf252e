"""From where a request comes, also behind a reverse proxy on this machine."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address of who asks; "" where it is not known.

    A proxy on this machine says whom it speaks for, its own word last; anyone else could say anything.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if not _is_loopback(peer):
        return peer
    told = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
    return told if _read(told) else peer


def _is_loopback(value: str) -> bool:
    read = _read(value)
    if isinstance(read, IPv6Address):
        read = read.ipv4_mapped or read
    return read is not None and read.is_loopback


def _read(value: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(value)
    except ValueError:
        return None
