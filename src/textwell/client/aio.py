"""The client for asyncio, over aiohttp."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from types import TracebackType
from typing import Self, TypeVar

import aiohttp
from yarl import URL

from textwell.client.call import Call, Listing, Request
from textwell.client.errors import NoAnswer
from textwell.client.retrying import Answer, Retries, read_answer
from textwell.client.sync import AGENT

T = TypeVar("T")


class AsyncClient:
    """As `Client`, for any number of tasks at once. Close it, or use `async with`."""

    def __init__(
        self,
        url: str,
        api_key: str,
        *,
        timeout_s: float = 30.0,
        retries: Retries | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._url = url.rstrip("/")
        self._http = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {api_key}", "User-Agent": AGENT},
            timeout=aiohttp.ClientTimeout(total=timeout_s),
        )
        self._retries = retries or Retries()
        self._sleep = sleep

    async def do(self, call: Call[T]) -> T:
        """As `Client.do`."""
        request, tried = call.request(), 0
        while True:
            tried += 1
            answer, cause = await self._try(request)
            wait_s = self._retries.wait_s(answer, tried)
            if wait_s is not None:
                await self._sleep(wait_s)
                continue
            if answer is None:
                raise NoAnswer(f"{call.method} {call.path}: {cause}") from cause
            value: T = read_answer(answer)
            return value

    async def items(self, listing: Listing[T]) -> AsyncIterator[T]:
        """All of them, from every page."""
        while True:
            page = await self.do(listing)
            for item in page["items"]:
                yield item
            if page["next"] is None:
                return
            listing = listing.after(page["next"])

    async def _try(self, request: Request) -> tuple[Answer | None, Exception | None]:
        url = URL(self._url + request.target, encoded=True)
        try:
            async with self._http.request(
                request.method,
                url,
                data=request.body,
                headers=request.headers,
                allow_redirects=False,
            ) as response:
                body = await response.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            return None, error
        found = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, found, body), None

    async def close(self) -> None:
        await self._http.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()
