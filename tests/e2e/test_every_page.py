"""Every page that links lead to, in a real browser: barriers, width, weight, what the console says.

WCAG 2.2 AA as far as axe-core can judge it, in both schemes and at both widths: each once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve
from playwright.sync_api import Browser, Page, Response, expect

from e2e.demo import MARKS, Demo, sign_in

pytestmark = MARKS
MOST_OCTETS: Final = 200_000  # over the wire at a first visit, all files with it: docs/design.md
RULES: Final = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
# Colours do not depend on the width: two see it all. A page is loaded as the first and turned.
LOOKS: Final[list[tuple[Literal["dark", "light"], int]]] = [("dark", 390), ("light", 1280)]
LEAST_PAGES: Final = 30  # a crawl that finds fewer has not come in


@dataclass(frozen=True)
class Visit:
    """What one page did when it was opened; `octets` came over the wire."""

    path: str
    octets: int
    too_wide_by: list[int]  # as each of `LOOKS`
    complaints: list[str]
    violations: list[str]


def _kind(path: str) -> str:
    """One page of each view is enough; providers' forms are of one view, and differ.

    The handbook is there where it has been built; its pages are of one make.
    """
    if path.startswith("/docs/"):
        return "handbook"
    match = resolve(urlsplit(path).path)
    others = [value for value in match.kwargs.values() if not isinstance(value, int)]
    return f"{match.view_name} {others}"


def _links(page: Page, address: str) -> list[str]:
    hrefs = page.eval_on_selector_all(
        "a[href]", "all => all.map(each => each.getAttribute('href'))"
    )
    found = [urljoin(page.url, href) for href in hrefs]
    inside = [url.removeprefix(address).split("#")[0] for url in found if url.startswith(address)]
    return [path for path in inside if ".csv" not in path]


@pytest.fixture(scope="module")
def paths(demo: Demo, browser: Browser) -> list[str]:
    """One address of every page that can be reached from home."""
    page = browser.new_page()
    sign_in(page, demo)
    waiting, found = ["/"], dict[str, str]()
    while waiting:
        path = waiting.pop(0)
        if _kind(path) in found:
            continue
        found[_kind(path)] = path
        page.goto(demo.address + path)
        waiting += [each for each in _links(page, demo.address) if _kind(each) not in found]
    page.context.close()
    return [*found.values(), *_asked(found)]


def _asked(found: dict[str, str]) -> list[str]:
    """Pages that look otherwise once something is asked: people filtered, a person and a campaign."""
    person = next(path for kind, path in found.items() if kind.startswith("web:contacts.person "))
    live = next(path for kind, path in found.items() if kind.startswith("web:campaigns.live "))
    campaign = re.findall(r"\d+", live)[0]
    return ["/contacts/?q=a", f"{person.split('?')[0]}?campaign={campaign}"]


@pytest.fixture
def page(demo: Demo, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(reduced_motion="reduce")
    opened = context.new_page()
    sign_in(opened, demo)
    yield opened
    context.close()


def _visit(page: Page, address: str, path: str) -> Visit:
    complaints: list[str] = []
    octets: list[int] = []

    def hear(said: Any) -> None:
        if said.type == "error":
            complaints.append(said.text)

    def weigh(response: Response) -> None:
        response.finished()
        octets.append(response.request.sizes()["responseBodySize"])

    _turn(page, *LOOKS[0])
    page.on("console", hear)
    page.on("response", weigh)
    page.goto(address + path, wait_until="load")
    page.remove_listener("response", weigh)
    too_wide_by, violations = [], []
    for scheme, width in LOOKS:
        _turn(page, scheme, width)
        too_wide_by.append(
            page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        )
        violations += [f"{scheme}, {width}: {each}" for each in _violations(page)]
    page.remove_listener("console", hear)
    return Visit(path, sum(octets), too_wide_by, complaints, violations)


def _turn(page: Page, scheme: Literal["dark", "light"], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")


def _violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]


def test_every_page_can_be_used_by_everybody(page: Page, paths: list[str], demo: Demo) -> None:
    visits = [_visit(page, demo.address, path) for path in paths]

    assert len(visits) >= LEAST_PAGES, paths
    assert {v.path: v.violations for v in visits if v.violations} == {}
    assert {v.path: v.too_wide_by for v in visits if max(v.too_wide_by) > 0} == {}
    assert {v.path: v.octets for v in visits if v.octets > MOST_OCTETS} == {}
    assert {v.path: v.complaints for v in visits if v.complaints} == {}


def test_the_palette_goes_anywhere_by_keys_alone(demo: Demo, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, demo)

    page.keyboard.press("Control+k")
    expect(page.get_by_role("option").first).to_be_visible()
    assert _violations(page) == []
    page.keyboard.type("gateway")
    expect(page.get_by_role("option")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/gateways/new$"))

    page.keyboard.press("Control+k")
    page.keyboard.type("points")
    expect(page.get_by_role("option", name="Points weekend").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    context.close()


def test_an_unwritten_campaign_is_no_mistake_yet(demo: Demo, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, demo)

    page.goto(demo.address + "/campaigns/new")
    expect(page.locator("#forecast .todo")).to_have_count(2)
    expect(page.locator("#problems-body li")).to_have_count(0)
    page.get_by_label("Text", exact=True).fill("Hello {{ nobody }}")
    page.get_by_label("Name", exact=True).click()
    expect(page.locator("#problems-body li")).to_have_count(1)
    context.close()
