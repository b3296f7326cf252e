"""A workspace's own link domain: who may have which, and that new links begin with it."""

from datetime import timedelta
from typing import Any

import pytest

from builders import make_campaign, make_contact, make_gateway, make_workspace
from textwell.accounts.models import AuditEntry, Workspace
from textwell.campaigns.forecast import build_forecast, build_preview
from textwell.campaigns.trial import send_test
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.errors import FieldError, NotFound
from textwell.core.settings import load_settings
from textwell.links import hosts as actions
from textwell.links.host_check import HostFound
from textwell.links.host_words import mend_of, problem_of
from textwell.links.hosts import check_due_hosts, check_link_host, remove_link_host, set_link_host
from textwell.links.models import LinkHost
from textwell.links.selectors import find_link_host, link_prefix
from textwell.messaging.actions import measured_text
from textwell.messaging.models import Batch
from textwell.runtime.connector.content import READ_CAMPAIGN, content_of_campaign

pytestmark = pytest.mark.django_db


def set_host(workspace: Workspace, host: str = "go.shop.vn") -> LinkHost:
    return set_link_host(workspace=workspace, host=host, actor="user:7")


@pytest.fixture
def outcome(monkeypatch: pytest.MonkeyPatch) -> dict[str, HostFound]:
    """What the next checks find; the check itself is tried at a real edge."""
    found = {"next": HostFound(True)}
    monkeypatch.setattr(actions, "check_host", lambda _host, _proof: found["next"])
    return found


@pytest.fixture
def good(workspace: Workspace, outcome: dict[str, HostFound]) -> LinkHost:
    set_host(workspace)
    return check_link_host(workspace=workspace, actor="user:7")


def test_each_change_is_in_the_audit_log(workspace: Workspace, good: LinkHost) -> None:
    set_host(workspace, "link.shop.vn")
    remove_link_host(workspace=workspace, actor="user:7")

    told = list(AuditEntry.objects.order_by("id").values_list("action", "data"))
    assert told == [
        ("workspace.link_host_set", {"before": {"host": ""}, "after": {"host": "go.shop.vn"}}),
        (
            "workspace.link_host_checked",
            {
                "before": {"state": "unchecked"},
                "after": {"host": "go.shop.vn", "state": "good", "problem": ""},
            },
        ),
        (
            "workspace.link_host_set",
            {"before": {"host": "go.shop.vn"}, "after": {"host": "link.shop.vn"}},
        ),
        (
            "workspace.link_host_removed",
            {"before": {"host": "link.shop.vn"}, "after": {"host": ""}},
        ),
    ]


def test_the_same_name_again_changes_nothing(workspace: Workspace, good: LinkHost) -> None:
    assert set_host(workspace, "GO.shop.vn").state == "good"
    assert AuditEntry.objects.filter(action="workspace.link_host_set").count() == 1


def test_a_name_that_served_links_stays_its_workspaces(
    workspace: Workspace, good: LinkHost
) -> None:
    set_host(workspace, "link.shop.vn")

    assert LinkHost.objects.get(host="go.shop.vn").retired_at is not None
    with pytest.raises(FieldError, match="is the link domain of another workspace"):
        set_host(make_workspace(name="Other"))
    again = set_host(workspace)
    assert (again.id, again.state, again.retired_at) == (good.id, "unchecked", None)


def test_a_name_that_never_served_is_free_again(workspace: Workspace) -> None:
    set_host(workspace)
    other = make_workspace(name="Other")
    with pytest.raises(FieldError, match="is the link domain of another workspace"):
        set_host(other)
    remove_link_host(workspace=workspace, actor="user:7")

    assert set_host(other).workspace_id == other.id


def test_without_one_there_is_nothing_to_check_or_remove(workspace: Workspace) -> None:
    with pytest.raises(NotFound):
        remove_link_host(workspace=workspace, actor="user:7")
    with pytest.raises(NotFound):
        check_link_host(workspace=workspace, actor="user:7")


def test_it_is_used_only_while_the_last_check_was_good(
    workspace: Workspace, outcome: dict[str, HostFound]
) -> None:
    ours = load_settings().link_url + "/"
    set_host(workspace)
    prefixes = [link_prefix(workspace.id)]

    for found in (
        HostFound(False, "unresolved"),
        HostFound(True),
        HostFound(True, "http_only", {}, "http"),
        HostFound(False, "timeout"),
    ):
        outcome["next"] = found
        check_link_host(workspace=workspace, actor="user:7")
        prefixes.append(link_prefix(workspace.id))

    assert prefixes == [ours, ours, "https://go.shop.vn/", "http://go.shop.vn/", ours]


def test_another_workspaces_links_do_not_begin_with_it(good: LinkHost) -> None:
    assert link_prefix(make_workspace(name="Other").id) == load_settings().link_url + "/"


def test_previews_tests_and_the_hand_off_use_it(workspace: Workspace, good: LinkHost) -> None:
    contact = make_contact(workspace=workspace)
    campaign = make_campaign(
        workspace=workspace,
        gateway=make_gateway(workspace=workspace),
        body="Bread: {{ link }}",
        links=[{"url": "https://bakery.example/menu"}],
    )

    send_test(campaign=campaign, contact=contact, actor="system")
    with cursor() as opened:
        opened.execute(READ_CAMPAIGN, {"campaign_id": campaign.id})
        content = content_of_campaign(opened.fetchone())

    assert build_preview(campaign, contact).composed.text == "Bread: https://go.shop.vn/aB3dE6gH"
    assert Batch.objects.get().body.startswith("Bread: https://go.shop.vn/")
    assert content.link_prefix == "https://go.shop.vn/"


def test_segments_are_counted_with_it(workspace: Workspace, good: LinkHost) -> None:
    """160 characters with this name, more with the installation's."""
    contact = make_contact(workspace=workspace)
    body = "x" * (160 - len("https://go.shop.vn/aB3dE6gH")) + "{{ link }}"
    campaign = make_campaign(
        workspace=workspace,
        gateway=make_gateway(workspace=workspace),
        body=body,
        links=[{"url": "https://bakery.example/menu"}],
    )

    assert build_preview(campaign, contact).composed.segment_count == 1
    assert build_forecast(campaign).segment_count == 1
    assert len(measured_text(body, 1, link_prefix(workspace.id))) == 160

    remove_link_host(workspace=workspace, actor="user:7")
    assert build_forecast(campaign).segment_count == 2


@pytest.mark.parametrize(
    ("found", "problem", "mend"),
    [
        (
            HostFound(False, "elsewhere", {"found": "192.0.2.1", "expected": "192.0.2.9"}),
            "The name go.shop.vn resolves elsewhere: to 192.0.2.1, not to 192.0.2.9.",
            "Make a DNS record that leads from go.shop.vn to 127.0.0.1, then check again.",
        ),
        (
            HostFound(False, "certificate", {"why": "certificate has expired"}),
            "The certificate of go.shop.vn is not valid: certificate has expired.",
            "Let the proxy get a certificate for go.shop.vn, then check again.",
        ),
        (
            HostFound(False, "timeout"),
            "No answer from go.shop.vn within 5 seconds.",
            "Open port 443 in the firewall, and see that the proxy runs.",
        ),
        (HostFound(True), "", ""),
    ],
)
def test_a_check_says_what_is_wrong_and_what_mends_it(
    workspace: Workspace,
    outcome: dict[str, HostFound],
    found: HostFound,
    problem: str,
    mend: str,
) -> None:
    set_host(workspace)
    outcome["next"] = found

    host = check_link_host(workspace=workspace, actor="user:7")

    assert (problem_of(host), mend_of(host)) == (problem, mend)
    assert host.checked_at is not None
    assert find_link_host(workspace.id) == host


@pytest.mark.parametrize(
    ("what", "values", "is_checked"),
    [
        ("good an hour ago", {"state": "good", "checked_at": 1.5}, False),
        ("good a day ago", {"state": "good", "checked_at": 24.5}, True),
        ("failing a moment ago", {"state": "failing", "checked_at": 0.5}, False),
        ("failing an hour ago", {"state": "failing", "checked_at": 1.5}, True),
        ("made today", {"state": "unchecked"}, False),
        ("made long ago", {"state": "unchecked", "created_at": 25.0}, True),
        ("retired", {"state": "good", "checked_at": 25.0, "retired_at": 2.0}, False),
    ],
)
def test_a_check_is_repeated_in_time(
    workspace: Workspace,
    outcome: dict[str, HostFound],
    what: str,
    values: dict[str, Any],
    is_checked: bool,
) -> None:
    made = set_host(workspace)
    hours = {name: now() - timedelta(hours=one) for name, one in values.items() if name != "state"}
    LinkHost.objects.filter(id=made.id).update(state=values["state"], **hours)
    outcome["next"] = HostFound(False, "timeout")

    assert check_due_hosts() == int(is_checked)
    assert (LinkHost.objects.get().problem == "timeout") is is_checked


def test_only_what_changed_is_told_of_a_repeated_check(
    workspace: Workspace, good: LinkHost, outcome: dict[str, HostFound]
) -> None:
    told = AuditEntry.objects.filter(action="workspace.link_host_checked", actor="system")
    counts = []
    for found in (HostFound(True), HostFound(False, "timeout"), HostFound(False, "timeout")):
        outcome["next"] = found
        LinkHost.objects.update(checked_at=now() - timedelta(days=2))
        check_due_hosts()
        counts.append(told.count())

    assert counts == [0, 1, 1]
