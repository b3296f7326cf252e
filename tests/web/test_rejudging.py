"""The page that judges a campaign by other rule packs."""

import re

import pytest
from django.test import Client

from domain.reports.test_rejudging import sent_campaign
from textwell.accounts.models import Workspace
from textwell.reports.rejudging import judging

pytestmark = pytest.mark.django_db


def test_each_rule_stands_with_its_count_and_what_was_not_asked(
    owner_client: Client, workspace: Workspace
) -> None:
    campaign = sent_campaign(workspace, handed=4, waiting=2)

    page = owner_client.get(
        f"/campaigns/{campaign.id}/law", {"pack": "FR@2026-11-01"}
    ).content.decode()

    assert "<dt>May go</dt><dd>6</dd>" in page
    assert "<option selected>FR@2026-11-01</option>" in page
    assert re.findall(r'<td class="mono">(FR:\w+)</td>', page) == [
        "FR:consent", "FR:holidays", "FR:hours", "FR:hours_recommended", "FR:identity",
        "FR:opt_out", "FR:sender",
    ]  # fmt: skip
    assert "The words of 6 texts are not kept any more." in page


def test_a_large_campaign_is_judged_in_parts(
    owner_client: Client, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = sent_campaign(workspace, handed=8, waiting=0)
    monkeypatch.setattr(judging, "CHUNK", 2)
    address = f"/campaigns/{campaign.id}/law"

    first = owner_client.get(address).content.decode()
    (more,) = re.findall(r'href="\?([^"]*after=\d+)"', first)
    second = owner_client.get(f"{address}?{more}").content.decode()

    assert "<dt>May go</dt><dd>6</dd>" in first
    assert "<dt>May go</dt><dd>2</dd>" in second
    assert owner_client.get(address, {"pack": "FR@1999-01-01"}).status_code == 404
