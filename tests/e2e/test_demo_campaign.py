"""A person signs in and follows the demo campaign from 0 % to its report, in a real browser."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser import find_browser, is_required
from playwright.sync_api import Browser, Page, expect, sync_playwright

from textwell.runtime.ports import free_ports

CHROMIUM = find_browser()
PEOPLE = 500  # some 23 s at the rate below: time for a browser to come up on a busy machine
START_S = 90
FINISH_S = 150
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(START_S + 2 * FINISH_S),
    pytest.mark.skipif(
        CHROMIUM is None and not is_required(), reason="needs a Chromium: make browser"
    ),
]


@dataclass(frozen=True)
class Demo:
    """Where the running demo is and how to sign in, as it printed it."""

    address: str
    email: str
    password: str


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: v for name, v in os.environ.items() if name not in {"DATABASE_URL", "NATS_URL"}}
    return kept | {
        **free_ports(),
        "TEXTWELL_DATA": str(folder),
        "PYTHONUNBUFFERED": "1",
    }


def _read_welcome(log: Path, process: "subprocess.Popen[bytes]") -> Demo:
    """Wait for the lines that say where it runs and how to sign in."""
    ends_at = time.monotonic() + START_S
    while time.monotonic() < ends_at and process.poll() is None:
        text = log.read_text(errors="replace")
        runs = re.search(r"Textwell runs at\s+(\S+?)/?\s", text)
        signs = re.search(r"Sign in with\s+(\S+)\s+(\S.*)", text)
        if runs and signs:
            return Demo(runs[1], signs[1], signs[2].strip())
        time.sleep(0.2)
    pytest.fail(f"the demo did not say where it runs:\n{log.read_text(errors='replace')[-3000:]}")


@pytest.fixture
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("d")
    for parent in (folder, folder.parent, folder.parent.parent):
        parent.chmod(0o755)  # PostgreSQL runs as another user where the tests run as root
    log = folder / "demo.log"
    program = [sys.executable, "-m", "textwell.cli.main", "demo", "--people", str(PEOPLE)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*program, "--rate", "30"],
            env=_environment(folder),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield _read_welcome(log, process)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture
def browser() -> Iterator[Browser]:
    assert CHROMIUM is not None, "CI is set and there is no browser: make browser"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


def _sign_in(page: Page, demo: Demo) -> None:
    for _each in range(60):  # the pages may come up a moment after the welcome
        try:
            page.goto(f"{demo.address}/sign-in")
            break
        except Exception as error:
            if "ERR_CONNECTION_REFUSED" not in str(error):
                raise
            page.wait_for_timeout(500)
    page.get_by_label("E-mail address").fill(demo.email)
    page.get_by_label("Password").fill(demo.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


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
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)

    _sign_in(page, demo)
    page.get_by_role("navigation").first.get_by_role("link", name="Campaigns").click()
    page.locator("table .main-link").first.click()
    shown = _percents(page)

    assert shown == sorted(shown)
    assert shown[0] < 100, "the page was opened before the end"
    expect(page.locator("#live")).to_contain_text("balanced")
    expect(page.locator("#term-delivered .n")).not_to_have_text("0", timeout=60_000)

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
