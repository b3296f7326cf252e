"""Golden ways through the product, each in one of three languages, at a desk or on a phone.

The first run of a new installation is walked in `test_first_run.py`, in a fourth language.
"""

import hashlib
import hmac
import json
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

pytestmark = MARKS
LANGUAGES: Final = ("vi", "es", "zh-hans")
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
    form.locator("[name=fallback_first_name]").fill("amiga")
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
    expect(reader.page.locator("#term-skipped .n")).to_have_text("0")


def a_campaign_is_written_without_a_mouse(reader: Reader) -> None:
    """Every control is reached by Tab and used by keys; the text gets its field by the dialog."""
    reader.bring("keys", _numbers(2))
    reader.go("/campaigns/new")
    form = reader.page.locator("form#compose")
    reader.types("form#compose [name=name]", "Keys")
    reader.keys("form#compose [name=audience_kind]:checked", "ArrowRight", "ArrowRight")
    reader.keys("form#compose [name=tag]", "k")
    reader.types("form#compose [name=body]", "Hola ")
    reader.keys("[data-opens=put-field]", "Enter")
    reader.types("#put-field-fallback", "amiga")
    reader.keys("#put-field .foot .primary", "Enter")
    expect(form.locator("[name=body]")).to_have_value("Hola {{ first_name }}")
    expect(form.locator("[name=body]")).to_be_focused()
    reader.keys(".page-head [name=then][value=review]", "Enter", is_before=True)
    reader.sees("Review and launch")
    reader.keys("[data-opens=launch]", "Enter")
    reader.keys("dialog#launch .foot .primary", "Enter")

    expect(reader.page.locator("#live .percent")).to_contain_text("100", timeout=PATIENCE_MS)


def a_template_gets_a_field_and_a_link(reader: Reader) -> None:
    """A template has no addresses: its link is put without one."""
    reader.go("/templates/new")
    form = reader.page.locator("form#compose")
    form.locator("[name=name]").fill("Bread")
    form.locator("[name=body]").fill("Hola ")
    reader.page.locator("[data-opens=put-field]").click()
    reader.page.locator("#put-field-fallback").fill("amiga")
    reader.confirm("put-field")
    expect(form.locator("[name=body]")).to_have_value("Hola {{ first_name }}")
    form.locator("[name=body]").press_sequentially(": ")
    reader.page.locator("[data-opens=put-link]").click()
    reader.page.locator("#put-link-which").select_option("link_2")
    reader.confirm("put-link")
    expect(form.locator("[name=body]")).to_have_value("Hola {{ first_name }}: {{ link_2 }}")

    reader.press("Save")

    expect(reader.page.locator("main")).to_contain_text("Hola {{ first_name }}: {{ link_2 }}")


def a_filter_asks_for_yes_or_no(reader: Reader) -> None:
    """Each kind of field has its own input, and no other is seen."""
    answer = reader.call("/fields", {"name": "is_member", "label": "M", "kind": "boolean"})
    assert answer.ok, answer.text()
    reader.go("/campaigns/new")
    form = reader.page.locator("form#compose")
    form.locator("[name=audience_kind][value=filter]").check()
    expect(form.locator("[name=truth_1]")).to_be_hidden()
    form.locator("[name=field_1]").select_option("is_member")
    expect(form.locator("[name=value_1]")).to_be_hidden()
    form.locator("[name=truth_1]").select_option("true")
    form.locator("[name=field_1]").select_option("country")

    expect(form.locator("[name=truth_1]")).to_be_hidden()
    expect(form.locator("[name=value_1]")).to_be_visible()


def a_test_goes_to_one_person_first(reader: Reader) -> None:
    (number,) = _numbers(1)
    reader.bring("trial", [number])
    _write(reader, "Trial", "trial")
    reader.page.locator("#msisdn").fill(number)
    reader.press("Send a test")

    reader.sees("The test is on its way.", "body")
    reader.page.locator("main dl.facts a[href*='/contacts/']").click()

    sent = reader.say("Text from %(sender)s") % {"sender": "BAKERY"}
    expect(reader.page.locator("ol.timeline").get_by_text(sent, exact=True)).to_be_visible()


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


def an_answer_is_understood_and_ends_the_texts(reader: Reader) -> None:
    """The carrier's webhook brings it, as it would bring one to a reader in any language."""
    (number,) = _numbers(1)
    reader.bring("regulars", [number])
    gateway = _make_web_gateway(reader, "webhook secret")
    _say(reader, gateway, number, "STOP")
    reader.go("/inbox/")
    row = reader.page.locator("main tbody tr", has_text="STOP")
    reader.until(lambda: row.count() == 1)
    reader.page.locator("nav.tabs").get_by_role("link", name=reader.say("Opt-out")).click()
    row.locator(".main-link").click()

    reader.sees("This number is not texted.")
    expect(reader.page.locator("ol.timeline .said").first).to_have_text("STOP")


def _make_web_gateway(reader: Reader, secret: str) -> int:
    reader.go("/gateways/new/simulator_http")
    for name, value in {
        "name": "Web",
        "setting_api_key": "x",
        "setting_webhook_secret": secret,
    }.items():
        reader.page.locator(f"[name={name}]").fill(value)
    reader.press("Add")
    reader.sees("Senders")
    return int(reader.page.url.rstrip("/").rsplit("/", 1)[1])


def _say(reader: Reader, gateway: int, msisdn: str, text: str) -> None:
    """What a carrier posts when somebody answers; again until the edge knows the new gateway."""
    event = {"kind": "mo", "id": msisdn, "at": 0, "from": msisdn, "to": "BAKERY", "text": text}
    body = json.dumps([event])
    sign = hmac.new(b"webhook secret", body.encode(), hashlib.sha256).hexdigest()
    port = reader.shop.demo.environment["TEXTWELL_EDGE_PORT"]
    door, headers = f"http://127.0.0.1:{port}/mo/{gateway}", {"X-Signature": sign}
    reader.until(lambda: reader.page.request.post(door, data=body, headers=headers).ok)


def people_are_put_on_a_list_and_their_tag_gets_another_name(reader: Reader) -> None:
    reader.bring("fair", _numbers(2))
    reader.go("/contacts/lists/")
    reader.page.locator("[data-opens=new-list]").click()
    reader.page.locator("#new-list-name").fill("Feria")
    reader.confirm("new-list")
    reader.go("/contacts/?tag=fair")
    reader.page.locator("[data-ticks-all]").check()
    reader.page.locator("#verb").select_option("add")
    reader.page.locator("#to_list").select_option("Feria")
    reader.press("Change", ".bulk")
    reader.go("/contacts/lists/")
    expect(
        reader.page.locator("main tbody tr", has_text="Feria").locator(".num").first
    ).to_have_text("2")

    reader.go("/contacts/tags/one?tag=fair")
    reader.page.locator("[data-opens=rename]").click()
    reader.page.locator("#rename-name").fill("spring fair")
    reader.confirm("rename")

    expect(reader.page.locator("h1")).to_have_text("spring fair")
    expect(reader.page.locator("#rows tbody tr")).to_have_count(2)


def a_program_gets_a_key_and_loses_it(reader: Reader) -> None:
    reader.go("/settings/keys/")
    reader.page.locator("form.card [name=name]").fill("Till")
    reader.page.locator("form.card [name=scopes][value='contacts:read']").check()
    reader.press("Make the key")
    secret = reader.page.locator("#new-key").inner_text()
    address = f"{reader.shop.demo.address}/api/v1/contacts"
    headers = {"Authorization": f"Bearer {secret}"}
    assert reader.page.request.get(address, headers=headers).status == 200

    reader.go("/settings/keys/")
    row = reader.page.locator("tr", has=reader.page.get_by_role("link", name="Till", exact=True))
    row.locator("form[action$='/revoke'] button").click()

    expect(row.locator(".badge")).to_have_text(reader.say("revoked"))
    # Each process remembers a key for some seconds.
    reader.until(lambda: reader.page.request.get(address, headers=headers).status == 401)


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
    (a_campaign_is_written_launched_and_reported, "zh-hans", 1280),
    (a_campaign_is_written_without_a_mouse, "vi", 1280),
    (a_template_gets_a_field_and_a_link, "vi", 1280),
    (a_filter_asks_for_yes_or_no, "es", 390),
    (a_test_goes_to_one_person_first, "es", 390),
    (a_schedule_is_changed_and_taken_back, "zh-hans", 390),
    (an_answer_is_understood_and_ends_the_texts, "vi", 390),
    (people_are_put_on_a_list_and_their_tag_gets_another_name, "es", 1280),
    (a_program_gets_a_key_and_loses_it, "es", 1280),
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
