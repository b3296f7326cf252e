from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import URLPattern, resolve

from addresses import address_of
from textwell.accounts.models import User, Workspace
from textwell.campaigns.models import Campaign
from textwell.cli.bench.pages import Page
from textwell.cli.bench.pages_addresses import LEFT_OUT, addresses, opened
from textwell.cli.bench.pages_fill import Filled
from textwell.contacts.models import Contact
from textwell.web.urls import urlpatterns

FILLED = Filled(
    workspace=Workspace(),
    owner=User(),
    message_count=0,
    contact=Contact(id=1, msisdn="+84901234567"),
    campaign=Campaign(id=1, first_message_id=1, last_message_id=2),
    draft=Campaign(id=2, gateway_id=1),
    large_list=1,
    small_list=2,
    endpoint_id=1,
    run_id=1,
    thread_id=1,
    template_id=1,
    canned_id=1,
)


def test_the_slowest_of_twenty_is_no_p95() -> None:
    page = Page(times=[9_000.0, *map(float, range(1, 20))])

    assert (page.p50, page.p95) == (10.5, 19.0)


def is_shown(pattern: URLPattern) -> bool:
    """A page of a member that is opened: a stranger's GET is sent to the door, not refused."""
    callback: Any = pattern.callback
    if not (hasattr(callback, "permission") or hasattr(callback, "is_own")):
        return False
    path = address_of(pattern)
    request: HttpRequest = RequestFactory().get(path)
    request.user = AnonymousUser()
    request.htmx = None  # type: ignore[attr-defined]  # no part of a page is asked for
    found = resolve(path)
    return bool(callback(request, *found.args, **found.kwargs).status_code != 405)


def test_the_bench_opens_every_page_of_a_member_or_says_why_not() -> None:
    shown = {p.name for p in urlpatterns if isinstance(p, URLPattern) and is_shown(p)}
    visited = opened(addresses(FILLED))

    assert visited & LEFT_OUT.keys() == set()
    assert shown - visited - LEFT_OUT.keys() == set()
    assert (visited | LEFT_OUT.keys()) - shown == set()
