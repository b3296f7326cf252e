"""Test sends: what arrives is what a campaign's own people get."""

from datetime import timedelta

import pytest

from builders import make_campaign, make_contact, make_gateway
from domain.messaging.ledger import build_plan, run_plan
from textwell.accounts.models import AuditEntry, Workspace
from textwell.campaigns.forecast import build_preview
from textwell.campaigns.trial import send_test
from textwell.consent.models import Suppression
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.core.settings import load_settings
from textwell.gateways.models import Sender
from textwell.links.models import LinkRange
from textwell.links.tokens import make_token
from textwell.messaging.models import Batch, Message
from textwell.messaging.reasons import GATE_REASONS
from textwell.text import count_segments

pytestmark = pytest.mark.django_db


def test_a_test_send_leaves_an_entry_with_whom_it_went_to(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace)
    campaign = make_campaign(workspace=workspace, gateway=make_gateway(workspace=workspace))

    message_id = send_test(campaign=campaign, contact=contact, actor="user:7")

    entry = AuditEntry.objects.get(action="campaigns.test_sent")
    assert (entry.actor, entry.subject) == ("user:7", f"campaign:{campaign.id}")
    assert entry.data == {"after": {"contact_id": contact.id, "message_id": message_id}}


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


@pytest.mark.parametrize("body", ["See {{ link }}", "{% if language %}{{ link_2 }}{% endif %}See"])
def test_a_link_without_an_address_is_refused_and_not_sent_as_braces(
    workspace: Workspace, body: str
) -> None:
    contact = make_contact(workspace=workspace)
    campaign = make_campaign(workspace=workspace, body=body)

    with pytest.raises(FieldError, match="which has no address") as caught:
        send_test(campaign=campaign, contact=contact, actor="system")

    assert (caught.value.field, Message.objects.count()) == ("links", 0)


def test_a_test_is_made_with_its_links_as_a_campaigns_texts_are(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace, first_name="{{ link }}")
    campaign = make_campaign(
        workspace=workspace,
        body="{{ first_name }} {% assign shop = link | split: '/' | last %}{{ shop }}",
        fallbacks={"first_name": "you"},
        links=[{"url": "https://bakery.example/menu"}],
    )

    message_id = send_test(campaign=campaign, contact=contact, actor="system")

    token = make_token(bytes(workspace.link_key), message_id, 1)
    assert Batch.objects.get().body == f"{{{{ link }}}} {token}"


@pytest.mark.parametrize(
    ("case", "mend"),
    [
        ("no_consent", "Choose a contact with consent, such as yourself."),
        ("frequency_cap", "This person had as many texts as the cap allows."),
        ("sender_not_allowed", "Choose a sender that may be shown in this person's country"),
        ("expired", "Choose a later expiry for the campaign, or none."),
        ("suppressed", "The number is on the suppression list. Choose another contact."),
    ],
)
def test_a_refused_test_says_what_mends_it(workspace: Workspace, case: str, mend: str) -> None:
    contact = make_contact(workspace=workspace, has_consent=case != "no_consent")
    values: dict[str, object] = {}
    if case == "frequency_cap":
        run_plan(build_plan(workspace, make_campaign(workspace=workspace)))
        values = {"cap_count": 1}
    if case == "expired":
        values = {"expires_at": now() - timedelta(hours=1)}
    campaign = make_campaign(workspace=workspace, **values)
    if case == "sender_not_allowed":
        Sender.objects.update(country="VN")
    if case == "suppressed":
        Suppression.objects.create(
            workspace_id=workspace.id, msisdn=contact.msisdn, reason="complaint"
        )
    count = Batch.objects.count()

    with pytest.raises(FieldError) as refused:
        send_test(campaign=campaign, contact=contact, actor="system")

    assert refused.value.problem == f"may not be texted: {GATE_REASONS[case]}"
    assert refused.value.mend.startswith(mend)
    assert Batch.objects.count() == count


@pytest.mark.parametrize(
    ("goal_hours", "expires_hours", "mend"),
    [
        (-1, None, "Choose a later end of the offer or start of the event, or none."),
        (-2, -1, "Choose a later end of the offer or start of the event, or none."),
        (-1, -2, "Choose a later expiry for the campaign, or none."),
    ],
)
def test_a_test_after_the_end_names_the_end_that_counts(
    workspace: Workspace, goal_hours: int, expires_hours: int | None, mend: str
) -> None:
    contact = make_contact(workspace=workspace)
    expires_at = now() + timedelta(hours=expires_hours) if expires_hours else None
    campaign = make_campaign(
        workspace=workspace, goal_at=now() + timedelta(hours=goal_hours), expires_at=expires_at
    )

    with pytest.raises(FieldError) as refused:
        send_test(campaign=campaign, contact=contact, actor="system")

    assert refused.value.mend == mend


def test_a_test_has_the_terms_of_its_campaign(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace)
    expires_at = now() + timedelta(days=2)
    campaign = make_campaign(
        workspace=workspace, expires_at=expires_at, validity_hours=3, cap_count=2, cap_hours=48
    )

    message_id = send_test(campaign=campaign, contact=contact, actor="system")

    extra = Batch.objects.get().extra
    assert Message.objects.get(id=message_id).expires_at == expires_at
    assert (extra["validity_hours"], extra["cap_count"], extra["cap_hours"]) == (3, 2, 48)


def test_a_preview_is_what_is_handed_off_but_for_the_tokens(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace, first_name="Zoë", fields={"points": 12})
    campaign = make_campaign(
        workspace=workspace,
        body="Dear {{ first_name }}… {{ points }}% off {{ link }}, {% if city == 'Lyon' %}L{% endif %}",
        fallbacks={"first_name": "friend", "points": "many", "city": "your town"},
        links=[{"url": "https://bakery.example/menu"}],
    )

    preview = build_preview(campaign, contact).composed
    message_id = send_test(campaign=campaign, contact=contact, actor="system")

    token = make_token(bytes(workspace.link_key), message_id, 1)
    handed = Batch.objects.get().body
    assert preview.text == handed.replace(token, "aB3dE6gH")
    assert handed == f"Dear Zoë... 12% off {load_settings().link_url}/{token}, "
    assert count_segments(handed) == (preview.encoding, preview.segment_count)
