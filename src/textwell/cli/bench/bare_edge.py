"""The twin of `redirect`: a fixed 302 as bare RSGI; nothing is looked up, nothing is stored."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from granian._granian import RSGIHTTPProtocol as HTTPProtocol
    from granian.rsgi import Scope

_HEADERS = [("location", "https://shop.lotus.example/weekend")]


async def application(_scope: "Scope", door: "HTTPProtocol") -> None:
    """Answer every request the same."""
    door.response_empty(302, _HEADERS)
