import re

from django.test import Client

from builders import make_campaign, make_contact, make_gateway
from textwell.accounts.models import AuditEntry, Workspace
from textwell.campaigns.models import Campaign
from textwell.campaigns.trial import send_test
from textwell.core.clock import now

_STEP = re.compile(r'<li( class="done")?.*?(?:main-link[^>]*|class="label")>(.*?)<', re.DOTALL)


def _steps(client: Client) -> list[tuple[str, bool]]:
    """(label, done) of each first step that home shows."""
    page = client.get("/").content.decode()
    start = page.find('<ol class="guide-steps"')
    if start < 0:
        return []
    return [(label, bool(done)) for done, label in _STEP.findall(page[start : page.index("</ol>")])]


def _left(client: Client) -> list[str]:
    return [label for label, is_done in _steps(client) if not is_done]


def test_a_new_workspace_has_everything_but_the_brand_before_it(owner_client: Client) -> None:
    assert _steps(owner_client) == [
        ("Name your brand and its country", True),
        ("Set up a gateway", False),
        ("Bring people", False),
        ("Say how they agreed", False),
        ("Write a text", False),
        ("Send a test to yourself", False),
        ("Launch a campaign", False),
    ]


def test_facts_tick_the_steps_one_by_one(owner_client: Client, workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace)
    assert _left(owner_client)[0] == "Bring people"

    make_contact(workspace=workspace, has_consent=False)
    assert _left(owner_client)[0] == "Say how they agreed"

    contact = make_contact(workspace=workspace)
    assert _left(owner_client)[0] == "Write a text"

    campaign = make_campaign(workspace=workspace, gateway=gateway)
    assert _left(owner_client) == ["Send a test to yourself", "Launch a campaign"]

    send_test(campaign=campaign, contact=contact, actor="system")
    assert _left(owner_client) == ["Launch a campaign"]

    Campaign.objects.update(launched_at=now())
    assert _steps(owner_client) == []


def test_a_gateway_without_a_sender_is_not_ready(
    owner_client: Client, workspace: Workspace
) -> None:
    make_gateway(workspace=workspace, sender=None)

    assert "Set up a gateway" in _left(owner_client)


def test_people_of_another_workspace_tick_nothing(
    owner_client: Client, workspace: Workspace
) -> None:
    make_contact(workspace=Workspace.objects.create(name="Other", country="FR"))

    assert "Bring people" in _left(owner_client)


def test_put_away_it_is_gone_for_the_workspace_and_the_log_says_who(
    owner_client: Client, workspace: Workspace
) -> None:
    owner_client.post("/first-steps/hide")
    owner_client.post("/first-steps/hide")

    workspace.refresh_from_db()
    assert workspace.guide_hidden_at is not None
    assert _steps(owner_client) == []
    assert AuditEntry.objects.filter(action="workspace.guide_hidden").count() == 1


def test_who_may_not_write_campaigns_sees_no_steps(reader_client: Client) -> None:
    assert _steps(reader_client) == []
