"""The page of a text's opt-out link: looked at by programs without harm, two taps for a person."""

import asyncio

import pytest
from aiohttp import ClientSession

from edge.conftest import a_range, clicks_of, publish_range, range_count, token, until
from textwell.core.bus import Bus
from textwell.core.wire import OptOutItem, SpeakerItem, decode, encode
from textwell.links.tokens import OPT_OUT_NUMBER

BOTS = ("facebookexternalhit/1.1", "WhatsApp/2.23", "Googlebot/2.1", "curl/8.5", "")


def way_out(message_id: int = 1234) -> str:
    return f"/{token(message_id, OPT_OUT_NUMBER)}"


@pytest.fixture
async def links(stream: Bus, http: ClientSession) -> None:
    """A range whose other links have expired: the way out stays."""
    speaker = SpeakerItem(5, "Lotus", "Lotus Flowers <Ltd>", "1 Main Street", "care@lotus.example")
    await (await stream.kv("speakers")).put("5", encode(speaker))
    await publish_range(stream, a_range(expires_at=1.0))

    async def has_all() -> bool:
        async with http.get(way_out()) as answer:
            body = await answer.text()
        return await range_count(http) >= 1 and "Main Street" in body

    await until(has_all)


async def stops_of(stream: Bus) -> list[OptOutItem]:
    found: list[OptOutItem] = []
    while batch := await stream.pull("OPTOUT", "ingest", batch=50, timeout=0.2):
        for message in batch:
            found += decode(message.data, list[OptOutItem])
            await message.ack()
    return found


async def test_a_thousand_looks_of_programs_stop_nothing(
    links: None, http: ClientSession, stream: Bus
) -> None:
    async def look(number: int) -> int:
        headers = {"User-Agent": BOTS[number % len(BOTS)], "Purpose": "prefetch"}
        method = "HEAD" if number % 3 == 0 else "GET"
        async with http.request(method, way_out(1000 + number), headers=headers) as answer:
            await answer.read()
            return answer.status

    found = [await asyncio.gather(*map(look, range(at, at + 50))) for at in range(0, 1000, 50)]

    assert {status for some in found for status in some} == {200}
    assert await stops_of(stream) == []
    assert await clicks_of(stream) == []


async def test_one_press_stops_and_is_on_the_stream_before_it_is_said(
    links: None, http: ClientSession, stream: Bus
) -> None:
    async with http.get(way_out(), headers={"Accept-Language": "fr"}) as answer:
        body = await answer.text()
        assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Ne plus recevoir les SMS de Lotus ?" in body
    assert '<form method="post"><button>' in body
    assert "Lotus Flowers &lt;Ltd&gt;<br>1 Main Street<br>care@lotus.example" in body

    async with http.post(way_out(), headers={"Accept-Language": "fr"}) as answer:
        said = await answer.text()
        assert (answer.status, "C’est fait" in said) == (200, True)
        assert "Si vos données ont été effacées après ce SMS, ce lien ne retrouve plus" in said

    (stop,) = await stops_of(stream)
    assert (stop.workspace_id, stop.message_id, stop.campaign_id) == (5, 1234, 9)
    assert (stop.language, stop.wording) == ("fr", "Ne plus recevoir de SMS")


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Stop texts from Lotus?"),
        ("vi", "Ngừng nhận tin nhắn từ Lotus?"),
        ("zh-CN", "不再接收来自Lotus的短信？"),
        ("zh-TW", "不再接收來自Lotus的簡訊？"),
        ("es", "¿Dejar de recibir los SMS de Lotus?"),
    ],
)
async def test_the_page_speaks_the_persons_language(
    links: None, http: ClientSession, language: str, title: str
) -> None:
    async with http.get(way_out(), headers={"Accept-Language": language}) as answer:
        assert f"<h1>{title}</h1>" in await answer.text()


async def test_other_links_take_no_post(links: None, http: ClientSession, stream: Bus) -> None:
    async with http.post(f"/{token(1234)}") as answer:
        assert answer.status == 405

    assert await stops_of(stream) == []
