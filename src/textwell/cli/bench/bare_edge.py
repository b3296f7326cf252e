"""Twins of the HTTP roles as bare RSGI: nothing is looked up, nothing is proved, nothing is stored."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from granian._granian import RSGIHTTPProtocol as HTTPProtocol
    from granian.rsgi import Scope

_REDIRECT = [("location", "https://shop.lotus.example/weekend")]
_PLAIN = [("content-type", "text/plain; charset=utf-8")]

_JSON = [("content-type", "application/json")]


async def application(_scope: "Scope", door: "HTTPProtocol") -> None:
    """The twin of `redirect`: the same 302 for every request."""
    door.response_empty(302, _REDIRECT)


async def webhook(_scope: "Scope", door: "HTTPProtocol") -> None:
    """The twin of `webhooks`: take the body and say ok."""
    await door()
    door.response_bytes(200, _PLAIN, b"ok")


async def taken(_scope: "Scope", door: "HTTPProtocol") -> None:
    """The twin of `api`: take the body and say that it is accepted."""
    await door()
    door.response_bytes(202, _JSON, b'{"id":1}')
