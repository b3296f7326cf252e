"""Opens links as people's phones do, and as the machines do that look at links before them."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import Final

import aiohttp

from textwell.gateways.providers.simulator.log import LogWriter
from textwell.gateways.providers.simulator.people import Visit

_AT_ONCE: Final = 64
_GRACE_S: Final = 2.0
_PHONES: Final = (
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/18.6 Mobile/15E148 Safari/604.1"
    ),
    (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/141.0.0.0 Mobile Safari/537.36"
    ),
    (
        "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-A546E) AppleWebKit/537.36 (KHTML, like Gecko) "
        "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36"
    ),
    (
        "Mozilla/5.0 (Linux; Android 13; 2201117TG) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/139.0.0.0 Mobile Safari/537.36"
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "CriOS/140.0.7339.101 Mobile/15E148 Safari/604.1"
    ),
    (
        "Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/17.6 Mobile/15E148 Safari/604.1"
    ),
)
_MACHINES: Final[tuple[dict[str, str], ...]] = (
    {"User-Agent": "WhatsApp/2.23.20.0"},
    {"User-Agent": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"},
    {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
    {"User-Agent": _PHONES[1], "Purpose": "prefetch", "Sec-Purpose": "prefetch"},
    {"User-Agent": "python-requests/2.32.3"},
    {"User-Agent": ""},
)
_LANGUAGES: Final = (
    "en-US,en;q=0.9",
    "vi-VN,vi;q=0.9,en;q=0.6",
    "es-ES,es;q=0.9",
    "fr-FR,fr;q=0.9",
)


def headers_of(visit: Visit) -> dict[str, str]:
    """Request headers of this visitor; the same lot gives the same."""
    if visit.kind == "machine":
        return dict(_MACHINES[visit.lot % len(_MACHINES)])
    lot = visit.lot
    return {
        # As a proxy in front of the edge says it: each phone has an address of its own.
        "X-Forwarded-For": f"10.{lot >> 16 & 255}.{lot >> 8 & 255}.{lot & 255}",
        "User-Agent": _PHONES[lot % len(_PHONES)],
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Language": _LANGUAGES[visit.lot // 8 % len(_LANGUAGES)],
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
        "Upgrade-Insecure-Requests": "1",
    }


class Browsers:
    """Opens links, a few dozen at a time. Redirects are not followed: the shop is not ours."""

    def __init__(self, log: LogWriter, counts: Counter[str]) -> None:
        self._log = log
        self._counts = counts
        self._gate = asyncio.Semaphore(_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._http: aiohttp.ClientSession | None = None
        self._is_closed = False

    def visit(self, msisdn: str, visit: Visit) -> None:
        """Open the link soon; what came of it goes to the log. Nothing after `close`."""
        if self._is_closed:
            return
        task = asyncio.get_running_loop().create_task(self._open(msisdn, visit))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _open(self, msisdn: str, visit: Visit) -> None:
        async with self._gate:
            status = await self._get(visit)
        self._counts[f"clicks_{visit.kind}"] += 1
        at = int(time.time() * 1000)
        self._log.extend([f"C\t{at}\t+{msisdn}\t{visit.kind}\t{status}\t{visit.url}\n"])

    async def _get(self, visit: Visit) -> int:
        """HTTP status, 0 if nobody answered."""
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10))
        try:
            async with self._http.get(
                visit.url,
                headers=headers_of(visit),
                allow_redirects=False,
                skip_auto_headers=("User-Agent",),
            ) as response:
                return response.status
        except (aiohttp.ClientError, TimeoutError):
            return 0

    async def close(self) -> None:
        """Let what is under way end, within two seconds."""
        self._is_closed = True
        tasks = list(self._tasks)
        if tasks:  # what the other end has seen belongs into the log
            await asyncio.wait(tasks, timeout=_GRACE_S)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._http is not None:
            await self._http.close()
