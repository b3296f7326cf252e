"""The handbook builds without a warning, and its pages keep to the policy they are served with."""

import subprocess
import sys
from pathlib import Path

import pytest
from docs_policy import forbidden_part, mended

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
