"""The handbook that ships with the package: plain files at `/docs/`, for everybody, without sign-in.

`make docs` builds them from `docs/`. A package without them works; its pages then have no link to
them. Needs no Django: the settings import it.
"""

from functools import cache
from pathlib import Path
from wsgiref.headers import Headers

SHIPPED = Path(__file__).resolve().parent / "shipped"  # what it holds is served at /
ADDRESS = "/docs/"
# Files of our own only, as on the pages of the product.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
CHAPTERS: tuple[tuple[str, str], ...] = (  # the first that fits
    ("/campaigns/", "guides/marketer.html#campaigns"),
    ("/templates/", "guides/marketer.html#templates"),
    ("/contacts/imports/", "howto/import-people.html"),
    ("/contacts/", "guides/marketer.html#people"),
    ("/inbox/", "howto/answer-people.html"),
    ("/gateways/", "howto/connect-a-carrier.html"),
    ("/settings/link-domain/", "howto/link-domain.html"),
    ("/settings/webhooks/", "howto/webhooks.html"),
    ("/settings/keys/", "guides/developer.html"),
)


def add_headers(headers: Headers, path: str, url: str) -> None:
    """WhiteNoise asks once for every file."""
    del path
    if url.startswith(ADDRESS):
        headers["Content-Security-Policy"] = POLICY
        headers["X-Frame-Options"] = "DENY"


@cache
def is_shipped() -> bool:
    return (SHIPPED / "docs" / "index.html").is_file()


def help_url(path: str) -> str:
    """Where the handbook speaks of that page; '' where it has not been built."""
    if not is_shipped():
        return ""
    chapter = next((page for begin, page in CHAPTERS if path.startswith(begin)), "index.html")
    return ADDRESS + chapter
