"""The screen on which members add people: without a connection it goes on, and loses and doubles nobody."""

import re

from playwright.sync_api import Browser, Page, expect

from e2e.demo import MARKS, Demo, sign_in

pytestmark = MARKS

STUCK = """() => {
    const area = document.getElementById("queue").dataset.queue;
    const url = location.origin + "/programmes/999999/capture";
    const entry = { key: "0".repeat(32), at: 0, by: "user:0", url, fields: [["msisdn", "+34699000777"]] };
    localStorage.setItem(`textwell.queue.${area}.${entry.key}`, JSON.stringify(entry));
}"""
KEPT = "() => Object.keys(localStorage).filter((name) => name.startsWith('textwell.queue.'))"


def test_people_taken_offline_are_sent_once_and_one_who_cannot_be_keeps_nobody_back(
    demo: Demo, browser: Browser
) -> None:
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, demo)
    _open_capture(page, demo)
    taken: list[str] = []
    page.on("response", lambda answer: taken.append(f"{answer.status} {answer.request.method}"))

    context.set_offline(True)
    page.evaluate(STUCK)
    _add(page, "+34699000101", "Ofelia")
    _add(page, "+34699000102", "Ofelio")
    expect(page.locator("#queue [data-count]")).to_have_text("3")
    context.set_offline(False)

    expect(page.locator("#queue-success")).to_contain_text("Sent from this device: 2")
    assert sorted(taken) == ["200 POST", "200 POST", "404 POST"]
    assert [name[-32:] for name in page.evaluate(KEPT)] == ["0" * 32]
    expect(page.locator("#queue-refused")).to_be_hidden()  # another member's
    context.close()


def _open_capture(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.address}/programmes/")
    page.locator("main a").filter(has_not_text=re.compile("new", re.IGNORECASE)).first.click()
    page.goto(f"{page.url.rstrip('/')}/capture")


def _add(page: Page, number: str, name: str) -> None:
    page.get_by_label("Number").fill(number)
    page.get_by_label("First name").fill(name)
    page.get_by_label("Note").fill("at the fair")
    page.get_by_role("button", name="Add a person").click()
    expect(page.locator("#queue-kept")).to_be_visible()
    expect(page.get_by_label("Number")).to_have_value("")
