"""Leg `pages`: every page through the real HTTP server, with a million people and with a thousand."""

import http.client
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from textwell.cli.bench.figures import LegResult
from textwell.cli.bench.pages_addresses import addresses
from textwell.cli.bench.pages_fill import Filled, fill_workspace
from textwell.cli.bench.pairs import Pairs
from textwell.cli.bench.servers import make_streams, wait_for_answer, web_role
from textwell.runtime.stores.nats import free_port

FEW = 1_000  # people of the twin
OPENED = 20  # times each page is opened in a round
SLOWEST_S = 5.0  # a page that took longer the first time is opened only twice more
MOST_MS, AIM_MS = 200, 100


@dataclass(slots=True)
class Page:
    """What opening one address took, in milliseconds."""

    times: list[float] = field(default_factory=list)
    query_count: int = 0

    @property
    def p50(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return sorted(self.times)[max(0, -(-len(self.times) * 95 // 100) - 1)]


def run_pages(people: int, rounds: int) -> LegResult:
    """Fills a workspace for the pages unless an earlier run left one of this size."""
    make_streams()
    filled, few = fill_workspace(people), fill_workspace(FEW)
    faults: list[str] = []
    port = free_port()
    with web_role(port):
        wait_for_answer(port, "GET", "/sign-in", 200)
        many = _measure(port, filled, rounds, faults)
        twin = _measure(port, few, rounds, faults)
    names = sorted(many, key=lambda name: -many[name].p95)
    return LegResult(
        leg="pages",
        what=f"p95 of {len(many)} pages, each opened {rounds * OPENED} times by one reader,"
        f" with {filled.message_count:,} messages",
        twin=f"the same pages with {FEW:,} people",
        unit="ms, p95 of each page, less is better",
        pairs=Pairs(
            tuple(many[name].p95 for name in names), tuple(twin[name].p95 for name in names)
        ),
        entry="HTTP request to the web role; to the last byte of the answer",
        durability="nothing is written",
        count=people,
        least=MOST_MS,
        aim=AIM_MS,
        less_is_better=True,
        void="; ".join(faults),
        more={_row(name, many[name], twin[name]): tuple(many[name].times) for name in names},
    )


def _row(name: str, page: Page, twin: Page) -> str:
    return (
        f"{name}: p50 {page.p50:.1f}, p95 {page.p95:.1f}; twin {twin.p50:.1f}, {twin.p95:.1f};"
        f" {page.query_count} queries"
    )


def _measure(port: int, filled: Filled, rounds: int, faults: list[str]) -> dict[str, Page]:
    client = Client()
    client.force_login(filled.owner)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    found = addresses(filled)
    pages = {name: Page(query_count=_count_queries(client, path)) for name, path in found.items()}
    for _round in range(rounds):
        for name, path in found.items():
            pages[name].times += _open(port, path, cookie, faults)
    return pages


def _count_queries(client: Client, path: str) -> int:
    """In this process: a server of its own cannot be asked."""
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    return len(asked)


def _open(port: int, path: str, cookie: str, faults: list[str]) -> Iterator[float]:
    """Milliseconds of each opening; the first one, which warms up, is not counted."""
    server = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    for number in range(OPENED + 1):
        began = time.perf_counter()
        server.request("GET", path, headers={"Cookie": cookie})
        answer = server.getresponse()
        answer.read()
        took = time.perf_counter() - began
        if answer.status != http.client.OK:
            faults.append(f"{path} answered {answer.status}")
            yield took * 1_000
            break
        if number:
            yield took * 1_000
        if number > 1 and took > SLOWEST_S:
            break
    server.close()
