"""The promises of docs/design.md that a machine can check: contrast and weight."""

import re
from pathlib import Path

import django_htmx
import pytest

from textwell import web

STATIC = Path(web.__file__).parent / "static" / "textwell"
TEXT_ON = [
    ("ink", "ground"),
    ("ink-2", "sunken"),
    ("ink-3", "ground"),
    ("ink-3", "sunken"),
    ("accent-ink", "surface"),
    ("accent-ink", "accent-soft"),
    ("on-accent", "accent"),
    ("good", "good-soft"),
    ("warn", "warn-soft"),
    ("bad", "bad-soft"),
    ("info", "info-soft"),
]
BORDER_ON = [("line-strong", "surface"), ("focus", "ground"), ("focus", "surface")]


def _colours() -> dict[str, tuple[str, str]]:
    css = (STATIC / "textwell.css").read_text()
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", css)
    return {name: (light, dark) for name, light, dark in found}


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(first: str, second: str) -> float:
    """WCAG 2.2, relative luminance."""
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_stands_out_from_its_ground(text: str, ground: str, scheme: int) -> None:
    colours = _colours()

    assert _contrast(colours[text][scheme], colours[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("border", "ground"), BORDER_ON)
def test_borders_of_controls_can_be_seen(border: str, ground: str, scheme: int) -> None:
    colours = _colours()

    assert _contrast(colours[border][scheme], colours[ground][scheme]) >= 3


def test_what_a_page_loads_beside_itself_is_under_a_hundred_kilobytes() -> None:
    htmx = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
    own = [STATIC / name for name in ("textwell.css", "textwell.js", "icon.svg")]

    assert sum(path.stat().st_size for path in [htmx, *own]) < 100_000


def test_the_script_evaluates_nothing() -> None:
    script = (STATIC / "textwell.js").read_text()

    assert not re.search(r"\beval\b\(|new Function|innerHTML|\.style\b", script)
