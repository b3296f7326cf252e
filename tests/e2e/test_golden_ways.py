"""Golden ways through the product, each in one of three languages, at a desk or on a phone."""

import re
from collections.abc import Callable, Iterator
from itertools import count
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from builders import PASSWORD
from e2e.demo import MARKS, Demo, sign_in
from e2e.reader import PATIENCE_MS, Reader, Shop, open_shop

pytestmark = MARKS
LANGUAGES: Final = ("vi", "es", "zh-hans")
_places = count(1)  # of a way: each has people and names of its own


def _numbers(many: int) -> list[str]:
    """Spanish mobile numbers that no other way has."""
    place = next(_places)
    return [f"+346{place:02d}{n:06d}" for n in range(100_001, 100_001 + many)]


def pasted_people_come_in(reader: Reader) -> None:
    numbers = _numbers(3)
    reader.go("/contacts/")
    reader.follow("Bring people")
    reader.page.locator("#paste [name=people]").fill("\n".join(numbers))
    reader.page.locator("#paste [name=source]").fill("counter")
    reader.page.locator("#paste [name=given_at]").fill("2026-01-05T10:00")
    reader.page.locator("#paste [name=wording]").fill("Yes, text me.")
    reader.press("See what would happen", "#paste")
    reader.page.locator("form[action$='/apply'] button").click(timeout=PATIENCE_MS)
    expect(reader.page.locator("[data-opens=undo-import]")).to_be_visible(timeout=PATIENCE_MS)

    reader.go(f"/contacts/?q={numbers[0].removeprefix('+')}")

    expect(reader.page.locator("#rows tbody tr")).to_have_count(1)


def a_file_comes_in_and_is_taken_back(reader: Reader) -> None:
    numbers = _numbers(4)
    text = "Móvil;Nombre\n" + "".join(f"{n};Ana\n" for n in numbers)
    reader.go("/contacts/imports/new")
    reader.page.locator("#file input[type=file]").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": text.encode("cp1252")}
    )
    reader.press("Go on", "#file")
    reader.sees("What the columns mean")
    reader.press("See what would happen")
    reader.page.locator("form[action$='/apply'] button").click(timeout=PATIENCE_MS)
    reader.page.locator("[data-opens=undo-import]").click(timeout=PATIENCE_MS)
    reader.confirm("undo-import")
    expect(reader.page.locator("#progress")).to_have_count(0, timeout=PATIENCE_MS)

    reader.go(f"/contacts/?q={numbers[0].removeprefix('+')}")

    expect(reader.page.locator("#rows tbody tr")).to_have_count(0)


def all_sending_is_stopped_and_goes_on(reader: Reader) -> None:
    reader.go("/")
    reader.page.locator("[data-opens=stop-all]:visible").click()
    reader.page.locator("#stop-reason").fill("wrong price")
    reader.confirm("stop-all")
    expect(reader.page.locator(".stopped-banner")).to_contain_text("wrong price")

    reader.press("Let sending go on", ".stopped-banner")

    expect(reader.page.locator(".stopped-banner")).to_have_count(0)
    reader.go("/stops/")
    expect(reader.page.locator("main")).to_contain_text("wrong price")


def a_person_is_found_and_leaves(reader: Reader) -> None:
    (number,) = _numbers(1)
    reader.bring("regulars", [number])
    reader.go("/contacts/")
    reader.page.locator("#q").fill(number.removeprefix("+"))
    expect(reader.page.locator("#rows tbody tr")).to_have_count(1)
    reader.page.locator("#rows .main-link").click()
    reader.page.locator("[data-opens=opt-out]").click()
    reader.page.locator("dialog#opt-out [name=wording]").fill("Please no more texts.")
    reader.confirm("opt-out")

    reader.sees("This number is not texted.")
    expect(reader.page.locator("ol.timeline")).to_contain_text("Please no more texts.")


def a_colleague_joins_and_may_only_look(reader: Reader) -> None:
    place = next(_places)
    reader.go("/settings/members/")
    reader.page.locator("[name=email]").fill(f"eve-{place}@example.org")
    reader.page.locator("form[action$='/invite'] [name=role]").select_option("analyst")
    reader.press("Invite")
    link = reader.page.locator("#invitation-link").inner_text()
    page = reader.page.context.browser.new_context().new_page()  # type: ignore[union-attr]
    page.goto(reader.shop.demo.address + "/" + link.split("/", 3)[3])
    page.locator("[name=name]").fill("Eve")
    for box in page.locator("input[type=password]").all():
        box.fill(PASSWORD)
    page.locator("main button.primary, form button.primary").first.click()
    expect(page.locator("#content")).to_be_visible()

    page.goto(reader.shop.demo.address + "/campaigns/")

    expect(page.locator("#content")).to_be_visible()
    assert page.locator("a[href$='/campaigns/new']").count() == 0
    assert page.goto(reader.shop.demo.address + "/campaigns/new").status == 403  # type: ignore[union-attr]
    page.context.close()


def a_webhook_is_refused_then_made_and_deleted(reader: Reader) -> None:
    reader.go("/settings/webhooks/")
    page = reader.page
    page.locator("[name=name]").fill("Books")
    page.locator("[name=url]").fill("https://10.0.0.7/hook")
    page.locator("[name=kinds]").first.check()
    reader.press("Add")
    expect(page.locator(".errorlist").first).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value("Books")
    assert [said for said in reader.complaints if "422" not in said] == []
    reader.complaints.clear()  # a refused form is told to the console too

    page.locator("[name=url]").fill("https://example.org/hook")
    reader.press("Add")
    reader.sees("The signing secret. It is shown this once: keep it where your program finds it.")
    page.locator("[data-opens=delete-webhook]").click()
    reader.confirm("delete-webhook")

    expect(page).to_have_url(re.compile(r"/settings/webhooks/$"))


WALKS: Final[list[tuple[Callable[[Reader], None], str, int]]] = [
    (pasted_people_come_in, "vi", 1280),
    (a_file_comes_in_and_is_taken_back, "es", 390),
    (all_sending_is_stopped_and_goes_on, "zh-hans", 390),
    (a_person_is_found_and_leaves, "vi", 1280),
    (a_colleague_joins_and_may_only_look, "es", 390),
    (a_webhook_is_refused_then_made_and_deleted, "vi", 390),
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
