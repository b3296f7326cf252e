"""The handbook builds without a warning, and its pages keep to the policy they are served with."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from docs_made.commands import all_commands, option_rows
from docs_made.writing import Undescribed, described
from docs_policy import forbidden_part, mended

from textwell.core.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def handbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of it, built in a process of its own: Sphinx and the makers read the code afresh."""
    out = tmp_path_factory.mktemp("handbook") / "docs"
    command = [sys.executable, "tools/docs_build.py", "--out", str(out)]
    built = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert (built.returncode, built.stderr) == (0, "")
    return out


def test_no_page_holds_anything_inline_or_from_elsewhere(handbook: Path) -> None:
    pages = sorted(handbook.rglob("*.html"))
    parts = {page.name: part for page in pages if (part := forbidden_part(page.read_text("utf-8")))}

    assert parts == {}
    assert handbook / "search.html" in pages


def test_handbook_is_small_enough_to_ship(handbook: Path) -> None:
    size = sum(path.stat().st_size for path in handbook.rglob("*") if path.is_file())

    assert size < 8 * 1024**2


@pytest.mark.parametrize(
    ("what", "page"),
    [
        ("a script", "<script>go()</script>"),
        ("a style", "<style>b{}</style>"),
        ("an attribute of style", '<b class="x" style="color:red">'),
        ("a handler", '<b onclick="go()">'),
        ("a foreign script", '<script src="https://cdn.example/x.js"></script>'),
        ("a foreign image", '<img alt="" src="//cdn.example/x.png">'),
    ],
)
def test_what_the_policy_refuses_is_found(what: str, page: str) -> None:
    assert forbidden_part(page), what


def test_the_themes_script_becomes_a_file_at_every_depth() -> None:
    inline = '<body><script>\n document.body.dataset.theme = localStorage.getItem("x") || "auto";\n</script>'

    page = mended(inline, "../")

    assert page == '<body><script src="../_static/theme.js"></script>'
    assert mended(page, "../") == page


@pytest.mark.parametrize(
    ("what", "before", "after"),
    [
        ("a caption", '<p role="heading">', '<p role="heading" aria-level="2">'),
        (
            "a landmark",
            '<aside class="toc-drawer">',
            '<aside class="toc-drawer" aria-label="On this page">',
        ),
        ("code that scrolls", "<pre>", '<pre tabindex="0">'),
        ("the search", '<div id="search-results">', '<h1>Search</h1><div id="search-results">'),
    ],
)
def test_what_the_theme_leaves_out_is_mended_once(what: str, before: str, after: str) -> None:
    assert mended(before, "") == after, what
    assert mended(after, "") == after, what


def test_every_setting_command_and_option_is_described() -> None:
    """Metrics, streams, webhook events, reasons and operations fail the build without a word."""
    silent = [name for name, field in Settings.model_fields.items() if not field.description]
    silent += [context.command_path for context, command in all_commands() if not command.help]
    options = [row for found in all_commands() for row in option_rows(*found)]

    assert silent == []
    assert len(options) > 30


def test_an_option_without_a_word_fails_the_build() -> None:
    command = click.Command("send", params=[click.Option(["--fast"])])

    with pytest.raises(Undescribed, match="send --fast has no description"):
        list(option_rows(click.Context(command, info_name="send"), command))


def test_a_description_is_one_line() -> None:
    assert described("a thing", "  Two\n lines. ") == "Two lines."


@pytest.mark.parametrize(
    ("page", "part"),
    [
        ("reference/commands.html", "--consent-wording"),
        ("reference/api/messages.html", "messages_send_message"),
        ("reference/metrics.html", "textwell_edge_clicks_lost_total"),
        ("reference/events.html", "link.clicked"),
        ("reference/codes.html", "absent_subscriber"),
        ("reference/codes.html", "refused_by_gate"),
        ("operator/settings.html", "TEXTWELL_GEO_FILE"),
    ],
)
def test_reference_holds_what_the_code_says(handbook: Path, page: str, part: str) -> None:
    assert part in (handbook / page).read_text("utf-8")
