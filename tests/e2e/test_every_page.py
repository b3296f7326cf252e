"""Every page that links lead to, in a real browser: barriers, width, weight, rest, the console.

WCAG 2.2 AA as far as axe-core can judge it. Usually each page is seen twice: in English, and in one
other language, by turns; once in dark at a phone's width and once in light on a desk. Widely it is
seen in all six languages, each in both schemes at both widths.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.demo import MARKS, Demo, sign_in
from e2e.looks import ALL_LOOKS, LOOKS, Look, Visit, visit, watch_shifts
from e2e.pages import DOORS, crawl, furnish
from e2e.reader import read_in
from wide import WIDE, share

pytestmark = MARKS
MOST_OCTETS: Final = 200_000  # over the wire at a first visit, all files with it: docs/design.md
LEAST_PAGES: Final = 60  # a crawl that finds fewer has not come in
OTHERS: Final = ("vi", "zh-hans", "zh-hant", "es", "fr")


@pytest.fixture(scope="module")
def paths(demo: Demo, browser: Browser) -> list[str]:
    """One address of every page that a member of the demo can reach."""
    page = browser.new_page()
    sign_in(page, demo)
    review = furnish(page, demo)
    found = crawl(page, demo.address, review)
    page.context.close()
    return found


@pytest.fixture
def page(demo: Demo, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(reduced_motion="reduce")
    opened = context.new_page()
    watch_shifts(opened)
    sign_in(opened, demo)
    yield opened
    context.close()


@pytest.fixture
def reading(page: Page, demo: Demo, language: str) -> Iterator[Page]:
    """The page of a person who reads this language; other tests find them reading English again."""
    read_in(page, demo, language)
    yield page
    read_in(page, demo, "en")


def _looks(turn: int) -> Sequence[Look]:
    """Each language of a page in another of the two looks. Widely: in all."""
    return ALL_LOOKS if WIDE else [LOOKS[turn % 2]]


def _assert_faultless(visits: list[Visit]) -> None:
    assert {v.path: v.violations for v in visits if v.violations} == {}
    assert {v.path: v.too_wide for v in visits if v.too_wide} == {}
    assert {v.path: v.shifts for v in visits if v.shifts} == {}
    assert {v.path: v.octets for v in visits if v.octets > MOST_OCTETS} == {}
    assert {v.path: v.complaints for v in visits if v.complaints} == {}


def test_every_page_can_be_used_by_everybody(page: Page, paths: list[str], demo: Demo) -> None:
    visits = [visit(page, demo.address, path, _looks(n)) for n, path in enumerate(paths)]

    assert len(visits) >= LEAST_PAGES, paths
    _assert_faultless(visits)


@pytest.mark.parametrize(("language", "turn"), [(each, n) for n, each in enumerate(OTHERS)])
def test_every_page_can_be_used_in_every_language(
    language: str, turn: int, reading: Page, paths: list[str], demo: Demo
) -> None:
    mine = share([*enumerate(paths)], turn=turn, of=len(OTHERS))

    visits = [visit(reading, demo.address, path, _looks(n + 1)) for n, path in mine]

    _assert_faultless(visits)


@pytest.mark.parametrize(("language", "turn"), [(each, n) for n, each in enumerate(OTHERS)])
def test_every_door_can_be_used_in_every_language(
    language: str, turn: int, browser: Browser, demo: Demo
) -> None:
    """A browser says what a stranger reads."""
    mine = share([*enumerate(DOORS)], turn=turn, of=len(OTHERS))
    context = browser.new_context(locale=language, reduced_motion="reduce")
    page = context.new_page()
    watch_shifts(page)

    visits = [visit(page, demo.address, path, _looks(n)) for n, path in mine]

    for each in visits:  # pages that refuse are told to the console too
        each.complaints = [c for c in each.complaints if not re.search(r"status of 4\d\d", c)]
    expect(page.locator("html")).to_have_attribute("lang", language)
    _assert_faultless(visits)
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
