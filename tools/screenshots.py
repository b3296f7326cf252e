"""Takes the handbook's screenshots from the running product: docs/images/*.webp.

    python tools/screenshots.py [NAME …]

Starts a demo in a folder of its own, on free ports, signs in as its owner and visits pages. All
together they must stay small; the program fails where they do not.
"""

import argparse
import base64
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from browser import find_browser
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from textwell.runtime.ports import free_ports

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
MOST_BYTES = 1_500_000
PEOPLE, RATE = 6_000, 120  # some fifty seconds, so that the live page is met half-way
WELCOME = re.compile(r"runs at\s+(\S+?)/?\s+Sign in with\s+(\S+)\s+(\S+)")
START_S = 120
TEXT = "Hi {{ first_name }}, 20 % off until Sunday: {{ link }} Reply STOP to end"
# Painted by the browser that took it: no program for pictures is needed.
TO_WEBP = """async ([data, quality]) => {
  const image = new Image();
  image.src = `data:image/png;base64,${data}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL("image/webp", quality).split(",")[1];
}"""


@dataclass(frozen=True, slots=True)
class Demo:
    address: str
    email: str
    password: str


def _show(path: str) -> Callable[[Page], None]:
    def visit(page: Page) -> None:
        page.goto(path)

    return visit


def _compose(page: Page) -> None:
    page.goto("/campaigns/new")
    page.get_by_label("Name", exact=True).first.fill("Spring sale")
    page.locator("[name=body]").fill(TEXT)
    page.locator("[name=link_1]").evaluate(
        "each => each.closest('details')?.setAttribute('open', '')"
    )
    page.locator("[name=link_1]").fill("https://shop.example/spring")
    page.locator("[name=body]").focus()
    page.locator("#fallbacks input[required]").fill("friend")
    page.locator("[name=body]").focus()
    page.wait_for_timeout(2_000)  # the count is asked a moment after the last key
    page.evaluate("window.scrollTo(0, 0)")


def _paste(page: Page) -> None:
    page.goto("/contacts/imports/new")
    page.locator("[name=people]").fill("Linh Nguyễn 090 123 45 67\n+84 91 234 56 78")
    page.locator("[name=source]").fill("Paper form in the shop")
    page.locator("[name=given_at]").fill("2026-03-02T10:00")
    page.locator("[name=wording]").fill("Yes, text me offers of Lotus. Reply STOP to opt out.")


def _dry_run(page: Page) -> None:
    _paste(page)
    page.get_by_role("button", name="See what would happen").click()
    page.wait_for_url("**/contacts/imports/*")
    page.wait_for_timeout(3_000)  # a worker looks at every row
    page.reload()


def _gateway(page: Page) -> None:
    page.goto("/gateways/new/smpp")
    for name, value in (
        ("name", "Main carrier"), ("segments_per_second", "50"), ("window", "20"),
        ("price", "0.035"), ("setting_host", "smpp.carrier.example"), ("setting_system_id", "lotus"),
    ):  # fmt: skip
        page.locator(f"[name={name}]").fill(value)


def _thread(page: Page) -> None:
    """The first that waits for an answer."""
    page.goto("/inbox/")
    page.locator("main tbody .main-link").first.click()
    page.locator("#id_text").fill("We are open until seven. See you on Saturday!")
    page.wait_for_timeout(1_000)  # the count is asked a moment after the last key


def _desk(page: Page) -> None:
    """As it looks where it is all that a small business has."""
    page.goto("/settings/")
    form = page.locator("form[action='/settings/small-business']")
    form.locator("input[type=checkbox]").first.check()
    form.locator("button.primary").click()
    page.goto("/desk/")


def _half_way(page: Page) -> None:
    page.goto("/campaigns/1/live")
    percent = page.get_by_text(re.compile(r"^[3-9]\d\s*%$")).first
    percent.wait_for(timeout=90_000)


def _report(page: Page) -> None:
    page.goto("/campaigns/1/live")
    page.get_by_text(re.compile(r"^100\s*%$")).first.wait_for(timeout=120_000)
    page.goto("/campaigns/1/report")


@dataclass(frozen=True, slots=True)
class Shot:
    name: str
    visit: Callable[[Page], None]
    is_phone: bool = False
    is_dark: bool = False
    height: int = 800


# The live page first: it is met while the campaign is sent.
SHOTS = (
    Shot("live", _half_way),
    Shot("live-phone", _show("/campaigns/1/live"), is_phone=True, is_dark=True),
    Shot("home", _show("/")),
    Shot("compose", _compose, height=900),
    Shot("goals", _show("/campaigns/goals/"), height=480),
    Shot("contacts", _show("/contacts/")),
    Shot("person", _show("/contacts/1"), height=700),
    Shot("bring-people", _paste, height=860),
    Shot("dry-run", _dry_run),
    Shot("gateway", _gateway, height=860),
    Shot("keys", _show("/settings/keys/"), height=700),
    Shot("webhooks", _show("/settings/webhooks/"), height=860),
    Shot("report-dark", _report, is_dark=True),
    Shot("thread", _thread, height=760),
    Shot("desk", _desk, height=900),  # the last: it changes the navigation
)


@contextmanager
def running_demo() -> Iterator[Demo]:
    """The demo, with a campaign under way; it ends with us."""
    with tempfile.TemporaryDirectory(prefix="shots", dir="/tmp") as folder:
        command = ["demo", "--people", str(PEOPLE), "--rate", str(RATE)]
        log = Path(folder) / "demo.log"
        with log.open("w") as file:
            process = subprocess.Popen(
                [Path(sys.executable).with_name("textwell"), *command],
                env={**os.environ, **free_ports(), "TEXTWELL_DATA": f"{folder}/data"},
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        try:
            yield _welcomed(process, log)
        finally:
            process.terminate()
            process.wait(60)


def _welcomed(process: "subprocess.Popen[bytes]", log: Path) -> Demo:
    for _second in range(START_S):
        if found := WELCOME.search(log.read_text(errors="replace")):
            return Demo(*found.groups())
        if process.poll() is not None:
            break
        time.sleep(1)
    raise SystemExit(f"the demo did not come up:\n{log.read_text(errors='replace')[-2000:]}")


def _signed_in(browser: Browser, demo: Demo) -> dict[str, object]:
    context = browser.new_context(base_url=demo.address)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(demo.email)
    page.get_by_label("Password").fill(demo.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Today").wait_for()
    state = dict(context.storage_state())
    context.close()
    return state


def _context(browser: Browser, demo: Demo, state: dict[str, object], shot: Shot) -> BrowserContext:
    size = (
        {"width": 390, "height": 800} if shot.is_phone else {"width": 1200, "height": shot.height}
    )
    return browser.new_context(
        base_url=demo.address,
        storage_state=state,
        viewport=size,
        device_scale_factor=1.5 if shot.is_phone else 1,
        color_scheme="dark" if shot.is_dark else "light",
        locale="en-GB",
        reduced_motion="reduce",
    )


def take(browser: Browser, demo: Demo, state: dict[str, object], shot: Shot) -> int:
    """Writes the picture; answers its bytes."""
    context = _context(browser, demo, state, shot)
    page = context.new_page()
    shot.visit(page)
    page.wait_for_timeout(300)
    picture = base64.b64encode(page.screenshot(animations="disabled")).decode()
    page.goto("about:blank")
    webp = base64.b64decode(page.evaluate(TO_WEBP, [picture, 0.82]))
    (IMAGES / f"{shot.name}.webp").write_bytes(webp)
    context.close()
    return len(webp)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="without names: all")
    wanted = parser.parse_args(arguments).names
    IMAGES.mkdir(exist_ok=True)
    with running_demo() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        state = _signed_in(browser, demo)
        for shot in SHOTS:
            if not wanted or shot.name in wanted:
                print(f"{shot.name:<14} {take(browser, demo, state, shot):>8} bytes")
        browser.close()
    whole = sum(path.stat().st_size for path in IMAGES.iterdir())
    print(f"{whole} bytes in docs/images")
    return int(whole > MOST_BYTES)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
