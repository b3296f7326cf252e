"""One request of a short link: what is kept of it, and the click that it becomes."""

from typing import TYPE_CHECKING

import msgspec

from textwell.core.wire import UNREADABLE_AGENT, ClickItem
from textwell.edge.directory import Hit

if TYPE_CHECKING:
    from granian.rsgi import Scope

# What tells people from programs; nothing else of a request is kept.
_KEPT_HEADERS = (
    "accept",
    "accept-language",
    "purpose",
    "sec-purpose",
    "x-purpose",
    "x-moz",
    "sec-fetch-mode",
    "sec-fetch-dest",
    "sec-fetch-user",
    "x-requested-with",
)
# What a proxy in front of us knows about the place; from anyone else it would be a guess.
_PROXY_HEADERS = ("cf-ipcountry", "x-country-code")
_LONGEST_HEADER = 200
_LONGEST_AGENT = 1000
_LOOPBACK = ("127.", "::1")


class Visit(msgspec.Struct, gc=False):
    """A request on its way to the stream; `hit` is found while its batch is stored."""

    token: str
    at: float  # seconds since the epoch
    method: str
    user_agent: str
    ip: str
    headers: dict[str, str]
    host: str = ""  # at which it was asked
    hit: Hit | None = None


def read_visit(scope: "Scope", token: str, at: float) -> Visit:
    get = scope.headers.get
    kept = {
        name: value[:_LONGEST_HEADER] for name in _KEPT_HEADERS if (value := get(name)) is not None
    }
    agent = get("user-agent")
    if agent is None:
        # Granian gives no header that is not ASCII, but tells that it is there.
        agent = UNREADABLE_AGENT if "user-agent" in scope.headers else ""
    ip = peer_of(scope)
    if ip.startswith(_LOOPBACK):
        # A reverse proxy on this machine says whom it speaks for; anyone else could say anything.
        ip = _read_proxy(scope, kept) or ip
    return Visit(token, at, scope.method, agent[:_LONGEST_AGENT], ip, kept, asked_host(scope))


def click_of(visit: Visit, hit: Hit) -> ClickItem:
    found = hit.range
    return ClickItem(
        visit.token,
        found.workspace_id,
        hit.message_id,
        hit.link_number,
        found.campaign_id,
        visit.at,
        visit.method,
        visit.user_agent,
        visit.ip,
        visit.headers,
    )


def asked_host(scope: "Scope") -> str:
    """The host name that was asked, in lower case, with the port if one was said."""
    told = scope.headers.get("host") or scope.authority or ""
    return told.lower()


def peer_of(scope: "Scope") -> str:
    """The address that the connection comes from, without its port; '' if there is none."""
    return scope.client.rpartition(":")[0].strip("[]")


def _read_proxy(scope: "Scope", kept: dict[str, str]) -> str:
    for name in _PROXY_HEADERS:
        value = scope.headers.get(name)
        if value is not None:
            kept[name] = value[:2]
    # The proxy's own word comes last, in the last header of that name.
    told: list[str] = scope.headers.get_all("x-forwarded-for")  # type: ignore[attr-defined]  # not in its stubs
    return told[-1].rsplit(",", 1)[-1].strip() if told else ""
