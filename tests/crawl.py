"""Follows every figure of a page: the list that it opens, and the file of that list."""

import csv
import html
import io
import re
from dataclasses import dataclass

from django.test import Client

_FIGURE = re.compile(r"<a ([^>]*\bdata-of=\"(\w+)\"[^>]*)>(.*?)</a>", re.DOTALL)
_HREF = re.compile(r'href="([^"]*)"')
_CELL = re.compile(r'<td class="r[^"]*"[^>]*>(.*?)</td>', re.DOTALL)
_TILES = re.compile(r'<dl class="figures">(.*?)</dl>', re.DOTALL)
_TILE = re.compile(r"<dd[^>]*>(.*?)</dd>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_NO_FIGURE = re.compile(
    r"<a .*?</a>|<time.*?</time>|[\d.,]+%|\d+<span class=\"faint\">/s</span>", re.DOTALL
)


@dataclass(frozen=True)
class Shown:
    """A number on a page: what it counts, as it is written, and where it leads."""

    of: str
    text: str
    href: str

    @property
    def number(self) -> int:
        return int("".join(re.findall(r"\d", self.text)))


def figures(page: str) -> list[Shown]:
    """Every number of the page that opens a list."""
    found = []
    for attributes, of, inner in _FIGURE.findall(page):
        href = _HREF.search(attributes)
        assert href, attributes
        found.append(Shown(of, html.unescape(_TAG.sub("", inner)).strip(), html.unescape(href[1])))
    return found


def dead_numbers(page: str) -> list[str]:
    """Numbers in tables and tiles that open nothing; times, rates and shares are none."""
    tiles = [tile for block in _TILES.findall(page) for tile in _TILE.findall(block)]
    left = [
        _TAG.sub("", _NO_FIGURE.sub("", each)).strip() for each in (*_CELL.findall(page), *tiles)
    ]
    return [each for each in left if re.search(r"\d", each)]


@dataclass(frozen=True)
class Opened:
    """The list that a number opens: its head, and the rows of its file."""

    total: int
    segments: int
    cost: str
    rows: list[dict[str, str]]


def open_figure(client: Client, href: str) -> Opened:
    answer = client.get(href)
    assert answer.status_code == 200, href
    page = answer.content.decode()
    head = re.search(r'id="total"[^>]*>([\d,.]+)<', page)
    sums = re.search(r'<p class="quiet small">(.*?)</p>', page, re.DOTALL)
    file = re.search(r'id="as-csv" href="([^"]*)"', page)
    assert head, href
    assert file, href
    summed = sums[1] if sums else "0 segments · –"  # some lists are of people without their texts
    segments = re.search(r"([\d,]+) segments?", summed)
    assert segments, summed
    content = client.get(html.unescape(file[1])).getvalue().decode("utf-8-sig")
    return Opened(
        total=int(head[1].replace(",", "")),
        segments=int(segments[1].replace(",", "")),
        cost=html.unescape(_TAG.sub("", summed).rsplit("·", 1)[1].strip()),
        rows=list(csv.DictReader(io.StringIO(content))),
    )


def _members(client: Client, href: str) -> int:
    """How many people the page of a list or a tag counts and, on one page, shows."""
    page = client.get(href).content.decode()
    head = re.search(r'id="counted">([\d,]+)<', page)
    assert head, href
    assert page.count('class="main-link"') == int(head[1]), href
    return int(head[1])


def differences(client: Client, path: str) -> list[str]:
    """Figures of a page whose list or file is another number than the page shows."""
    wrong = []
    for shown in figures(client.get(path).content.decode()):
        if shown.of == "members":
            if (total := _members(client, shown.href)) != shown.number:
                wrong.append(f"{shown} {total}")
            continue
        opened = open_figure(client, shown.href)
        requests = sum(int(row.get("requests") or 0) for row in opened.rows)
        expected = {
            "people": shown.number == opened.total,
            "segments": shown.number == opened.segments,
            "cost": shown.text == opened.cost,
            "requests": requests >= shown.number and (opened.total > 0) == (shown.number > 0),
            "replies": opened.total <= shown.number and (opened.total > 0) == (shown.number > 0),
        }[shown.of]
        if not expected or len(opened.rows) != opened.total:
            wrong.append(f"{shown} {opened.total} {opened.segments} {opened.cost}")
    return wrong
