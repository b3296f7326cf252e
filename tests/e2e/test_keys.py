"""The keys that every page knows; what a way needs besides is in `ways/`, walked by Tab."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.demo import MARKS, Demo, sign_in
from e2e.looks import list_violations

pytestmark = MARKS


@pytest.fixture
def page(demo: Demo, browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    opened = context.new_page()
    sign_in(opened, demo)
    yield opened
    context.close()


def test_the_palette_goes_anywhere_by_keys_alone(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option").first).to_be_visible()
    assert list_violations(page) == []
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


def test_two_keys_go_to_a_page_and_one_to_its_search(page: Page) -> None:
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile(r"/campaigns/$"))

    page.keyboard.press("/")
    expect(page.locator("main input[type=search]")).to_be_focused()
    page.keyboard.type("g?")  # letters in a field are letters
    expect(page.locator("main input[type=search]")).to_have_value("g?")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_question_mark_shows_the_keys_and_escape_puts_them_away(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_visible()
    assert list_violations(page) == []

    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)


def test_nothing_says_that_it_is_busy_before_300_ms(page: Page, demo: Demo) -> None:
    """For people who want no motion, too: a delay is none."""
    page.goto(f"{demo.address}/campaigns/new")
    page.wait_for_load_state(
        "networkidle"
    )  # the page's own request would take the class away again
    busy = page.locator("#preview-busy")
    asked = """element => {
        element.classList.add("htmx-request");
        return getComputedStyle(element).transitionDelay;
    }"""
    for motion in ("no-preference", "reduce"):
        page.emulate_media(reduced_motion=motion)
        delay = busy.evaluate(asked)
        assert (motion, delay) == (motion, "0.3s")
