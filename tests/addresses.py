"""Every page of the product, and an address for each."""

import re

from django.urls import URLPattern

from textwell.web.own_urls import DOOR, OWN
from textwell.web.urls import urlpatterns

PATTERNS = [p for p in [*urlpatterns, *OWN, *DOOR] if isinstance(p, URLPattern)]
EXAMPLES = {"verb": "apply", "kind": "x", "provider_id": "sso", "goal": "discount"}


def address_of(pattern: URLPattern) -> str:
    """The path of a page with an example for each of its parts."""

    def example(found: re.Match[str]) -> str:
        return EXAMPLES.get(found[2], "1")

    return "/" + re.sub(r"<(\w+):(\w+)>", example, str(pattern.pattern))
