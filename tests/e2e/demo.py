"""What the tests of this folder know of the running demo, and how a person comes in."""

from dataclasses import dataclass

import pytest
from browser import find_browser, is_required
from playwright.sync_api import Page, expect

PEOPLE = 500  # some 23 s at the rate below: time for a browser to come up on a busy machine
RATE = 30
START_S = 90
FINISH_S = 150

MARKS = [
    pytest.mark.e2e,
    pytest.mark.timeout(START_S + 2 * FINISH_S),
    pytest.mark.skipif(
        find_browser() is None and not is_required(), reason="needs a Chromium: make browser"
    ),
]


@dataclass(frozen=True)
class Demo:
    """Where the running demo is and how to sign in, as it printed it."""

    address: str
    email: str
    password: str
    environment: dict[str, str]


def sign_in(page: Page, demo: Demo) -> None:
    open_patiently(page, f"{demo.address}/sign-in")
    page.get_by_label("E-mail address").fill(demo.email)
    page.get_by_label("Password").fill(demo.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


def open_patiently(page: Page, address: str) -> None:
    for _each in range(60):  # the pages may come up a moment after the welcome
        try:
            page.goto(address)
        except Exception as error:
            if "ERR_CONNECTION_REFUSED" not in str(error):
                raise
            page.wait_for_timeout(500)
        else:
            return
    pytest.fail(f"nothing answers at {address}")
