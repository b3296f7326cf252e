"""What those who run the workspace do: colleagues, programs, webhooks."""

import re

from playwright.sync_api import expect

from builders import PASSWORD
from e2e.reader import Reader
from e2e.ways import places


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


def a_colleague_joins_and_may_only_look(reader: Reader) -> None:
    place = next(places)
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
    assert page.locator("a[href$='/campaigns/goals/']").count() == 0
    assert page.goto(reader.shop.demo.address + "/campaigns/goals/").status == 403  # type: ignore[union-attr]
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
