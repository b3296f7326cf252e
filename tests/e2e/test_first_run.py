"""The first run: from `textwell run` in an empty folder to a campaign that is watched.

A newcomer walks it on a phone, in French, and the list of first steps ticks itself off on the way.
"""

from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Browser, expect

from builders import PASSWORD
from e2e.demo import MARKS, Demo, open_patiently
from e2e.reader import PATIENCE_MS, Reader, Shop
from runtime.conftest import Tree

pytestmark = MARKS
NUMBER: Final = "+33612345678"
# What a person takes for a field, reading included, and for a press: the whole is to take five minutes.
FIELD_S: Final = 12
PRESS_S: Final = 5
FIVE_MINUTES_S: Final = 300


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

    def come_home(self, *, done: int) -> None:
        """To the first page, on which so many of the seven first steps are ticked."""
        self.click("a[href='/']:visible >> nth=0")
        expect(self.page.locator(".guide-steps > .done")).to_have_count(done)

    def go_on(self) -> None:
        self.click(".guide-steps [aria-current=step] a.btn")

    @property
    def takes_s(self) -> int:
        return self.field_count * FIELD_S + self.press_count * PRESS_S


def test_a_newcomer_comes_from_nothing_to_a_campaign_in_under_five_minutes(
    first_tree: Tree, browser: Browser
) -> None:
    demo = Demo(f"http://127.0.0.1:{first_tree.settings.web_port}", "ada@example.org", PASSWORD, {})
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="fr-FR", reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    newcomer = Newcomer(Shop(demo, "fr", "", demo.email, ""), context.new_page(), demo.email)
    newcomer.listen()
    open_patiently(newcomer.page, f"{demo.address}/welcome")

    become_the_owner(newcomer)
    newcomer.come_home(done=2)
    bring_oneself(newcomer)
    newcomer.come_home(done=4)
    write(newcomer)
    newcomer.come_home(done=5)
    send_a_test(newcomer)
    newcomer.come_home(done=6)
    launch_and_watch(newcomer)
    newcomer.come_home(done=0)

    expect(newcomer.page.locator(".guide")).to_have_count(0)
    assert newcomer.complaints == []
    assert newcomer.takes_s < FIVE_MINUTES_S
    context.close()


def become_the_owner(newcomer: Newcomer) -> None:
    newcomer.fill("[name=name]", "Ada")
    newcomer.fill("[name=email]", newcomer.email)
    newcomer.fill("[name=password]", PASSWORD)
    newcomer.fill("[name=brand]", "Boulangerie")
    expect(newcomer.page.locator("[name=country]")).to_have_value("FR")
    newcomer.press("Begin", "body")
    expect(newcomer.page.locator("html")).to_have_attribute("lang", "fr")


def bring_oneself(newcomer: Newcomer) -> None:
    newcomer.go_on()
    newcomer.fill("#paste [name=people]", f"Ada {NUMBER}")
    newcomer.fill("#paste [name=source]", "comptoir")
    newcomer.fill("#paste [name=given_at]", "2026-01-05T10:00")
    newcomer.fill("#paste [name=wording]", "Oui, écrivez-moi.")
    newcomer.press("See what would happen", "#paste")
    newcomer.click("form[action$='/apply'] button")
    expect(newcomer.page.locator("[data-opens=undo-import]")).to_be_visible(timeout=PATIENCE_MS)


def write(newcomer: Newcomer) -> None:
    newcomer.go_on()
    newcomer.fill("form#compose [name=name]", "Ouverture")
    newcomer.fill("form#compose [name=body]", "Bonjour, du pain frais à 9 h.")
    newcomer.press("Review")
    newcomer.sees("Review and launch")


def send_a_test(newcomer: Newcomer) -> None:
    newcomer.go_on()
    newcomer.fill("#msisdn", NUMBER)
    newcomer.press("Send a test")
    newcomer.sees("The test is on its way.", "body")


def launch_and_watch(newcomer: Newcomer) -> None:
    newcomer.go_on()
    newcomer.click("[data-opens=launch]")
    newcomer.press_count += 1
    newcomer.confirm("launch")
    expect(newcomer.page.locator("#live .percent")).to_contain_text("100", timeout=PATIENCE_MS)
    expect(newcomer.page.locator("#term-delivered .n")).to_have_text("1", timeout=PATIENCE_MS)
