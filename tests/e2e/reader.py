"""A person who reads one language only, at one width, in a workspace of their own.

Words on the page are looked for as the catalogs say them in that language, so that a string which is
not translated, or not shown through gettext, is not found.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import APIResponse, Locator, Page, expect

from builders import PASSWORD
from e2e.demo import Demo, open_patiently

PATIENCE_MS: Final = 30_000  # workers have much else to do on a busy machine
# What htmx says of a request that it or the browser gave up, for a newer one or as the page was left.
# One that fails is told by `htmx:sendError` besides.
GIVEN_UP: Final = ("htmx:sendAbort", "htmx:afterRequest")
LOOK_MS: Final = 300
MOST_TABS: Final = 120  # of a page
HOMES: Final = {
    "vi": ("VN", "VND", "Asia/Ho_Chi_Minh"),
    "es": ("ES", "EUR", "Europe/Madrid"),
    "zh-hans": ("CN", "CNY", "Asia/Shanghai"),
}


def _textwell(demo: Demo, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "textwell.cli.main", *arguments],
        env=os.environ | demo.environment | {"TEXTWELL_OWNER_PASSWORD": PASSWORD},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@dataclass(frozen=True)
class Shop:
    """A workspace with an owner, whose language is the workspace's, and a key that may do all."""

    demo: Demo
    language: str
    name: str
    email: str
    key: str


def make_key(demo: Demo, *, workspace: str) -> str:
    """A key that may do all."""
    said = _textwell(
        demo, "key", "create", "--name", "e2e", "--scope", "all", "--workspace", workspace
    )
    return said.strip()


def read_in(page: Page, demo: Demo, language: str) -> None:
    """Choose the language, on the page that every person has for it."""
    page.goto(f"{demo.address}/settings/")
    page.locator("select[name=language]").select_option(language)
    page.locator("form:has(select[name=language]) button.primary").click()
    expect(page.locator("html")).to_have_attribute("lang", language)


def open_shop(demo: Demo, language: str, label: str) -> Shop:
    """`label` tells it from other shops of the language."""
    country, currency, zone = HOMES[language]
    name, email = f"Shop {label}", f"owner-{label}@example.org"
    _textwell(
        demo, "owner", "create", "--email", email, "--workspace", name, "--language", language,
        "--country", country, "--currency", currency, "--zone", zone,
    )  # fmt: skip
    return Shop(demo, language, name, email, make_key(demo, workspace=name))


@dataclass
class Reader:
    """Somebody of a shop in a browser; `complaints` are the console's errors."""

    shop: Shop
    page: Page
    email: str
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("console", lambda said: self._note(said.type, said.text))

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" and not text.startswith(GIVEN_UP):
            self.complaints.append(text)

    def come_in(self) -> None:
        """Sign in and choose the language."""
        open_patiently(self.page, f"{self.shop.demo.address}/sign-in")
        self.page.locator("input[name=login], input[name=email]").first.fill(self.email)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("form:has(input[name=password]) button.primary").click()
        expect(self.page.locator("#content")).to_be_visible()
        read_in(self.page, self.shop.demo, self.shop.language)

    def say(self, words: str) -> str:
        """What the page says for these English words."""
        with translation.override(self.shop.language):
            said = gettext(words)
        assert said != words, f"not translated into {self.shop.language}: {words}"
        return said

    def go(self, path: str) -> None:
        self.page.goto(self.shop.demo.address + path)

    def press(self, words: str, inside: str = "main") -> None:
        self.page.locator(inside).get_by_role("button", name=self.say(words), exact=True).click()

    def follow(self, words: str, inside: str = "main") -> None:
        links = self.page.locator(inside).get_by_role("link", name=self.say(words), exact=True)
        links.first.click()  # an empty page says it at its head and in its middle

    def keys(self, selector: str, *keys: str, is_before: bool = False) -> None:
        """Go there by Tab alone (back, where it is `is_before`), then press these keys."""
        wanted = self.page.locator(selector).first
        for _each in range(MOST_TABS):
            if wanted.evaluate("element => element === document.activeElement"):
                break
            self.page.keyboard.press("Shift+Tab" if is_before else "Tab")
        expect(wanted).to_be_focused()
        for key in keys:
            self.page.keyboard.press(key)

    def types(self, selector: str, text: str) -> None:
        self.keys(selector)
        self.page.keyboard.type(text)

    def until(self, is_so: Callable[[], bool]) -> None:
        """Look again and again, at a page that is loaded anew each time, until it is so."""
        for _each in range(PATIENCE_MS // LOOK_MS):
            if is_so():
                return
            self.page.wait_for_timeout(LOOK_MS)
            self.page.reload()
        pytest.fail("it never came to be")

    def confirm(self, dialog: str) -> None:
        """Press what a dialog is for."""
        self.page.locator(f"dialog#{dialog} .foot button:not([data-closes])").click()

    def sees(self, words: str, inside: str = "main") -> Locator:
        found = self.page.locator(inside).get_by_text(self.say(words)).first
        expect(found).to_be_visible(timeout=PATIENCE_MS)
        return found

    def call(self, path: str, body: Any = None) -> APIResponse:
        """What a program of the shop does, with its key."""
        headers = {"Authorization": f"Bearer {self.shop.key}", "Content-Type": "application/json"}
        method = "GET" if body is None else "POST"
        data = None if body is None else json.dumps(body)
        return self.page.request.fetch(
            f"{self.shop.demo.address}/api/v1{path}", method=method, headers=headers, data=data
        )

    def bring(self, tag: str, numbers: list[str]) -> None:
        """People who agreed, by the API."""
        consent = {
            "source": "counter",
            "wording": "Yes, text me.",
            "given_at": datetime(2026, 1, 5, tzinfo=UTC).isoformat(),
        }
        people = [
            {"msisdn": n, "first_name": "Linh", "tags": [tag], "consent": consent} for n in numbers
        ]
        answer = self.call("/contacts/bulk", {"contacts": people})
        assert answer.ok, answer.text()
        assert answer.json()["rejected"] == [], answer.text()
