"""How texts are written, tried, launched, answered and stopped."""

import json
import re
import time
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from e2e.reader import PATIENCE_MS, Reader
from e2e.ways import new_numbers, places, reachable_number
from textwell.gateways.providers.simulator.signature import sign


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


def a_campaign_is_written_launched_and_reported(reader: Reader) -> None:
    reader.bring("breakfast", new_numbers(5))
    _write(reader, "Breakfast", "breakfast")
    _launch(reader)
    expect(reader.page.locator("#live .percent")).to_contain_text("100", timeout=PATIENCE_MS)
    expect(reader.page.locator("#term-delivered .n")).not_to_have_text("0", timeout=PATIENCE_MS)

    reader.follow("Report")

    reader.sees("By country")
    expect(reader.page.locator("#term-skipped .n")).to_have_text("0")


def a_campaign_is_written_without_a_mouse(reader: Reader) -> None:
    """Every control is reached by Tab and used by keys; the text gets its field by the dialog."""
    reader.bring("keys", new_numbers(2))
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


def a_test_goes_to_one_person_first(reader: Reader) -> None:
    (number,) = new_numbers(1)
    reader.bring("trial", [number])
    _write(reader, "Trial", "trial")
    reader.page.locator("#msisdn").fill(number)
    reader.press("Send a test")

    reader.sees("The test is on its way.", "body")
    reader.page.locator("main dl.facts a[href*='/contacts/']").click()

    sent = reader.say("Text from %(sender)s") % {"sender": "BAKERY"}
    expect(reader.page.locator("ol.timeline").get_by_text(sent, exact=True)).to_be_visible()


def a_schedule_is_changed_and_taken_back(reader: Reader) -> None:
    reader.bring("later", new_numbers(2))
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
    (number,) = new_numbers(1)
    reader.bring("regulars", [number])
    gateway = _make_web_gateway(reader, "webhook secret")
    _say(reader, gateway, number, "STOP")
    reader.go("/inbox/replies")
    row = reader.page.locator("main tbody tr", has_text="STOP")
    reader.until(lambda: row.count() == 1)
    reader.page.locator("nav.tabs").get_by_role("link", name=reader.say("Opt-out")).click()
    row.locator(".main-link").click()

    reader.sees("This number is not texted.")
    expect(reader.page.locator("ol.timeline .said").first).to_have_text("STOP")


def a_question_is_answered_and_delivered(reader: Reader) -> None:
    """From the carrier's webhook to the carrier again, by whoever reads the inbox."""
    text = "At seven, every day."
    number = reachable_number(text)
    reader.bring("askers", [number])
    gateway = _make_web_gateway(reader, "webhook secret")
    _say(reader, gateway, number, "What time do you open?")
    reader.go("/inbox/")
    row = reader.page.locator("main tbody tr", has_text="What time do you open?")
    reader.until(lambda: row.count() > 0)
    row.first.locator(".main-link").click()
    reader.page.locator("#id_text").fill(text)
    expect(reader.page.locator("#count")).to_contain_text("1")
    reader.page.locator("button[name=then][value=answer]").click()

    answer = reader.page.locator(".talk .ours", has_text=text)
    expect(answer).to_have_count(1)
    reader.until(lambda: answer.locator(".badge.good").count() == 1)


def _make_web_gateway(reader: Reader, secret: str) -> int:
    reader.go("/gateways/new/simulator_http")
    for name, value in {
        "name": f"Web {next(places)}",
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
    port = reader.shop.demo.environment["TEXTWELL_EDGE_PORT"]
    door = f"http://127.0.0.1:{port}/mo/{gateway}"
    signed = sign("webhook secret", call_id="call_1", at=int(time.time()), body=body.encode())
    reader.until(lambda: reader.page.request.post(door, data=body, headers=signed).ok)


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
