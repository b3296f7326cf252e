"""Many watch one campaign: what that costs, and how fast somebody who must not see it is gone."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from builders import make_campaign, make_member, make_workspace
from textwell.accounts.models import Membership, User, Workspace
from textwell.campaigns.models import Campaign
from textwell.messaging.models import Progress, Tally
from textwell.web import middleware, watchers
from textwell.web.live_reads import SharedReads
from textwell.web.views import live
from textwell.web.watchers import CHECK_S, KNOWN_S, Watchers

pytestmark = pytest.mark.django_db
WATCHERS = 50


@dataclass
class Clock:
    seconds: float = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Stands still; the memories of this process begin empty and go by it."""
    made = Clock()
    known = Watchers(made)
    monkeypatch.setattr(live, "shared_reads", SharedReads(made))
    monkeypatch.setattr(watchers, "watchers", known)
    monkeypatch.setattr(middleware, "watchers", known)
    return made


@pytest.fixture
def campaign(workspace: Workspace) -> Campaign:
    made = make_campaign(workspace=workspace, state="sending", audience_count=80)
    Tally.objects.create(campaign_id=made.id, state="delivered", reason="", message_count=60)
    Tally.objects.create(campaign_id=made.id, state="planned", reason="", message_count=20)
    Progress.objects.create(
        campaign_id=made.id, slot_at=made.created_at, state="delivered", message_count=60,
        handed_count=60,
    )  # fmt: skip
    return made


@dataclass
class Watcher:
    user: User
    client: Client
    path: str

    def look(self) -> int:
        return self.client.get(self.path).status_code


@pytest.fixture
def watch(workspace: Workspace, campaign: Campaign) -> Callable[..., Watcher]:
    def make(role: str = "reader") -> Watcher:
        user = make_member(workspace=workspace, role=role)
        client = Client()
        client.force_login(user)
        return Watcher(user, client, f"/campaigns/{campaign.id}/live/part")

    return make


def test_fifty_who_watch_cost_one_query_a_second(
    clock: Clock, watch: Callable[..., Watcher]
) -> None:
    crowd = [watch() for _each in range(WATCHERS)]
    with CaptureQueriesContext(connection) as first:
        assert {each.look() for each in crowd} == {200}

    asked = []
    for passed_s in (1.0, 1.0, CHECK_S):
        clock.seconds += passed_s
        with CaptureQueriesContext(connection) as queries:
            assert {each.look() for each in crowd} == {200}
        asked.append(len(queries))

    assert len(first) == 3 * WATCHERS + 1  # session, user, membership of each; the campaign
    assert asked == [1, 1, 2]  # the campaign; and four times a minute, who may see it


def test_whoever_is_known_gets_what_the_complete_way_gives(
    clock: Clock, watch: Callable[..., Watcher]
) -> None:
    marketer = watch("marketer")
    complete = marketer.client.get(marketer.path)
    known = marketer.client.get(marketer.path)

    def shown(page: str) -> str:  # the token of a form is another one in each answer
        return "".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)

    assert 'id="pause"' in known.content.decode()
    assert shown(known.content.decode()) == shown(complete.content.decode())
    assert known.headers.keys() == complete.headers.keys()
    assert sorted(known["Vary"].split(", ")) == sorted(complete["Vary"].split(", "))


def sign_out(watcher: Watcher) -> None:
    Session.objects.filter(session_key=watcher.client.session.session_key).delete()


def take_out(watcher: Watcher) -> None:
    Membership.objects.filter(user=watcher.user).delete()


def switch_off(watcher: Watcher) -> None:
    User.objects.filter(id=watcher.user.id).update(is_active=False)


def change_password(watcher: Watcher) -> None:
    watcher.user.set_password("another correct horse")
    watcher.user.save(update_fields=["password"])


def make_agent(watcher: Watcher) -> None:
    """Of a role that may not see campaigns."""
    Membership.objects.filter(user=watcher.user).update(role="agent")


@pytest.mark.parametrize(
    ("happens", "status"),
    [
        (sign_out, 302),
        (take_out, 404),
        (switch_off, 302),
        (change_password, 302),
        (make_agent, 403),
    ],
)
def test_whoever_may_no_longer_see_it_is_gone_within_a_quarter_of_a_minute(
    clock: Clock, watch: Callable[..., Watcher], happens: Callable[[Watcher], None], status: int
) -> None:
    gone, other = watch(), watch()
    assert [gone.look(), other.look(), gone.look()] == [200, 200, 200]

    happens(gone)
    clock.seconds += CHECK_S

    assert [gone.look(), other.look()] == [status, 200]


def test_a_session_is_known_at_the_campaign_that_it_was_let_in_to_and_no_other(
    clock: Clock, watch: Callable[..., Watcher]
) -> None:
    theirs = make_campaign(workspace=make_workspace(), state="sending")
    watcher = watch()

    assert watcher.look() == 200
    assert watcher.client.get(f"/campaigns/{theirs.id}/live/part").status_code == 404
    assert Client().get(watcher.path).status_code == 302


def test_after_some_minutes_the_complete_way_is_gone_again(
    clock: Clock, watch: Callable[..., Watcher]
) -> None:
    """It notes that the session is used."""
    watcher = watch()
    watcher.look()
    clock.seconds += KNOWN_S

    with CaptureQueriesContext(connection) as queries:
        assert watcher.look() == 200

    assert len(queries) == 4  # session, user, membership; the campaign
