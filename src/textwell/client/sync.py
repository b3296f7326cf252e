"""The client for programs without asyncio, over the standard library alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlsplit

from textwell.client.call import Call, Listing, Request
from textwell.client.errors import NoAnswer
from textwell.client.retrying import Answer, Retries, read_answer

T = TypeVar("T")
AGENT = "textwell-client"


class Client:
    """One connection, kept open; not for use by several threads at once. Close it, or use `with`."""

    def __init__(
        self,
        url: str,
        api_key: str,
        *,
        timeout_s: float = 30.0,
        retries: Retries | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"{url!r} is no address: write it as https://sms.example.com")
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = kind(parts.hostname, parts.port, timeout=timeout_s)
        self._prefix = parts.path.rstrip("/")
        self._headers = {"Authorization": f"Bearer {api_key}", "User-Agent": AGENT}
        self._retries = retries or Retries()
        self._sleep = sleep

    def do(self, call: Call[T]) -> T:
        """The answer, after as many tries as it takes and is allowed.

        Raises:
            ApiError: the API refuses it; see its subclasses.
            NoAnswer: nothing came back, time after time.
        """
        request, tried = call.request(), 0
        while True:
            tried += 1
            answer, cause = self._try(request)
            wait_s = self._retries.wait_s(answer, tried)
            if wait_s is not None:
                self._sleep(wait_s)
                continue
            if answer is None:
                raise NoAnswer(f"{call.method} {call.path}: {cause}") from cause
            value: T = read_answer(answer)
            return value

    def items(self, listing: Listing[T]) -> Iterator[T]:
        """All of them, from every page."""
        while True:
            page = self.do(listing)
            yield from page["items"]
            if page["next"] is None:
                return
            listing = listing.after(page["next"])

    def _try(self, request: Request) -> tuple[Answer | None, Exception | None]:
        headers = {**self._headers, **request.headers}
        target = self._prefix + request.target
        try:
            self._connection.request(request.method, target, request.body, headers)
            response = self._connection.getresponse()
            body = response.read()
        except (OSError, HTTPException) as error:
            self._connection.close()  # the next try opens it anew
            return None, error
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, body), None

    def close(self) -> None:
        with suppress(OSError):
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
