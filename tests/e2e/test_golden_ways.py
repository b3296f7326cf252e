"""Golden ways through the product, in three languages, at a desk and on a phone.

The first run of a new installation is walked in `test_first_run.py`, in a fourth language.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from e2e.demo import MARKS, Demo, sign_in
from e2e.newcomer import Newcomer, launch, write_by_goal
from e2e.reader import PATIENCE_MS, Reader, Shop, open_shop
from e2e.ways import new_numbers
from e2e.ways.office import (
    a_colleague_joins_and_may_only_look,
    a_program_gets_a_key_and_loses_it,
    a_webhook_is_refused_then_made_and_deleted,
)
from e2e.ways.people import (
    a_file_comes_in_and_is_taken_back,
    a_filter_asks_for_yes_or_no,
    a_person_is_found_and_leaves,
    pasted_people_come_in,
    people_are_put_on_a_list_and_their_tag_gets_another_name,
)
from e2e.ways.sending import (
    a_campaign_is_written_launched_and_reported,
    a_campaign_is_written_without_a_mouse,
    a_question_is_answered_and_delivered,
    a_schedule_is_changed_and_taken_back,
    a_template_gets_a_field_and_a_link,
    a_test_goes_to_one_person_first,
    all_sending_is_stopped_and_goes_on,
    an_answer_is_understood_and_ends_the_texts,
)
from wide import WIDE, share

pytestmark = MARKS
LANGUAGES: Final = ("vi", "es", "zh-hans")


WIDTHS: Final = (1280, 390)
PLACES: Final = tuple(product(LANGUAGES, WIDTHS))
WAYS: Final[tuple[Callable[[Reader], None], ...]] = (
    pasted_people_come_in,
    a_file_comes_in_and_is_taken_back,
    a_campaign_is_written_launched_and_reported,
    a_campaign_is_written_without_a_mouse,
    a_template_gets_a_field_and_a_link,
    a_filter_asks_for_yes_or_no,
    a_test_goes_to_one_person_first,
    a_schedule_is_changed_and_taken_back,
    an_answer_is_understood_and_ends_the_texts,
    a_question_is_answered_and_delivered,
    people_are_put_on_a_list_and_their_tag_gets_another_name,
    a_program_gets_a_key_and_loses_it,
    all_sending_is_stopped_and_goes_on,
    a_person_is_found_and_leaves,
    a_colleague_joins_and_may_only_look,
    a_webhook_is_refused_then_made_and_deleted,
)
# Each way once, by turns in each language at each width. Widely: everywhere.
WALKS: Final = [
    (way, language, width)
    for turn, way in enumerate(WAYS)
    for language, width in share(PLACES, turn=turn, of=len(PLACES))
]


# With the newcomer of test_first_run these are five: each ships a campaign by its goal in five minutes.
TRIALS: Final = [
    ("event", "vi", 1280),
    ("product", "es", 390),
    ("win_back", "zh-hans", 1280),
    ("service", "vi", 390),
]


@dataclass
class Street:
    """A shop of each language, opened when somebody first goes there; widely one of each width too.

    A way leaves things behind: names that it gives are free once in a shop.
    """

    demo: Demo
    browser: Browser
    carrier_port: str
    shops: dict[str, Shop] = field(default_factory=dict)

    def shop(self, language: str, width: int) -> Shop:
        label = f"{language}-{width}" if WIDE else language
        if label not in self.shops:
            self.shops[label] = self._open(language, label)
        return self.shops[label]

    def _open(self, language: str, label: str) -> Shop:
        shop = open_shop(self.demo, language, label)
        owner = Reader(shop, self.browser.new_page(), shop.email)
        owner.come_in()
        _make_gateway(owner, self.carrier_port, label)
        owner.page.context.close()
        return shop


@pytest.fixture(scope="module")
def street(demo: Demo, browser: Browser) -> Street:
    """Shops whose owners have made a gateway, to the demo's carrier."""
    page = browser.new_page()
    sign_in(page, demo)
    page.goto(f"{demo.address}/gateways/")
    page.locator("table .main-link").first.click()
    port = page.locator("[name=setting_port]").input_value()
    page.context.close()
    return Street(demo, browser, port)


def _make_gateway(owner: Reader, port: str, label: str) -> None:
    owner.go("/gateways/new/simulator")
    owner.page.locator("[name=name]").fill("Carrier")
    owner.page.locator("[name=setting_port]").fill(port)
    # An account of its own at the carrier: reports go to whichever session of an account is bound.
    owner.page.locator("[name=setting_system_id]").fill(f"shop-{label}")
    owner.press("Add")
    owner.sees("Senders")
    owner.page.locator("[name=value]").fill("BAKERY")
    owner.press("Add the sender")
    expect(owner.page.locator("main table")).to_contain_text("BAKERY")


@pytest.fixture
def reader(language: str, width: int, street: Street, browser: Browser) -> Iterator[Reader]:
    shop = street.shop(language, width)
    context = browser.new_context(
        viewport={"width": width, "height": 900}, reduced_motion="reduce", locale=shop.language
    )
    context.set_default_timeout(PATIENCE_MS)
    came = Reader(shop, context.new_page(), shop.email)
    came.listen()
    came.come_in()
    yield came
    context.close()


@pytest.mark.parametrize(("way", "language", "width"), WALKS)
def test_a_person_who_reads_one_language_gets_through(
    way: Callable[[Reader], None], language: str, width: int, reader: Reader
) -> None:
    way(reader)

    assert reader.complaints == [], (language, width)


@pytest.mark.skipif(not WIDE, reason="four of five trials: TEXTWELL_TEST_WIDE=1")
@pytest.mark.parametrize(("goal", "language", "width"), TRIALS)
def test_a_goal_ships_a_campaign_in_five_minutes(
    goal: str, language: str, width: int, reader: Reader
) -> None:
    reader.bring("trials", new_numbers(2))
    newcomer = Newcomer(reader.shop, reader.page, reader.email, reader.complaints)
    newcomer.go("/campaigns/")

    newcomer.click("main a[href='/campaigns/goals/'] >> nth=0")
    write_by_goal(newcomer, goal, "Bread")
    launch(newcomer)

    assert newcomer.complaints == []
    assert newcomer.is_quick(f"{language}, {goal}"), newcomer.takes_s
