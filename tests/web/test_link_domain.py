"""The page of a workspace's link domain."""

import pytest
from django.test import Client

from builders import make_workspace
from textwell.accounts.models import Workspace
from textwell.links import hosts as actions
from textwell.links.host_check import HostFound
from textwell.links.hosts import set_link_host
from textwell.links.models import LinkHost

pytestmark = pytest.mark.django_db
PAGE = "/settings/link-domain/"


@pytest.fixture
def host(workspace: Workspace) -> LinkHost:
    return set_link_host(workspace=workspace, host="go.shop.vn", actor="user:7")


def find(monkeypatch: pytest.MonkeyPatch, found: HostFound) -> None:
    """The next check finds this; the check itself is tried at a real edge."""
    monkeypatch.setattr(actions, "check_host", lambda _host, _proof: found)


def test_an_owner_sets_it_and_is_told_that_it_waits_for_a_check(owner_client: Client) -> None:
    page = owner_client.post(PAGE, {"host": "GO.shop.vn"}, follow=True).content.decode()

    assert LinkHost.objects.get().host == "go.shop.vn"
    assert "Not checked" in page
    assert "Until a check is good, new links begin with" in page


def test_a_refusal_stands_beside_the_field_with_its_mend(owner_client: Client) -> None:
    answer = owner_client.post(PAGE, {"host": "https://go.shop.vn"})

    assert (answer.status_code, LinkHost.objects.count()) == (422, 0)
    assert "Write the name alone, such as go.example.com." in answer.content.decode()


def test_a_good_check_puts_it_to_use(
    owner_client: Client, host: LinkHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    find(monkeypatch, HostFound(True))

    page = owner_client.post(f"{PAGE}check", follow=True).content.decode()

    assert "Links arrive here. New links begin with go.shop.vn." in page
    assert "https://go.shop.vn/" in page


def test_a_bad_check_says_what_is_wrong_and_the_mend(
    owner_client: Client, host: LinkHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    find(monkeypatch, HostFound(False, "unresolved"))

    page = owner_client.post(f"{PAGE}check", follow=True).content.decode()

    assert "The name go.shop.vn does not resolve: it has no DNS record." in page
    assert "Make a DNS record that leads from go.shop.vn to 127.0.0.1" in page


def test_it_is_removed(owner_client: Client, host: LinkHost) -> None:
    page = owner_client.post(f"{PAGE}remove", follow=True).content.decode()

    assert not LinkHost.objects.exists()
    assert "go.shop.vn" not in page


@pytest.mark.parametrize("path", ["check", "remove"])
def test_without_one_a_late_press_is_told_so(owner_client: Client, path: str) -> None:
    page = owner_client.post(f"{PAGE}{path}", follow=True).content.decode()

    assert "There is no link domain." in page


@pytest.mark.parametrize("path", ["", "check", "remove"])
def test_others_may_not_and_nothing_changes(
    reader_client: Client, host: LinkHost, path: str
) -> None:
    assert reader_client.post(PAGE + path, {"host": "x.shop.vn"}).status_code == 403

    host.refresh_from_db()
    assert (host.host, host.state) == ("go.shop.vn", "unchecked")


def test_another_workspaces_is_not_seen(owner_client: Client) -> None:
    set_link_host(workspace=make_workspace(name="Other"), host="go.other.vn", actor="user:9")

    assert "go.other.vn" not in owner_client.get(PAGE).content.decode()
