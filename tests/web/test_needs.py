"""Home: what needs a person, what waits and why; each row opens the page that lists exactly those."""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from builders import make_campaign, make_contact, make_gateway, make_member, make_workspace
from textwell.accounts.models import User, Workspace
from textwell.accounts.selectors import people_behind
from textwell.campaigns.actions import pause_campaign
from textwell.campaigns.approval import submit_campaign
from textwell.campaigns.models import Campaign
from textwell.campaigns.selectors import list_campaigns
from textwell.campaigns.stopping import stop_all
from textwell.campaigns.waiting import Waiting
from textwell.contacts.models import ImportRun
from textwell.core.clock import now
from textwell.core.models import Job
from textwell.gateways.models import Gateway, GatewayHealth
from textwell.inbox.models import Thread
from textwell.messaging.models import Batch, Tally
from textwell.webhooks.models import Endpoint

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
_NEED = re.compile(
    r'<li class="\w+" id="need-(\w+)">.*?href="([^"]*)">(.*?)</a><p[^>]*>(.*?)</p>', re.DOTALL
)


def needs(client: Client) -> dict[str, tuple[str, str, str]]:
    """By kind: title, why and address."""
    page = client.get("/").content.decode()
    return {
        kind: (html.unescape(title), html.unescape(why), html.unescape(address))
        for kind, address, title, why in _NEED.findall(page)
    }


def waits(client: Client) -> list[str]:
    """Each row of what waits, as it is read."""
    page = client.get("/").content.decode()
    found = re.search(r'<table[^>]*id="waits">.*?<tbody>(.*?)</tbody>', page, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", found[1], re.DOTALL) if found else []
    return [" ".join(html.unescape(re.sub(r"<[^>]*>", " ", row)).split()) for row in rows]


def connected(workspace: Workspace, **values: object) -> Gateway:
    gateway = make_gateway(workspace=workspace, **values)
    GatewayHealth.objects.create(gateway=gateway, is_bound=True)
    return gateway


def hand_in(workspace: Workspace, author: User, name: str) -> Campaign:
    """A campaign of the author's that waits for approval."""
    gateway = Gateway.objects.filter(workspace_id=workspace.id).first() or connected(workspace)
    campaign = make_campaign(
        workspace=workspace, gateway=gateway, name=name, authors=people_behind(f"user:{author.id}")
    )
    submit_campaign(campaign=campaign, actor=f"user:{author.id}")
    return campaign


@pytest.fixture
def four_eyes(workspace: Workspace) -> Workspace:
    Workspace.objects.filter(id=workspace.id).update(needs_approval=True)
    workspace.refresh_from_db()
    return workspace


def test_nothing_is_said_where_nothing_waits(owner_client: Client, workspace: Workspace) -> None:
    connected(workspace)

    page = owner_client.get("/").content.decode()

    assert "What needs a person" not in page
    assert "What waits" not in page


def test_what_others_made_waits_for_my_word_and_mine_for_theirs(
    four_eyes: Workspace, owner: User, owner_client: Client
) -> None:
    marketer = make_member(workspace=four_eyes, role="marketer")
    for name in ("Theirs 1", "Theirs 2"):
        hand_in(four_eyes, marketer, name)
    hand_in(four_eyes, owner, "Mine")
    make_campaign(workspace=four_eyes, name="A draft", gateway=Gateway.objects.first())

    found = needs(owner_client)

    assert found["decisions"][0] == "2 campaigns wait for your approval"
    assert found["approvals"][0] == "1 campaign of yours waits for approval"
    theirs = owner_client.get(found["decisions"][2]).content.decode()
    assert re.findall(r"Theirs \d|Mine|A draft", theirs) == ["Theirs 2", "Theirs 1"]
    mine = owner_client.get(found["approvals"][2]).content.decode()
    assert re.findall(r"Theirs \d|Mine|A draft", mine) == ["Mine"]
    every = owner_client.get("/campaigns/?waiting=approval").content.decode()
    assert re.findall(r"Theirs \d|Mine|A draft", every) == ["Mine", "Theirs 2", "Theirs 1"]
    assert 'aria-current="page">Wait for approval<span class="n">3</span>' in every


def test_who_may_not_approve_is_asked_for_no_word(
    four_eyes: Workspace, owner: User, client_of: SignIn
) -> None:
    hand_in(four_eyes, owner, "Spring")

    assert needs(client_of(make_member(workspace=four_eyes, role="marketer"))) == {}
    approver = needs(client_of(make_member(workspace=four_eyes, role="approver")))
    assert approver["decisions"][0] == "1 campaign waits for your approval"


def test_nothing_waits_for_approval_is_said_with_what_will_stand_there(
    four_eyes: Workspace, owner_client: Client
) -> None:
    make_campaign(workspace=four_eyes)

    page = owner_client.get("/campaigns/?waiting=approval").content.decode()

    assert "No campaign waits" in page
    assert "What is handed in for approval stands here until somebody decides." in page


def test_what_was_changed_since_or_launched_waits_no_more(
    four_eyes: Workspace, owner: User
) -> None:
    waits_, changed, launched = (hand_in(four_eyes, owner, name) for name in "abc")
    changed.approvals.update(state="void")
    Campaign.objects.filter(id=launched.id).update(state="sending")

    found = list_campaigns(four_eyes.id, waiting=Waiting.APPROVAL)

    assert [each.id for each in found] == [waits_.id]


def test_a_paused_campaign_is_named_with_who_paused_it(
    owner: User, owner_client: Client, workspace: Workspace
) -> None:
    gateway = connected(workspace)
    for name in ("Spring", "Summer"):
        made = make_campaign(workspace=workspace, gateway=gateway, name=name, state="sending")
        pause_campaign(campaign=made, actor=f"user:{owner.id}")
    make_campaign(workspace=workspace, gateway=gateway, name="Autumn", state="sending")

    title, why, address = needs(owner_client)["paused"]

    assert title == "2 campaigns are paused"
    assert why.startswith(f"Summer: by {owner.name}, ")
    assert "Spring: by" in why
    page = owner_client.get(address).content.decode()
    assert re.findall(r"Spring|Summer|Autumn", page) == ["Summer", "Spring"]


def test_texts_of_unknown_fate_open_their_campaigns(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = connected(workspace, name="Carrier")
    lost, well = (
        make_campaign(workspace=workspace, gateway=gateway, name=name, state="finished")
        for name in ("Lost", "Well")
    )
    for key, state in ((lost.id, "unknown"), (well.id, "delivered"), (-gateway.id, "unknown")):
        Tally.objects.create(campaign_id=key, state=state, reason="", message_count=4)

    found = needs(owner_client)

    assert found["unknown"][0] == "The fate of 4 texts of campaigns is unknown"
    assert found["singles"][0] == "The fate of 8 texts through Carrier is unknown"
    page = owner_client.get(found["unknown"][2]).content.decode()
    assert re.findall(r"Lost|Well", page) == ["Lost"]
    assert owner_client.get(found["singles"][2]).status_code == 200


def test_a_gateway_that_is_down_is_named_with_the_reason(
    owner_client: Client, workspace: Workspace
) -> None:
    connected(workspace, name="Fine")
    make_gateway(workspace=workspace, name="Off", state="paused")
    broken = make_gateway(workspace=workspace, name="Wrong", state="broken")
    GatewayHealth.objects.create(gateway=broken, is_bound=False, last_error="invalid password")

    title, why, address = needs(owner_client)["gateways"]

    assert title == "2 gateways are down"
    assert why == "Off: Paused · Wrong: Gave up (invalid password)"
    page = owner_client.get(address).content.decode()
    assert re.findall(r">(Fine|Off|Wrong)<", page) == ["Off", "Wrong"]


def test_whoever_waits_for_an_answer_is_listed_alone(
    owner_client: Client, workspace: Workspace
) -> None:
    people = [make_contact(workspace=workspace, first_name=name) for name in ("Ada", "Bob")]
    for person, place in zip(people, (5, 9 * 10**18), strict=True):  # Bob was answered
        Thread.objects.create(
            workspace_id=workspace.id, contact_id=person.id, last_at=AT, last_text="Hi", place=place,
            waiting_since=AT if place == 5 else None,
        )  # fmt: skip

    title, _why, address = needs(owner_client)["answers"]

    assert title == "1 person waits for an answer"
    page = owner_client.get(address).content.decode()
    assert "Ada" in page
    assert "Bob" not in page


def test_what_stopped_by_itself_is_named_and_listed(
    owner_client: Client, workspace: Workspace
) -> None:
    for name, state in (("half.csv", "failed"), ("well.csv", "done"), ("old.csv", "stopped")):
        job = Job.objects.create(workspace_id=workspace.id, kind="contacts.apply", state=state)
        ImportRun.objects.create(
            workspace_id=workspace.id, filename=name, state="judged", encoding="utf-8", delimiter=",",
            actor="system", job_id=job.id,
        )  # fmt: skip
    long_ago = AT - timedelta(days=400)
    ImportRun.objects.filter(filename="old.csv").update(created_at=long_ago)
    for name, reason in (("Shop", "gone"), ("Till", "")):
        Endpoint.objects.create(
            workspace_id=workspace.id, name=name, is_active=False, stopped_reason=reason
        )

    found = needs(owner_client)

    assert found["imports"][:2] == ("1 import stopped half-way", "half.csv: Checked")
    assert found["webhooks"][:2] == ("1 webhook was stopped", "Shop: it answered 410 Gone")
    assert re.findall(r"\w+\.csv", owner_client.get(found["imports"][2]).content.decode()) == [
        "half.csv"
    ]
    listed = owner_client.get(found["webhooks"][2]).content.decode()
    assert re.findall(r">(Shop|Till)<", listed) == ["Shop"]


def test_each_text_that_waits_is_told_with_its_reason(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = connected(workspace, name="Carrier", segments_per_second=20)
    sending, paused = (
        make_campaign(workspace=workspace, gateway=gateway, name=state.title(), state=state)
        for state in ("sending", "paused")
    )
    off = make_gateway(workspace=workspace, name="Off", state="paused")
    stuck = make_campaign(workspace=workspace, gateway=off, name="Stuck", state="sending")
    make_campaign(
        workspace=workspace, gateway=gateway, name="Later", state="scheduled", scheduled_at=AT
    )
    for key, state, reason, count in (
        (sending.id, "planned", "", 5), (sending.id, "queued", "", 2),
        (sending.id, "held", "gateway_refused", 1), (sending.id, "delivered", "", 9),
        (paused.id, "planned", "", 3), (paused.id, "held", "paused", 4), (stuck.id, "planned", "", 1),
        (-gateway.id, "queued", "", 6),
    ):  # fmt: skip
        Tally.objects.create(campaign_id=key, state=state, reason=reason, message_count=count)

    assert waits(owner_client) == [
        "Stuck Off: Paused 1",
        "Paused The campaign is paused. 7",
        "Sending The gateway would not take them; they are tried again by themselves. 1",
        "Sending In line: Carrier takes 20 segments a second. 7",
        "6 single texts, Carrier In line: Carrier takes 20 segments a second. –",
        "Later Begins Nov. 24, 2026, 9 a.m. –",
    ]
    for shown in re.findall(
        r'href="(/campaigns/\d+/people\?term=waiting[^"]*)"', owner_client.get("/").content.decode()
    ):
        assert owner_client.get(html.unescape(shown)).status_code == 200


def test_texts_that_law_moved_to_another_hour_say_so(
    owner_client: Client, workspace: Workspace
) -> None:
    gateway = connected(workspace, name="Carrier", segments_per_second=20)
    campaign = make_campaign(workspace=workspace, gateway=gateway, name="Night", state="sending")
    Tally.objects.create(campaign_id=campaign.id, state="planned", reason="", message_count=5)
    Batch.objects.create(
        workspace_id=workspace.id, campaign_id=campaign.id, gateway_id=gateway.id, lane="bulk",
        due_at=now() + timedelta(hours=9), first_message_id=1, last_message_id=5, marked_id=0,
    )  # fmt: skip

    assert waits(owner_client) == [
        "Night It is night or a Sunday where they may be; they go at the first lawful hour. 5"
    ]


def test_a_stop_of_all_sending_is_the_reason_of_everything(
    owner_client: Client, owner: User, workspace: Workspace
) -> None:
    campaign = make_campaign(workspace=workspace, state="sending", name="Spring")
    Tally.objects.create(campaign_id=campaign.id, state="planned", reason="", message_count=5)
    stop_all(workspace=workspace, actor=f"user:{owner.id}", reason="wrong link")

    assert waits(owner_client) == ["Spring All sending is stopped. 5"]


def test_another_workspace_s_troubles_are_not_ours(
    four_eyes: Workspace, owner_client: Client
) -> None:
    connected(four_eyes)
    other_workspace = make_workspace(name="Other", needs_approval=True)
    stranger = make_member(workspace=other_workspace, role="owner")
    hand_in(other_workspace, stranger, "Foreign")
    made = make_campaign(workspace=other_workspace, state="sending")
    Tally.objects.create(campaign_id=made.id, state="unknown", reason="", message_count=4)
    Tally.objects.create(campaign_id=made.id, state="planned", reason="", message_count=4)

    assert needs(owner_client) == {}
    assert waits(owner_client) == []
    assert "Foreign" not in owner_client.get("/campaigns/?waiting=approval").content.decode()
