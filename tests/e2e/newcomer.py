"""Somebody who uses the product for the first time; what they fill in and press is counted as time."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils import timezone
from playwright.sync_api import expect

from e2e.reader import PATIENCE_MS, Reader

# What a person takes for a field, reading included, and for a press: the whole is to take five minutes.
FIELD_S: Final = 12
PRESS_S: Final = 5
FIVE_MINUTES_S: Final = 300
_log = logging.getLogger(__name__)


@dataclass
class Newcomer(Reader):
    """A reader whose fields and presses are counted."""

    field_count: int = 0
    press_count: int = 0

    def fill(self, selector: str, text: str) -> None:
        self.field_count += 1
        self.page.locator(selector).fill(text)

    def press(self, words: str, inside: str = "main") -> None:
        self.press_count += 1
        super().press(words, inside)

    def click(self, selector: str) -> None:
        self.press_count += 1
        self.page.locator(selector).click(timeout=PATIENCE_MS)

    @property
    def takes_s(self) -> int:
        return self.field_count * FIELD_S + self.press_count * PRESS_S

    def is_quick(self, label: str) -> bool:
        """Whether five minutes are enough; the log says the seconds."""
        _log.info(
            "%s: %s s by %s fields and %s presses",
            label,
            self.takes_s,
            self.field_count,
            self.press_count,
        )
        return self.takes_s < FIVE_MINUTES_S


def write_by_goal(newcomer: Newcomer, goal: str, what: str) -> None:
    """From the page of the goals to the review of a draft with which nothing is wrong."""
    newcomer.click(f"#goal-{goal}")
    newcomer.fill("#begin [name=what]", what)
    if newcomer.page.locator("#begin [name=at]").count():
        soon = timezone.now() + timedelta(days=3)
        newcomer.fill("#begin [name=at]", f"{soon:%Y-%m-%dT18:00}")
    newcomer.fill("#begin [name=url]", "https://shop.example/bread")
    newcomer.press("Write it")
    expect(newcomer.page.locator("#forecast .checks .good")).to_be_visible(timeout=PATIENCE_MS)
    newcomer.fill(
        "form#compose [name=scheduled_at]", ""
    )  # now, whatever the hour: the script waits for it
    newcomer.press("Review")
    newcomer.sees("Review and launch")
    expect(newcomer.page.locator("#review .checks .bad")).to_have_count(0)


def launch(newcomer: Newcomer) -> None:
    newcomer.click("[data-opens=launch]")
    if newcomer.page.locator("dialog#launch [name=reason]").count():
        newcomer.fill("dialog#launch [name=reason]", "They ordered it.")
    newcomer.press_count += 1
    newcomer.confirm("launch")
    expect(newcomer.page.locator("#live .percent")).to_contain_text("100", timeout=PATIENCE_MS)
