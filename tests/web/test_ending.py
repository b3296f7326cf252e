"""The page of consents that end: who, and a campaign to those who may still be asked."""

import re

import pytest
from django.test import Client

from domain.reports.test_ending import make_ending
from textwell.accounts.models import Workspace
from textwell.campaigns.models import Campaign

pytestmark = pytest.mark.django_db
ADDRESS = "/contacts/ending-consents/"


def test_who_may_still_be_asked_becomes_the_audience_of_a_draft(
    owner_client: Client, workspace: Workspace
) -> None:
    soon, lapsed = make_ending(workspace, 9), make_ending(workspace, -9)

    page = owner_client.get(ADDRESS).content.decode()
    ended = owner_client.get(ADDRESS, {"state": "ended"}).content.decode()
    (opened,) = re.findall(rf'<a class="opens" href="({ADDRESS}[^"]*)"', page)
    sent = owner_client.post(f"{ADDRESS}ask", {"within": "30", "country": "KR"})

    assert f'href="/contacts/{soon.id}"' in page
    assert f'href="/contacts/{lapsed.id}"' not in page
    assert (
        f'href="/contacts/{soon.id}"'
        in owner_client.get(opened.replace("&amp;", "&")).content.decode()
    )
    assert f'href="/contacts/{lapsed.id}"' in ended
    assert f"{ADDRESS}ask" not in ended
    assert "No marketing may be sent to these people any more" in ended
    draft = Campaign.objects.get()
    assert sent["Location"] == f"/campaigns/{draft.id}/compose"
    assert draft.audience == {
        "filters": [
            {"field": "consent_ends_in", "op": "lte", "value": 30},
            {"field": "country", "op": "is", "value": "KR"},
        ]
    }
    assert "Days until consent ends" in owner_client.get(sent["Location"]).content.decode()


@pytest.mark.parametrize(
    "query", [{"state": "x"}, {"within": "0"}, {"within": "9999"}, {"month": "2026-13"}]
)
def test_an_address_that_no_page_has_is_not_found(
    owner_client: Client, query: dict[str, str]
) -> None:
    assert owner_client.get(ADDRESS, query).status_code == 404
