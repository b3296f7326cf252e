"""Every page of the product, and an address for each."""

import inspect
import re
from collections.abc import Mapping

from django.urls import URLPattern

from textwell.web.own_urls import DOOR, OWN
from textwell.web.urls import urlpatterns

PATTERNS = [p for p in [*urlpatterns, *OWN, *DOOR] if isinstance(p, URLPattern)]
EXAMPLES = {"verb": "apply", "kind": "x", "provider_id": "sso", "goal": "discount",
            "picture": "svg", "country": "FR", "language": "en"}  # fmt: skip


def address_of(pattern: URLPattern) -> str:
    """The path of a page with an example for each of its parts."""

    def example(found: re.Match[str]) -> str:
        return EXAMPLES.get(found[2], "1")

    return "/" + re.sub(r"<(\w+):(\w+)>", example, str(pattern.pattern))


def page_path(pattern: URLPattern, ids: Mapping[str, int | str]) -> str:
    """The path of a page with these values in its places; an example where there is none."""
    path = str(pattern.pattern).removeprefix("^").removesuffix("$")
    for name, value in ids.items():
        path = re.sub(rf"<\w+:{name}>", str(value), path)
    path = path.replace("(?P<uidb36>[0-9A-Za-z]+)", "1").replace("(?P<key>.+)", "x")
    path = re.sub(r"<(\w+):(\w+)>", lambda found: EXAMPLES.get(found[2], "1"), path)
    return f"/{path}"


def methods_of(pattern: URLPattern) -> set[str]:
    """GET, POST or both: what `require_POST` and its like let through."""
    view = pattern.callback
    while hasattr(view, "__wrapped__"):
        asked = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if asked:
            return {"GET", "POST"} & {*asked}
        view = view.__wrapped__
    return {"GET", "POST"}
