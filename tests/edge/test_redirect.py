import asyncio
import time

import pytest
from aiohttp import ClientSession
from multidict import CIMultiDict

from edge.conftest import (
    PHONE,
    EdgeServer,
    a_range,
    clicks_of,
    open_status,
    publish_range,
    range_count,
    token,
    until,
)
from textwell.core.bus import Bus
from textwell.core.wire import UNREADABLE_AGENT


@pytest.fixture
async def links(stream: Bus, http: ClientSession) -> None:
    """Range 1 leads to the shop, range 2 has expired, range 3 is another workspace's."""
    other_key = "AAAAAAAAAAAAAAAAAAAAAA=="
    await publish_range(stream, a_range())
    await publish_range(stream, a_range(2, 3000, expires_at=time.time() - 1))
    await publish_range(stream, a_range(3, 5000, workspace_id=6, key=other_key))

    async def has_all() -> bool:
        return await range_count(http) >= 3

    await until(has_all)


async def test_a_link_leads_to_its_target_and_the_click_is_stored(
    links: None, http: ClientSession, stream: Bus
) -> None:
    async with http.get(f"/{token(1234)}", allow_redirects=False) as answer:
        assert answer.status == 302
        assert answer.headers["Location"] == "https://shop.example/sale?utm_source=sms"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"

    (click,) = await clicks_of(stream)
    assert (click.token, click.workspace_id, click.campaign_id) == (token(1234), 5, 9)
    assert (click.message_id, click.link_number, click.method) == (1234, 1, "GET")
    assert (click.user_agent, click.ip) == (PHONE, "127.0.0.1")
    assert click.headers["accept-language"] == "en"


async def test_the_second_link_of_a_message_has_its_own_target(
    links: None, http: ClientSession
) -> None:
    async with http.get(f"/{token(1500, 2)}", allow_redirects=False) as answer:
        assert answer.headers["Location"] == "https://shop.example/2"


async def test_prefetch_and_head_are_stored_with_what_tells_them(
    links: None, http: ClientSession, stream: Bus
) -> None:
    assert await open_status(http, f"/{token(1001)}", headers={"Sec-Purpose": "prefetch"}) == 302
    async with http.head(f"/{token(1002)}", allow_redirects=False) as answer:
        assert answer.status == 302

    prefetch, head = await clicks_of(stream)
    assert prefetch.headers["sec-purpose"] == "prefetch"
    assert head.method == "HEAD"


async def test_a_proxy_on_this_machine_says_whom_it_speaks_for(
    links: None, http: ClientSession, stream: Bus
) -> None:
    headers = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "CF-IPCountry": "VN"}
    await open_status(http, f"/{token(1003)}", headers=headers)

    (click,) = await clicks_of(stream)
    assert click.ip == "198.51.100.7"
    assert click.headers["cf-ipcountry"] == "VN"


async def test_of_several_forwarded_headers_the_proxys_own_is_the_last(
    links: None, http: ClientSession, stream: Bus
) -> None:
    headers = [("X-Forwarded-For", "192.0.2.66"), ("X-Forwarded-For", "198.51.100.7")]
    async with http.get(
        f"/{token(1006)}", allow_redirects=False, headers=CIMultiDict(headers)
    ) as answer:
        assert answer.status == 302

    (click,) = await clicks_of(stream)
    assert click.ip == "198.51.100.7"


async def test_a_user_agent_with_other_characters_is_kept_apart_from_none_at_all(
    links: None, http: ClientSession, edge: EdgeServer, stream: Bus
) -> None:
    for agent in (b"User-Agent: App/1.0 (\xe5\xbe\xae)\r\n", b""):
        reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
        line = f"GET /{token(1007)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n".encode()
        writer.write(line + agent + b"\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 302 ")
        writer.close()

    unreadable, none = await clicks_of(stream)
    assert (unreadable.user_agent, none.user_agent) == (UNREADABLE_AGENT, "")


@pytest.mark.parametrize("mark", [".", ")", ",", "…"])
async def test_punctuation_stuck_to_a_link_is_forgiven(
    links: None, http: ClientSession, mark: str
) -> None:
    assert await open_status(http, f"/{token(1004)}{mark}") == 302


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/zzzzzzzz",
        "/abc",
        "/abcdefgh",
        f"/{token(2000)}",
        f"/{token(1000, 3)}",
        "/a/b",
        "/dlr",
    ],
)
async def test_an_unknown_token_gets_a_page_and_no_click(
    links: None, http: ClientSession, stream: Bus, path: str
) -> None:
    async with http.get(path, allow_redirects=False) as answer:
        assert answer.status == 404
        assert "This link leads nowhere" in await answer.text()

    assert await clicks_of(stream) == []


async def test_an_expired_link_says_so(links: None, http: ClientSession, stream: Bus) -> None:
    async with http.get(f"/{token(3001)}", allow_redirects=False) as answer:
        assert answer.status == 410
        assert "limited time" in await answer.text()

    assert await clicks_of(stream) == []


async def test_a_token_of_one_workspace_opens_nothing_of_another(
    links: None, http: ClientSession
) -> None:
    assert await open_status(http, f"/{token(5001)}") == 404  # made with the key of workspace 5


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("vi,en;q=0.5", "vi"),
        ("zh-TW,zh;q=0.9", "zh-hant"),
        ("zh-CN", "zh-hans"),
        ("de-DE,fr;q=0.8,en;q=0.7", "fr"),
        ("es-MX", "es"),
        ("xx", "en"),
        ("en;q=0.1,vi;q=bad", "en"),
    ],
)
async def test_pages_speak_the_visitors_language(
    http: ClientSession, accept: str, language: str
) -> None:
    async with http.get("/zzzzzzzz", headers={"Accept-Language": accept}) as answer:
        assert answer.headers["Content-Language"] == language
        assert f'<html lang="{language}">' in await answer.text()


@pytest.mark.parametrize("method", ["POST", "OPTIONS", "PUT", "DELETE"])
async def test_other_methods_are_refused(links: None, http: ClientSession, method: str) -> None:
    async with http.request(method, f"/{token(1005)}", allow_redirects=False) as answer:
        assert answer.status == 405
        assert answer.headers["Allow"] == "GET, HEAD"


async def test_a_deleted_range_stops_leading_anywhere(
    links: None, http: ClientSession, stream: Bus
) -> None:
    await publish_range(stream, a_range(7, 7000))

    async def leads() -> bool:
        return await open_status(http, f"/{token(7001)}") == 302

    await until(leads)
    await (await stream.kv("links")).delete("7")

    async def leads_nowhere() -> bool:
        return await open_status(http, f"/{token(7001)}") == 404

    await until(leads_nowhere)


async def test_a_thousand_clicks_at_once_are_stored_once_each(
    links: None, http: ClientSession, stream: Bus, edge: EdgeServer
) -> None:
    ids = list(range(1000, 2000))
    statuses = await asyncio.gather(*(open_status(http, f"/{token(i)}") for i in ids))

    assert set(statuses) == {302}
    assert sorted(click.message_id for click in await clicks_of(stream)) == ids


async def test_health_and_metrics_answer(links: None, http: ClientSession) -> None:
    assert await open_status(http, "/healthz") == 200
    async with http.get("/metrics") as answer:
        assert "textwell_edge_clicks_stored_total" in await answer.text()


async def test_metrics_are_not_for_strangers(http: ClientSession) -> None:
    assert await open_status(http, "/metrics", headers={"X-Forwarded-For": "203.0.113.9"}) == 404
