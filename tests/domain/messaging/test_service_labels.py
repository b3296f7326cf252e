"""Labels of texts that are no marketing: the signature in China, the price in Malaysia."""

import pytest

from builders import make_campaign, make_contact, make_gateway
from domain.messaging.handing import hand_off_waiting_texts
from domain.messaging.ledger import build_plan, run_plan
from textwell.accounts.models import Workspace
from textwell.compliance.service_wording import labelled_countries
from textwell.core.clock import now
from textwell.gateways.models import Gateway
from textwell.gateways.registrations import create_registration
from textwell.messaging.actions import SingleMessage, send_single
from textwell.messaging.models import Batch

pytestmark = pytest.mark.django_db

NUMBERS = {"CN": "+8613800138000", "MY": "+60123456789", "FR": "+33612345678"}


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
        if country != "CN"  # where no name may be shown as the sender
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
    assert labelled_countries(now().date()) == {"CN", "MY"}
