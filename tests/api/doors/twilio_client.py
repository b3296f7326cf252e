"""Twilio's client with our address where Twilio's stood."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from requests import Session
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client


class OurHost(TwilioHttpClient):
    """The client's own HTTP, to another host."""

    def __init__(self, server: str) -> None:
        super().__init__()
        self.server = server

    def request(self, method: str, url: str, *args: Any, **kw: Any) -> Response:
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        return super().request(method, self.server + path, *args, **kw)


def close_sessions(names: Mapping[str, object]) -> None:
    """Its connections stay open until somebody closes them."""
    for each in names.values():
        session = getattr(getattr(each, "http_client", None), "session", None)
        if isinstance(each, Client) and isinstance(session, Session):
            session.close()
