"""Documents of the checkout's root that are pages of the handbook too, and links to them."""

from docs_made.writing import ROOT

PAGES = {"CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md"}


def copy(name: str) -> str:
    """The document as a page at the top of the handbook."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("](docs/", "](")
    for document, page in PAGES.items():
        text = text.replace(f"]({document}", f"]({page}")
    return text


def to_pages(source: str, up: str) -> str:
    """Links from a page to documents of the root lead to their pages; `up` leads to the top."""
    for document, page in PAGES.items():
        source = source.replace(f"]({up}../{document}", f"]({up}{page}")
    return source
