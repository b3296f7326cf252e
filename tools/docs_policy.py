"""Sphinx extension: pages that keep to a strict Content-Security-Policy, and are open to everybody.

The theme writes its colours, one script and some attributes into each page. The colours are in our
stylesheet (`docs/_static/handbook.css`) and the partial that writes them is empty; the rest is mended
here, after the build. A page that still holds something inline fails the build.

What axe-core misses in the theme's pages is mended too: names of landmarks, levels of captions, a
heading of the search page, and the keyboard's way into what scrolls.
"""

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

THEME_SCRIPT = re.compile(
    r"<script>\s*document\.body\.dataset\.theme = localStorage[^<]*</script>", re.DOTALL
)
# Each finds nothing on a page that is mended already: builds are incremental.
MENDS = (
    (re.compile(r' style="display: none;"'), " hidden"),
    (re.compile(r' style="opacity: 50%"'), ' opacity="0.5"'),
    (re.compile(r'role="heading">'), 'role="heading" aria-level="2">'),
    (
        re.compile(r'<aside class="sidebar-drawer">'),
        '<aside class="sidebar-drawer" aria-label="Pages">',
    ),
    (
        re.compile(r'<aside class="(toc-drawer[^"]*)">'),
        r'<aside class="\1" aria-label="On this page">',
    ),
    (re.compile(r"<pre>"), '<pre tabindex="0">'),
    (re.compile(r'<div class="(table-wrapper[^"]*)">'), r'<div class="\1" tabindex="0">'),
    (
        re.compile(r'(?<!</h1>)<div id="search-results">'),
        '<h1>Search</h1><div id="search-results">',
    ),
)
INLINE = re.compile(
    r'<script(?![^>]*\ssrc=)|<style|<[a-z][^>]*\s(?:style|on[a-z]+)="', re.IGNORECASE
)
FOREIGN = re.compile(
    r'<(?:script|img|iframe|source|link rel="stylesheet")[^>]*(?:src|href)="(?:https?:)?//'
)


def mended(page: str, root: str) -> str:
    """The page with its inline parts taken out; `root` leads from it to the top of the site."""
    script = f'<script src="{root}_static/theme.js"></script>'
    page = THEME_SCRIPT.sub(script, page)
    for pattern, replacement in MENDS:
        page = pattern.sub(replacement, page)
    return page


def forbidden_part(page: str) -> str:
    """The first thing that the policy refuses, '' if there is none."""
    found = INLINE.search(page) or FOREIGN.search(page)
    return found[0] if found else ""


def mend_pages(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.name != "html":
        return
    out = Path(app.outdir)
    for path in sorted(out.rglob("*.html")):
        before = path.read_text(encoding="utf-8")
        root = "../" * (len(path.relative_to(out).parts) - 1)
        page = mended(before, root)
        if part := forbidden_part(page):
            raise ExtensionError(f"{path.relative_to(out)} holds what the policy refuses: {part}")
        if page != before:
            path.write_text(page, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, object]:
    app.connect("build-finished", mend_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
