"""Golden ways through the product, each in one of three languages, at a desk or on a phone.

The first run of a new installation is walked in `test_first_run.py`, in a fourth language.
"""

from collections.abc import Callable, Iterator
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
from wide import WIDE

pytestmark = MARKS
LANGUAGES: Final = ("vi", "es", "zh-hans")


WALKS: Final[list[tuple[Callable[[Reader], None], str, int]]] = [
    (pasted_people_come_in, "vi", 1280),
    (a_file_comes_in_and_is_taken_back, "es", 390),
    (a_campaign_is_written_launched_and_reported, "zh-hans", 1280),
    (a_campaign_is_written_without_a_mouse, "vi", 1280),
    (a_template_gets_a_field_and_a_link, "vi", 1280),
    (a_filter_asks_for_yes_or_no, "es", 390),
    (a_test_goes_to_one_person_first, "es", 390),
    (a_schedule_is_changed_and_taken_back, "zh-hans", 390),
    (an_answer_is_understood_and_ends_the_texts, "vi", 390),
    (a_question_is_answered_and_delivered, "es", 390),
    (people_are_put_on_a_list_and_their_tag_gets_another_name, "es", 1280),
    (a_program_gets_a_key_and_loses_it, "es", 1280),
    (all_sending_is_stopped_and_goes_on, "zh-hans", 390),
    (a_person_is_found_and_leaves, "vi", 1280),
    (a_colleague_joins_and_may_only_look, "es", 390),
    (a_webhook_is_refused_then_made_and_deleted, "vi", 390),
]


# With the newcomer of test_first_run these are five: each ships a campaign by its goal in five minutes.
TRIALS: Final = [
    ("event", "vi", 1280),
    ("product", "es", 390),
    ("win_back", "zh-hans", 1280),
    ("service", "vi", 390),
]


@pytest.fixture(scope="module")
def shops(demo: Demo, browser: Browser) -> dict[str, Shop]:
    """A shop of each language, and in each a gateway that its owner made, to the demo's carrier."""
    page = browser.new_page()
    sign_in(page, demo)
    page.goto(f"{demo.address}/gateways/")
    page.locator("table .main-link").first.click()
    port = page.locator("[name=setting_port]").input_value()
    page.context.close()
    opened = {language: open_shop(demo, language) for language in LANGUAGES}
    for shop in opened.values():
        owner = Reader(shop, browser.new_page(), shop.email)
        owner.come_in()
        _make_gateway(owner, port)
        owner.page.context.close()
    return opened


def _make_gateway(owner: Reader, port: str) -> None:
    owner.go("/gateways/new/simulator")
    owner.page.locator("[name=name]").fill("Carrier")
    owner.page.locator("[name=setting_port]").fill(port)
    # An account of its own at the carrier: reports go to whichever session of an account is bound.
    owner.page.locator("[name=setting_system_id]").fill(f"shop-{owner.shop.language}")
    owner.press("Add")
    owner.sees("Senders")
    owner.page.locator("[name=value]").fill("BAKERY")
    owner.press("Add the sender")
    expect(owner.page.locator("main table")).to_contain_text("BAKERY")


@pytest.fixture
def reader(
    request: pytest.FixtureRequest, shops: dict[str, Shop], browser: Browser
) -> Iterator[Reader]:
    shop = shops[request.node.callspec.params["language"]]
    width = request.node.callspec.params["width"]
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
