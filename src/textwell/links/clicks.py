"""Raw clicks into rows: who clicked (person or program), with what, from where."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

from textwell.core.wire import ClickItem, Part
from textwell.links.agents import classify_agent
from textwell.links.geo import Place, find_place

KeepsIp = Callable[[int, str], bool]
"""Whether the address may be kept, by message id and country of the click ('' if not known)."""

_WINDOW_S = 60.0
_MOST_ADDRESSES = 50_000
_COUNTRY_HEADERS = ("cf-ipcountry", "x-country-code")
_LONGEST = {"os": 40, "browser": 60, "method": 8}


@dataclass(frozen=True, slots=True)
class JudgedClick:
    """A row of links_click; the fields stand in the order of `sql.INSERT_CLICKS`."""

    stream_key: str
    workspace_id: int
    campaign_id: int | None
    message_id: int
    link_number: int
    at: datetime
    method: str
    kind: str
    kind_reason: str
    device: str
    os: str
    browser: str
    country: str
    region: str
    user_agent: str
    raw_ip: str | None

    def as_row(self) -> tuple[Any, ...]:  # Any: columns of several types
        return astuple(self)


class RecentAddresses:
    """How many different messages were clicked from an address within the last minute.

    In memory of this process alone: forgotten at a restart, which costs a little suspicion and
    never a click.
    """

    def __init__(self) -> None:
        self._seen: dict[str, tuple[float, set[int]]] = {}
        self._lock = threading.Lock()

    def count(self, ip: str, message_id: int, at: float) -> int:
        if not ip:
            return 1
        with self._lock:
            since, messages = self._seen.get(ip, (at, set()))
            if at - since > _WINDOW_S:
                since, messages = at, set()
            messages.add(message_id)
            if ip not in self._seen and len(self._seen) >= _MOST_ADDRESSES:
                self._seen.clear()
            self._seen[ip] = (since, messages)
            return len(messages)


_recent = RecentAddresses()


def judge_clicks(
    parts: Sequence[Part[ClickItem]],
    handed_at: Mapping[int, float],
    *,
    keeps_ip: KeepsIp,
    geo_file: str = "",
) -> list[JudgedClick]:
    """One row for each click; the stream key of a row is its message's and its place in it.

    `geo_file`: path of the MMDB file that says where addresses are; empty: none does.
    """
    return [
        _judge(f"{part.key}.{place}", item, handed_at.get(item.message_id), keeps_ip, geo_file)
        for part in parts
        for place, item in enumerate(part.items, part.first)
    ]


def _judge(
    stream_key: str,
    item: ClickItem,
    handed_at: float | None,
    keeps_ip: KeepsIp,
    geo_file: str,
) -> JudgedClick:
    ip = _valid_ip(item.ip)
    country, region = _place_of(item.headers, ip, geo_file)
    verdict = classify_agent(
        item.user_agent,
        item.method,
        item.headers,
        None if handed_at is None else max(0.0, item.at - handed_at),
        _recent.count(ip or "", item.message_id, item.at),
    )
    return JudgedClick(
        stream_key=stream_key,
        workspace_id=item.workspace_id,
        campaign_id=item.campaign_id,
        message_id=item.message_id,
        link_number=item.link_number,
        at=datetime.fromtimestamp(min(item.at, time.time() + 1), UTC),
        method=item.method[: _LONGEST["method"]],
        kind=verdict.kind.value,
        kind_reason=verdict.reason,
        device=verdict.device.value,
        os=verdict.os[: _LONGEST["os"]],
        browser=verdict.browser[: _LONGEST["browser"]],
        country=country,
        region=region,
        user_agent=item.user_agent.replace("\0", ""),  # PostgreSQL's text holds no NUL
        raw_ip=ip if keeps_ip(item.message_id, country) else None,
    )


def _valid_ip(text: str) -> str | None:
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        return None


def _place_of(headers: Mapping[str, str], ip: str | None, geo_file: str) -> Place:
    """A proxy's word on the country wins; the file's region stands only where both agree."""
    told, found = _country_of(headers), find_place(geo_file, ip)
    return found if told in ("", found.country) else Place(told)


def _country_of(headers: Mapping[str, str]) -> str:
    """ISO 3166-1, where a proxy in front of the edge told it."""
    for name in _COUNTRY_HEADERS:
        value = headers.get(name, "").strip().upper()
        if len(value) == 2 and value.isascii() and value.isalpha() and value != "XX":  # noqa: PLR2004
            return value
    return ""
