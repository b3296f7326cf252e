"""Ten golden ways through the product, in three languages, at a desk and on a phone.

Each way is walked in one language at one width, in turn, so that each language and width is seen;
`TEXTWELL_TEST_WIDE=1` walks every way in every language at both widths.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Final

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from builders import PASSWORD
from e2e.demo import MARKS, Demo, sign_in
from e2e.reader import PATIENCE_MS, Reader, Shop, open_shop
from wide import WIDE

pytestmark = MARKS
TURNS: Final = [
    ("vi", 1280), ("es", 390), ("zh-hans", 1280), ("vi", 390), ("es", 1280), ("zh-hans", 390),
]  # fmt: skip
_places = count(1)  # of a way: each has people and names of its own


def _numbers(many: int) -> list[str]:
    """Spanish mobile numbers that no other way has."""
    place = next(_places)
    return [f"+346{place:02d}{n:06d}" for n in range(100_001, 100_001 + many)]


def _write(reader: Reader, name: str, tag: str) -> None:
    """A campaign for a tag, from an empty page to its review."""
    reader.go("/campaigns/new")
    form = reader.page.locator("form#compose")
    form.locator("[name=name]").fill(name)
    form.locator("[name=audience_kind][value=tag]").check()
    form.locator("[name=tag]").select_option(tag)
    form.locator("[name=body]").fill("Hola {{ first_name }}, hoy abrimos a las 9.")
    form.locator("[name=body]").blur()
    form.locator("[name=fallback_first_name]").fill("amiga")
    route = form.locator("[name=route] option").last.get_attribute("value")
    form.locator("[name=route]").select_option(route)
    reader.press("Review")
    reader.sees("Review and launch")


def _launch(reader: Reader) -> None:
    reader.page.locator("[data-opens=launch]").click()
    reader.confirm("launch")
    expect(reader.page.locator("#live")).to_be_visible()


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


def a_campaign_is_written_launched_and_reported(reader: Reader) -> None:
    reader.bring("breakfast", _numbers(5))
    _write(reader, "Breakfast", "breakfast")
    _launch(reader)
    expect(reader.page.locator("#live .percent")).to_contain_text("100", timeout=PATIENCE_MS)
    expect(reader.page.locator("#term-delivered .n")).not_to_have_text("0", timeout=PATIENCE_MS)

    reader.follow("Report")

    reader.sees("By country")
    assert reader.page.locator("#term-skipped .n").inner_text() == "0"


def a_test_goes_to_one_person_first(reader: Reader) -> None:
    (number,) = _numbers(1)
    reader.bring("trial", [number])
    _write(reader, "Trial", "trial")
    reader.page.locator("#msisdn").fill(number)
    reader.press("Send a test")

    expect(reader.page.locator("main")).to_be_visible()
    found = reader.call(f"/contacts?msisdn={number.replace('+', '%2B')}").json()
    assert found, "the person is known"
    person = found.get("items", found)[0]["id"]
    reader.reads("Delivered", f"/contacts/{person}")


def a_schedule_is_changed_and_taken_back(reader: Reader) -> None:
    reader.bring("later", _numbers(2))
    _write(reader, "Later", "later")
    reader.follow("Change")
    later = timezone.now() + timedelta(days=3)
    reader.page.locator("form#compose [name=scheduled_at]").fill(later.strftime("%Y-%m-%dT10:00"))
    reader.press("Review")
    _launch(reader)
    reader.sees("Until it begins")
    reader.page.locator("#at").fill((later + timedelta(days=1)).strftime("%Y-%m-%dT11:30"))
    reader.press("Change the time")
    expect(reader.page.locator("#at")).to_have_value(re.compile("T11:30"))

    reader.press("Back to a draft")

    expect(reader.page.locator("form#compose [name=body]")).to_have_value(re.compile("Hola"))


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


def a_program_gets_a_key_and_loses_it(reader: Reader) -> None:
    reader.go("/settings/keys/")
    reader.page.locator("form.card [name=name]").fill("Till")
    reader.page.locator("form.card [name=scopes]").first.check()
    reader.press("Make the key")
    secret = reader.page.locator("#new-key").inner_text()
    address = f"{reader.shop.demo.address}/api/v1/contacts"
    headers = {"Authorization": f"Bearer {secret}"}
    assert reader.page.request.get(address, headers=headers).status in {200, 403}

    reader.go("/settings/keys/")
    row = reader.page.locator("tr", has=reader.page.get_by_role("link", name="Till", exact=True))
    row.first.locator("form[action$='/revoke'] button").click()

    expect(reader.page.locator("main")).to_contain_text(reader.say("revoked"))
    assert reader.page.request.get(address, headers=headers).status == 401


def a_webhook_is_refused_then_made_and_deleted(reader: Reader) -> None:
    reader.go("/settings/webhooks/")
    page = reader.page
    page.locator("[name=name]").fill("Books")
    page.locator("[name=url]").fill("https://10.0.0.7/hook")
    page.locator("[name=kinds]").first.check()
    reader.press("Add")
    expect(page.locator(".errorlist").first).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value("Books")

    page.locator("[name=url]").fill("https://example.org/hook")
    reader.press("Add")
    reader.sees("The signing secret. It is shown this once: keep it where your program finds it.")
    page.locator("[data-opens=delete-webhook]").click()
    reader.confirm("delete-webhook")

    expect(page).to_have_url(re.compile(r"/settings/webhooks/$"))


WAYS: Final[list[Callable[[Reader], None]]] = [
    pasted_people_come_in,
    a_file_comes_in_and_is_taken_back,
    a_campaign_is_written_launched_and_reported,
    a_test_goes_to_one_person_first,
    a_schedule_is_changed_and_taken_back,
    all_sending_is_stopped_and_goes_on,
    a_person_is_found_and_leaves,
    a_colleague_joins_and_may_only_look,
    a_program_gets_a_key_and_loses_it,
    a_webhook_is_refused_then_made_and_deleted,
]
WALKS: Final = [
    pytest.param(way, *turn, id=f"{way.__name__} {turn[0]} {turn[1]}")
    for place, way in enumerate(WAYS)
    for turn in (TURNS if WIDE else [TURNS[place % len(TURNS)]])
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
    opened = {language: open_shop(demo, language) for language in dict(TURNS)}
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
