"""How people come in, are filtered, listed, found and forgotten."""

from playwright.sync_api import expect

from e2e.reader import PATIENCE_MS, Reader
from e2e.ways import new_numbers


def pasted_people_come_in(reader: Reader) -> None:
    numbers = new_numbers(3)
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
    numbers = new_numbers(4)
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


def people_are_put_on_a_list_and_their_tag_gets_another_name(reader: Reader) -> None:
    reader.bring("fair", new_numbers(2))
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


def a_person_is_found_and_leaves(reader: Reader) -> None:
    (number,) = new_numbers(1)
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
