"""A person signs in and follows the demo campaign from 0 % to its report, in a real browser."""

import time

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.demo import FINISH_S, MARKS, PEOPLE, Demo, sign_in
from e2e.looks import list_shifts, watch_shifts

pytestmark = MARKS


def _percents(page: Page) -> list[int]:
    """What the live page shows, each change once, until everything is handed off."""
    shown: list[int] = []
    ends_at = time.monotonic() + FINISH_S
    while time.monotonic() < ends_at:
        text = page.locator("#live .percent").inner_text().rstrip("%")
        percent = int(text) if text.isdigit() else 0
        if not shown or shown[-1] != percent:
            shown.append(percent)
        if percent == 100:
            return shown
        page.wait_for_timeout(200)
    pytest.fail(f"the campaign was not handed off in {FINISH_S} s: {shown}")


def _number(page: Page, term: str) -> int:
    return int(page.locator(f"#term-{term} .n").inner_text().replace(",", ""))


def test_a_person_follows_the_demo_campaign_from_its_start_to_its_report(
    demo: Demo, browser: Browser
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    watch_shifts(page)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)

    sign_in(page, demo)
    page.get_by_role("navigation").first.get_by_role("link", name="Campaigns").click()
    page.locator("table .main-link").first.click()
    shown = _percents(page)

    assert shown == sorted(shown)
    assert shown[0] < 100, "the page was opened before the end"
    expect(page.locator("#live")).to_contain_text("balanced")
    expect(page.locator("#term-delivered .n")).not_to_have_text("0", timeout=60_000)
    assert list_shifts(page) == []

    page.get_by_role("navigation", name="Campaign", exact=True).get_by_role(
        "link", name="Report"
    ).click()
    terms = ("delivered", "undelivered", "rejected", "expired", "accepted")
    rest = ("skipped", "canceled", "unknown", "waiting")
    assert sum(_number(page, term) for term in (*terms, *rest)) == PEOPLE
    expect(page.get_by_role("heading", name="By country", exact=True)).to_be_visible()

    page.locator("#term-delivered").click()
    expect(page.locator("table tbody tr").first).to_contain_text("•••")
    assert complaints == []
