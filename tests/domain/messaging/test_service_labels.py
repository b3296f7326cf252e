"""What texts that are no marketing must say: labels in China and Malaysia, more in Canada and Australia."""

import pytest

from builders import make_campaign, make_contact, make_gateway
from domain.campaigns.test_planning import run_job
from domain.messaging.handing import hand_off_waiting_texts
from domain.messaging.ledger import build_plan, run_plan
from textwell.accounts.models import Workspace
from textwell.campaigns.actions import launch_campaign
from textwell.campaigns.forecast import build_preview
from textwell.compliance.service_wording import worded_countries
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.gateways.models import Gateway
from textwell.gateways.registrations import create_registration
from textwell.links.models import LinkRange
from textwell.messaging.actions import SingleMessage, send_single
from textwell.messaging.models import Batch

pytestmark = pytest.mark.django_db

NUMBERS = {"CN": "+8613800138000", "MY": "+60123456789", "FR": "+33612345678",
           "CA": "+16135551234", "AU": "+61412345678"}  # fmt: skip


def say(workspace: Workspace, gateway: Gateway, country: str, purpose: str, body: str) -> str:
    """A text as it goes to a person there."""
    contact = make_contact(workspace=workspace, country=country, msisdn=NUMBERS[country])
    message = SingleMessage(
        workspace_id=workspace.id, contact_id=contact.id, msisdn=contact.msisdn, country=country,
        body=body, purpose=purpose, lane="urgent", gateway_id=gateway.id, sender="BAKERY",
    )  # fmt: skip
    send_single(message, actor="test")
    return Batch.objects.get().body


@pytest.mark.parametrize(
    ("country", "purpose", "body", "said"),
    [
        ("CN", "otp", "4711", "【Green Bakery】4711"),
        ("CN", "transactional", "【Bakery】Ready.", "【Bakery】Ready."),
        ("CN", "care", "Ready.【Bakery】", "Ready.【Bakery】"),
        ("CN", "answer", "Yes.", "【Green Bakery】Yes."),
        ("CN", "opt_out_confirmation", "Done.", "【Green Bakery】Done."),
        ("MY", "otp", "4711", "RM0 4711"),
        ("MY", "help_reply", "RM0.00 Call us.", "RM0.00 Call us."),
        ("MY", "opt_out_confirmation", "Done.", "RM0 Done."),
        ("FR", "otp", "4711", "4711"),
    ],
)
def test_a_text_that_is_no_marketing_has_the_label_that_law_asks_for(
    workspace: Workspace, country: str, purpose: str, body: str, said: str
) -> None:
    gateway = make_gateway(workspace=workspace, provider="smpp")

    assert say(workspace, gateway, country, purpose, body) == said


def test_what_reaches_no_phone_has_none(workspace: Workspace) -> None:
    assert say(workspace, make_gateway(workspace=workspace), "CN", "otp", "4711") == "4711"


def test_a_campaign_about_an_order_has_it_too(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace, provider="smpp")
    create_registration(
        workspace_id=workspace.id, actor="system", value="BAKERY", kind="alphanumeric",
        country="MY", purpose="transactional", state="approved",
    )  # fmt: skip
    people = {
        make_contact(workspace=workspace, country=country, msisdn=number).id: country
        for country, number in NUMBERS.items()
        if country in {"MY", "FR"}
    }
    campaign = make_campaign(
        workspace=workspace, gateway=gateway, purpose="transactional", body="Ready.",
        state="sending",
    )  # fmt: skip
    run_plan(
        build_plan(workspace, campaign, purpose="transactional", needs_consent=False, lane="care")
    )

    texts = {people[who]: text for who, text in hand_off_waiting_texts(workspace).items()}

    assert texts == {"MY": "RM0 Ready.", "FR": "Ready."}


def test_the_countries_are_those_of_the_packs() -> None:
    assert worded_countries(now().date()) == {"AU", "CA", "CN", "MY"}


WARM = "Green Bakery: Ready."


@pytest.mark.parametrize(
    ("country", "purpose", "said"),
    [
        ("CA", "transactional", f"{WARM}\nSTOP to opt out / ARRET pour arreter\nhttp"),
        ("CA", "care", f"{WARM}\nSTOP to opt out / ARRET pour arreter\nhttp"),
        ("CA", "otp", "Ready."),
        ("AU", "transactional", "Green Bakery Pty Ltd: Ready."),
        ("AU", "answer", "Ready."),
    ],
)
def test_word_of_an_order_names_the_sender_and_a_way_to_stop(
    workspace: Workspace, country: str, purpose: str, said: str
) -> None:
    told = {"legal_name": "Green Bakery Pty Ltd", "postal_address": "1 Main St, Toronto"}
    Workspace.objects.filter(id=workspace.id).update(public_contact="bread@green.example", **told)
    gateway = make_gateway(workspace=workspace, provider="smpp")
    gateway.senders.update(kind="long_code")

    found = say(workspace, gateway, country, purpose, "Ready.")

    assert found[: len(said)] == said
    assert len(found) == len(said) or said.endswith("http")


def test_who_did_not_say_who_they_are_sends_no_word_of_an_order_there(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace, provider="smpp")

    with pytest.raises(FieldError, match="legal name"):
        say(workspace, gateway, "AU", "transactional", "Ready.")


def test_a_campaign_about_an_order_says_it_too_and_its_link_leads_somewhere(
    workspace: Workspace,
) -> None:
    told = {"postal_address": "1 Main St, Toronto", "public_contact": "bread@green.example"}
    Workspace.objects.filter(id=workspace.id).update(**told)
    gateway = make_gateway(workspace=workspace, provider="smpp")
    gateway.senders.update(value="38000", kind="short_code")
    create_registration(
        workspace_id=workspace.id, actor="system", value="38000", kind="short_code",
        country="CA", purpose="transactional", state="approved",
    )  # fmt: skip
    person = make_contact(workspace=workspace, country="CA", msisdn=NUMBERS["CA"])
    campaign = make_campaign(
        workspace=workspace,
        gateway=gateway,
        purpose="transactional",
        body="Ready.",
        lane="care",
        sender="38000",
    )

    preview = build_preview(campaign, person)
    launch_campaign(campaign=campaign, actor="user:1", may_skip_consent=True, reason="Orders.")
    run_job(campaign)

    (text,) = hand_off_waiting_texts(workspace).values()
    assert text.startswith(f"{WARM}\nSTOP to opt out / ARRET pour arreter\nhttp")
    assert [each.kind for each in preview.adds] == ["identity", "opt_out", "identity"]
    assert len(preview.composed.text) == len(text)
    assert LinkRange.objects.get().campaign_id == campaign.id
