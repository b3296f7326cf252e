"""An address of every page: what links lead to, what is asked for, and what strangers see."""

import re
from html import unescape
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from django.urls import resolve
from playwright.sync_api import APIResponse, Page

from e2e.demo import Demo
from e2e.reader import make_key
from textwell.cli.demo.scene import WORKSPACE_NAME

# Pages to which no link leads, or none in a workspace of this size.
UNLINKED: Final = ("/styleguide", "/desk/")
# Whoever is not signed in, and whoever is told off.
DOORS: Final = (
    "/sign-in",
    "/password/forgotten",
    "/password/mailed",
    "/password/new/1-none/",
    "/password/new/done",
    "/sign-in/canceled",
    "/sign-in/failed",
    "/sign-in/off",
    "/invitation/none",
    "/no-such-page",
)
_HREF: Final = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"')
_CONSENT: Final = {
    "source": "counter",
    "wording": "Yes, text me.",
    "given_at": "2026-01-05T00:00:00Z",
}
# One of each thing that has a page of its own and that the demo begins without.
_THINGS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    (
        "/contacts/bulk",
        {"contacts": [{"msisdn": "+34612000001", "tags": ["vip"], "consent": _CONSENT}]},
    ),
    (
        "/campaigns",
        {
            "name": "Spring offer",
            "purpose": "marketing",
            "body": "Hi {{ first_name }}, 20 % off. Reply STOP to end",
            "fallbacks": {"first_name": "friend"},
            "audience": {"tag": "vip"},
        },
    ),
    ("/templates", {"name": "Spring offer", "purpose": "marketing", "body": "Fresh bread today."}),
    ("/lists", {"name": "Newsletter"}),
    ("/contacts/filters", {"name": "Regulars", "tag": "vip"}),
    ("/inbox/canned-answers", {"name": "Hours", "body": "We are open from 7 to 18."}),
    ("/imports/paste", {"people": "Linh +84901234567", "consent": _CONSENT, "region": "VN"}),
    ("/webhooks", {"url": "https://example.org/hook", "kinds": ["message.delivered"]}),
    ("/invitations", {"email": "linh@example.org", "role": "analyst"}),
)


def furnish(page: Page, demo: Demo) -> str:
    """Make one of each thing, by the API; the address of the review of a draft, where no link leads."""
    headers = {"Authorization": f"Bearer {make_key(demo, workspace=WORKSPACE_NAME)}"}
    made = {}
    for path, thing in _THINGS:
        answer = page.request.post(f"{demo.address}/api/v1{path}", headers=headers, data=thing)
        assert answer.ok, answer.text()
        made[path] = answer.json()
    return f"/campaigns/{made['/campaigns']['id']}/review"


_FILE: Final = re.compile(r"\.csv|/proof$|/qr\.|/documents/")  # is saved, not opened


def kind_of(path: str) -> str:
    """One page of each view is enough; providers' forms are of one view, and differ.

    The handbook is there where it has been built; its pages are of one make.
    """
    if path.startswith("/docs/"):
        return "handbook"
    match = resolve(urlsplit(path).path)
    others = [value for value in match.kwargs.values() if not isinstance(value, int)]
    return f"{match.view_name} {others}"


def _links(address: str, answer: APIResponse) -> list[str]:
    found = [urljoin(answer.url, unescape(href)) for href in _HREF.findall(answer.text())]
    inside = [url.removeprefix(address).split("#")[0] for url in found if url.startswith(address)]
    return [each for each in inside if not _FILE.search(each)]


def crawl(page: Page, address: str, *unlinked: str) -> list[str]:
    """One address of every page that can be reached from home, and of those without a link."""
    waiting, found = ["/", *UNLINKED, *unlinked], dict[str, str]()
    while waiting:
        path = waiting.pop(0)
        if kind_of(path) in found:
            continue
        answer = page.request.get(address + path)  # read, not drawn: that takes longer
        if answer.headers.get("content-disposition", "").startswith("attachment"):
            continue
        found[kind_of(path)] = path
        waiting += [each for each in _links(address, answer) if kind_of(each) not in found]
    return [*found.values(), *_asked(found)]


def _asked(found: dict[str, str]) -> list[str]:
    """Pages that look otherwise once something is asked: people filtered, a person and a campaign."""
    person = next(path for kind, path in found.items() if kind.startswith("web:contacts.person "))
    live = next(path for kind, path in found.items() if kind.startswith("web:campaigns.live "))
    campaign = re.findall(r"\d+", live)[0]
    return ["/contacts/?q=a", f"{person.split('?')[0]}?campaign={campaign}"]
