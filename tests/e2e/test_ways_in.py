"""How a person proves who they are, by the browser's own means: passkeys, codes from an app, recovery codes.

Chromium's virtual authenticator stands for a phone or a security key. Passkeys need a host name:
browsers allow none for an address of numbers.
"""

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, CDPSession, Page, expect

from builders import PASSWORD
from e2e.demo import MARKS, Demo
from e2e.looks import list_violations
from e2e.reader import Reader, Shop, open_shop

pytestmark = MARKS
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def shop(demo: Demo) -> Shop:
    named = Demo(demo.address.replace("127.0.0.1", "localhost"), "", "", demo.environment)
    return open_shop(named, "vi", "ways-in")


@pytest.fixture
def reader(shop: Shop, browser: Browser) -> Iterator[Reader]:
    context = browser.new_context(locale="vi", reduced_motion="reduce")
    came = Reader(shop, context.new_page(), shop.email)
    came.listen()
    came.come_in()
    yield came
    context.close()


def _sign_out(page: Page) -> None:
    page.locator(".side form[action='/sign-out'] button").click()
    expect(page).to_have_url(re.compile("/sign-in"))


def _open(reader: Reader, path: str) -> None:
    """A page that changes how one gets in, and asks again who one is."""
    reader.go(path)
    if "/settings/confirm" in reader.page.url:
        reader.page.locator("[name=password]").fill(PASSWORD)
        reader.press("Go on")
    expect(reader.page).to_have_url(re.compile(re.escape(path)))


def _plug_in(page: Page) -> tuple[CDPSession, str]:
    """An authenticator with a finger on it, and its name for the browser."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    plugged = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return session, plugged["authenticatorId"]


def test_a_passkey_is_added_opens_the_account_and_is_removed(reader: Reader) -> None:
    page = reader.page
    session, key = _plug_in(page)
    _open(reader, "/settings/passkeys/new")
    page.locator("[name=name]").fill("Laptop")
    page.locator("[name=passwordless]").check()
    assert list_violations(page) == []
    page.locator("#passkey-button").click()
    row = page.locator("tr", has_text="Laptop")
    # The page goes on by itself once the key is made: not before may we go anywhere else.
    expect(page).not_to_have_url(re.compile("/settings/passkeys/new"), timeout=30_000)
    page.wait_for_load_state()
    reader.go("/settings/security")
    expect(row).to_have_count(1)
    assert list_violations(page) == []

    _sign_out(page)
    page.locator("#passkey-button").click()
    expect(page.locator("#content")).to_be_visible(timeout=30_000)
    page.wait_for_load_state()
    (kept,) = session.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    assert kept["signCount"] == 2  # made, then used

    reader.go("/settings/security")
    _open(reader, row.locator("a.danger").get_attribute("href") or "")
    reader.press("Remove")
    expect(page).to_have_url(re.compile("/settings/security"))
    expect(row).to_have_count(0)
    assert reader.complaints == []


def test_a_code_of_an_app_is_asked_for_and_a_recovery_code_does_instead(reader: Reader) -> None:
    page = reader.page
    _open(reader, "/settings/codes/on")
    assert list_violations(page) == []
    secret = page.locator("code.key").inner_text()
    page.locator("[name=code]").fill(_code_of(secret))
    reader.press("Switch on")
    _open(reader, "/settings/recovery-codes")
    assert list_violations(page) == []
    codes = page.locator(".codes li").all_inner_texts()

    _sign_out(page)
    page.locator("[name=email]").fill(reader.email)
    page.locator("[name=password]").fill(PASSWORD)
    reader.press("Sign in", "form:has([name=password])")
    expect(page).to_have_url(re.compile("/sign-in/code"))
    assert list_violations(page) == []
    page.locator("[name=code]").fill(codes[0])
    reader.press("Sign in", "form:has([name=code])")
    expect(page.locator("#content")).to_be_visible()

    _open(reader, "/settings/recovery-codes")
    expect(page.locator(".codes li")).to_have_count(len(codes) - 1)
    _open(reader, "/settings/codes/off")
    reader.press("Switch off")
    reader.go("/settings/security")
    expect(page.locator("a[href='/settings/codes/on']")).to_be_visible()
    assert reader.complaints == []


def _code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_a_passkey_that_cannot_be_used_says_why_and_leaves_the_other_ways(
    demo: Demo, browser: Browser
) -> None:
    context = browser.new_context(locale="en", reduced_motion="reduce")
    page = context.new_page()
    page.goto(demo.address + "/sign-in")

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("Open Textwell by its name")
    assert list_violations(page) == []
    context.close()
