"""How a page looks to one person, and what axe-core, the console and a ruler find wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

RULES: Final = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
WIDTHS: Final = (390, 1280)
# What moved though nobody pressed anything (cumulative layout shift), and what it was.
_WATCH: Final = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) {
    if (!shift.hadRecentInput) window.shifts.push(shift);
  }
}).observe({ type: "layout-shift", buffered: true });
"""
_SHIFTS: Final = """() => window.shifts.map((shift) => [
  shift.value, shift.sources.map((each) => each.node?.outerHTML?.slice(0, 80) ?? "")
])"""
MOST_SHIFT: Final = 0.01  # docs/design.md
WIDER_BY: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True)
class Look:
    """Colours and width."""

    scheme: Literal["dark", "light"]
    width: int


# Colours do not depend on the width: these two see it all.
LOOKS: Final = (Look("dark", 390), Look("light", 1280))
ALL_LOOKS: Final = tuple(Look(s, w) for w in WIDTHS for s in ("dark", "light"))


def watch_shifts(page: Page) -> None:
    """From now on, for every page that is opened."""
    page.add_init_script(_WATCH)


def list_shifts(page: Page) -> list[Any]:
    """The shifts of the open page with what moved; nothing where their sum is not to be seen."""
    shifts: list[Any] = page.evaluate(_SHIFTS)
    return shifts if sum(value for value, _what in shifts) >= MOST_SHIFT else []


@dataclass
class Visit:
    """What one page did when it was opened; `octets` came over the wire."""

    path: str
    octets: int = 0
    too_wide: list[int] = field(default_factory=list)  # the widths at which it scrolls sideways
    complaints: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    shifts: list[Any] = field(default_factory=list)


def turn(page: Page, look: Look) -> None:
    page.set_viewport_size({"width": look.width, "height": 900})
    page.emulate_media(color_scheme=look.scheme, reduced_motion="reduce")


def list_violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]


def _look_again(page: Page, address: str) -> list[Any]:
    """What moves at a second load too: a busy machine may paint a page in halves once."""
    page.goto(address, wait_until="load")
    list_violations(page)
    return list_shifts(page)


def visit(page: Page, address: str, path: str, looks: Sequence[Look]) -> Visit:
    """Load it once, measure it at every width, and try it as each of these looks.

    What axe-core takes is time enough for parts that the page asks for after its first sight.
    """
    seen = Visit(path)

    def hear(said: Any) -> None:  # Any: a message of the console
        if said.type == "error":
            seen.complaints.append(said.text)

    def weigh(response: Response) -> None:
        response.finished()
        seen.octets += response.request.sizes()["responseBodySize"]

    turn(page, looks[0])
    page.on("console", hear)
    page.on("response", weigh)
    page.goto(address + path, wait_until="load")
    page.remove_listener("response", weigh)
    for look in looks:
        turn(page, look)
        seen.violations += [f"{look}: {each}" for each in list_violations(page)]
        if look == looks[0]:
            seen.shifts = list_shifts(page) and _look_again(page, address + path)
    for width in WIDTHS:
        turn(page, Look("light", width))
        if page.evaluate(WIDER_BY) > 0:
            seen.too_wide.append(width)
    page.remove_listener("console", hear)
    return seen
