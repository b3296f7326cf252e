"""The first run: from `textwell run` in an empty folder to a campaign that is watched.

A newcomer walks it on a phone, in French, and the list of first steps ticks itself off on the way.
"""

from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Browser, expect

from builders import PASSWORD
from e2e.demo import MARKS, Demo, open_patiently
from e2e.newcomer import Newcomer, launch, write_by_goal
from e2e.reader import PATIENCE_MS, Shop
from runtime.conftest import Tree

pytestmark = MARKS
NUMBER: Final = "+33612345678"


@dataclass
class Guided(Newcomer):
    """A newcomer who follows the first page's list."""

    def come_home(self, *, done: int) -> None:
        """To the first page, on which so many of the seven first steps are ticked."""
        self.click("a[href='/']:visible >> nth=0")
        expect(self.page.locator(".guide-steps > .done")).to_have_count(done)

    def go_on(self) -> None:
        self.click(".guide-steps [aria-current=step] a.btn")


def test_a_newcomer_comes_from_nothing_to_a_campaign_in_under_five_minutes(
    first_tree: Tree, browser: Browser
) -> None:
    demo = Demo(f"http://127.0.0.1:{first_tree.settings.web_port}", "ada@example.org", PASSWORD, {})
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="fr-FR", reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    newcomer = Guided(Shop(demo, "fr", "", demo.email, ""), context.new_page(), demo.email)
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
    assert newcomer.is_quick("fr, discount"), newcomer.takes_s
    context.close()


def become_the_owner(newcomer: Guided) -> None:
    newcomer.fill("[name=name]", "Ada")
    newcomer.fill("[name=email]", newcomer.email)
    newcomer.fill("[name=password]", PASSWORD)
    newcomer.fill("[name=brand]", "Boulangerie")
    expect(newcomer.page.locator("[name=country]")).to_have_value("FR")
    newcomer.press("Begin", "body")
    expect(newcomer.page.locator("html")).to_have_attribute("lang", "fr")


def bring_oneself(newcomer: Guided) -> None:
    newcomer.go_on()
    newcomer.fill("#paste [name=people]", f"Ada {NUMBER}")
    newcomer.fill("#paste [name=source]", "comptoir")
    newcomer.fill("#paste [name=given_at]", "2026-01-05T10:00")
    newcomer.fill("#paste [name=wording]", "Oui, écrivez-moi.")
    newcomer.press("See what would happen", "#paste")
    newcomer.click("form[action$='/apply'] button")
    expect(newcomer.page.locator("[data-opens=undo-import]")).to_be_visible(timeout=PATIENCE_MS)


def write(newcomer: Guided) -> None:
    newcomer.go_on()
    write_by_goal(newcomer, "discount", "20 % sur tous les pains")


def send_a_test(newcomer: Guided) -> None:
    newcomer.go_on()
    newcomer.fill("#msisdn", NUMBER)
    newcomer.press("Send a test")
    newcomer.sees("The test is on its way.", "body")


def launch_and_watch(newcomer: Guided) -> None:
    newcomer.go_on()
    launch(newcomer)
    expect(newcomer.page.locator("#term-delivered .n")).to_have_text("1", timeout=PATIENCE_MS)
