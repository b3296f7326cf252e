"""Answers of the public doors, as RSGI (granian's interface) takes them.

A scope is what was asked, a door is the way to answer it, once.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from granian._granian import RSGIHTTPProtocol as HTTPProtocol

Header = tuple[str, str]

NO_STORE: Header = ("cache-control", "no-store")
# A target must not learn the token from the Referer header.
NO_REFERRER: Header = ("referrer-policy", "no-referrer")
NO_INDEX: Header = ("x-robots-tag", "noindex, nofollow")
NO_SNIFF: Header = ("x-content-type-options", "nosniff")


def reply(
    door: "HTTPProtocol", status: int, body: bytes, kind: str, headers: Iterable[Header] = ()
) -> None:
    head = [("content-type", kind), NO_STORE, NO_SNIFF, *headers]
    door.response_bytes(status, head, body)


def reply_text(
    door: "HTTPProtocol", status: int, text: str, headers: Iterable[Header] = ()
) -> None:
    reply(door, status, text.encode(), "text/plain; charset=utf-8", headers)


def reply_page(
    door: "HTTPProtocol",
    status: int,
    body: bytes,
    headers: Iterable[Header] = (),
    *,
    language: str,
    policy: str,
) -> None:
    """A page made in the language that its reader's browser asks for."""
    more = [
        ("content-language", language),
        ("content-security-policy", policy),
        ("vary", "accept-language"),
        NO_REFERRER,
        NO_INDEX,
        *headers,
    ]
    reply(door, status, body, "text/html; charset=utf-8", more)


def reply_problem(
    door: "HTTPProtocol",
    status: int,
    title: str,
    detail: str = "",
    headers: Iterable[Header] = (),
) -> None:
    """RFC 9457."""
    body = orjson.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail})
    reply(door, status, body, "application/problem+json", headers)
