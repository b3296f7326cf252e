"""Test sends: what arrives is what a campaign's own people get."""

import pytest

from builders import make_campaign, make_contact, make_gateway
from textwell.accounts.models import Workspace
from textwell.campaigns.trial import send_test
from textwell.core.settings import load_settings
from textwell.links.models import LinkRange
from textwell.links.tokens import make_token
from textwell.messaging.models import Batch

pytestmark = pytest.mark.django_db


def test_links_of_a_test_send_lead_where_a_campaigns_do(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace)
    campaign = make_campaign(
        workspace=workspace,
        gateway=make_gateway(workspace=workspace),
        body="Bread: {{ link }}",
        links=[{"url": "https://bakery.example/menu"}],
        utm={"utm_source": "sms"},
    )

    message_id = send_test(campaign=campaign, contact=contact, actor="system")

    made = LinkRange.objects.get()
    token = make_token(bytes(workspace.link_key), message_id, 1)
    assert made.targets == ["https://bakery.example/menu?utm_source=sms"]
    assert made.expires_at is not None
    assert f"{load_settings().link_url}/{token}" in Batch.objects.get().body
