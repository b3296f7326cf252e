"""Words of the packs wherever a text is made: the same in preview, count and hand-off."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from builders import make_campaign, make_contact, make_gateway
from textwell.accounts.models import Workspace
from textwell.campaigns.checks import check_campaign
from textwell.campaigns.counting import count_live
from textwell.campaigns.forecast import build_forecast, build_preview
from textwell.campaigns.models import Campaign
from textwell.campaigns.trial import send_test
from textwell.consent.models import ConsentState, Suppression
from textwell.contacts.models import Contact
from textwell.core.errors import FieldError
from textwell.core.wire import OptOutItem
from textwell.gateways.models import Gateway, Sender
from textwell.gateways.selectors import load_gateway_spec
from textwell.links.models import LinkRange
from textwell.links.tokens import OPT_OUT_NUMBER, read_token
from textwell.messaging.adding import read_terms, speaker_of
from textwell.messaging.models import Batch, Message
from textwell.messaging.way_out import record_way_outs, tell_speaker
from textwell.privacy.erasing import erase_person
from textwell.runtime.connector.content import READ_CAMPAIGN, Content, content_of_campaign
from textwell.runtime.connector.preparing import prepare
from textwell.runtime.connector.window import LeasedBatch, Prepared, Window
from textwell.text import count_segments

pytestmark = pytest.mark.django_db

MONDAY = datetime(2030, 6, 3, 9, tzinfo=UTC)
LONG = "Fresh bread today, " + "a" * 130  # one segment by itself
EXAMPLE = "aB3dE6gH"


@pytest.fixture
def gateway(workspace: Workspace) -> Gateway:
    """One that reaches phones; the name it shows is not the workspace's."""
    return make_gateway(workspace=workspace, provider="smpp", sender="BAKERY", price_micros=1000)


@pytest.fixture
def person(workspace: Workspace) -> Contact:
    return make_contact(workspace=workspace, country="FR", msisdn="+33612345670", language="fr")


@pytest.fixture
def campaign(workspace: Workspace, gateway: Gateway) -> Campaign:
    return make_campaign(
        workspace=workspace, gateway=gateway, body=LONG, scheduled_at=MONDAY, purpose="marketing"
    )


def content_of(campaign: Campaign) -> Content:
    with connection.cursor() as opened:
        opened.execute(READ_CAMPAIGN, {"campaign_id": campaign.id})
        row = opened.fetchone()
    assert row is not None
    return content_of_campaign(row)


def hand_off(campaign: Campaign, gateway: Gateway, person: Contact) -> Prepared:
    """What the connector would do with message 7 to the person."""
    content = content_of(campaign)
    batch = LeasedBatch(1, campaign.workspace_id, campaign.id, "bulk", 9, 1, content)
    row = (
        7, person.id, person.msisdn, person.country, campaign.sender, None, MONDAY, True, "", True,
        True, [0, 0, 0], person.first_name, person.last_name, person.language, {}, "", None, False, "",
        None, None, None, "", None, "", "",
    )  # fmt: skip
    spec = load_gateway_spec(gateway.id)
    result = Prepared()
    prepare([row], window=Window(1, batch, 1, 0.0), spec=spec, at=MONDAY, into=result)
    return result


def test_what_the_preview_shows_is_handed_to_the_carrier_and_counted(
    workspace: Workspace, campaign: Campaign, gateway: Gateway, person: Contact
) -> None:
    preview = build_preview(campaign, person)
    (pending,) = hand_off(campaign, gateway, person).pending

    text = pending.handoff.text
    token = text[-len(EXAMPLE) :]
    assert text.removesuffix(token) == preview.composed.text.removesuffix(EXAMPLE)
    assert text.startswith(f"Green Bakery: {LONG}\nStop: ")
    assert read_token(bytes(workspace.link_key), token) == (7, OPT_OUT_NUMBER)
    assert [each.kind for each in preview.adds] == ["identity", "opt_out"]
    assert count_segments(text)[1] == 2
    assert (pending.segment_count, preview.composed.segment_count) == (2, 2)
    assert (pending.cost_micros, preview.cost_micros) == (2000, 2000)
    forecast, live = build_forecast(campaign), count_live(campaign)
    assert (forecast.segment_count, forecast.cost_micros) == (2, 2000)
    assert live.groups[0].segments_per_person == 2


def test_a_test_text_is_the_very_text(
    workspace: Workspace, campaign: Campaign, person: Contact
) -> None:
    preview = build_preview(campaign, person)

    message_id = send_test(campaign=campaign, contact=person, actor="user:7")

    body = Batch.objects.get().body
    assert body[: -len(EXAMPLE)] == preview.composed.text[: -len(EXAMPLE)]
    assert read_token(bytes(workspace.link_key), body[-len(EXAMPLE) :]) == (message_id, 0)
    made = LinkRange.objects.get()
    assert (made.first_message_id, made.targets) == (message_id, [])


def test_a_name_with_marks_loses_them_with_the_text(
    workspace: Workspace, campaign: Campaign, gateway: Gateway, person: Contact
) -> None:
    Workspace.objects.filter(id=workspace.id).update(brand="Phở Hà Nội")
    campaign.body, campaign.unaccent = "Giảm giá", True
    campaign.save()

    send_test(campaign=campaign, contact=person, actor="user:7")

    (pending,) = hand_off(campaign, gateway, person).pending
    start = "Pho Ha Noi: Giam gia\nStop: "
    assert pending.handoff.text.startswith(start)
    assert Batch.objects.get().body.startswith(start)


def test_a_gateway_that_reaches_no_phone_adds_nothing_and_says_what_another_would(
    workspace: Workspace, campaign: Campaign, person: Contact
) -> None:
    campaign.gateway_id = make_gateway(workspace=workspace).id

    preview = build_preview(campaign, person)

    assert (preview.composed.text, preview.adds) == (LONG, ())
    assert [each.kind for each in preview.would_add] == ["identity", "opt_out"]


def test_a_campaign_says_what_a_country_of_its_audience_asks_for(
    workspace: Workspace, campaign: Campaign, gateway: Gateway, person: Contact
) -> None:
    tell_speaker(
        workspace=workspace,
        actor="user:7",
        brand="",
        legal_name="",
        postal_address="",
        public_contact="",
    )

    (problem,) = check_campaign(campaign)

    assert problem.field == "speaker"
    assert problem.problem == "France: A way to reach who speaks is missing."
    (left,) = hand_off(campaign, gateway, person).left_out
    assert (left.outcome, left.reason) == ("held", "wording_missing")
    assert left.facts["missing"] == ["contact"]
    assert (left.facts["until"], left.facts["window"]) == ("2030-06-03T10:00:00+00:00", 1)
    with pytest.raises(FieldError) as refused:
        send_test(campaign=campaign, contact=person, actor="user:7")
    assert refused.value.field == "speaker"
    assert not Message.objects.exists()


def test_a_sender_that_hears_answers_gets_the_word_and_no_link(
    campaign: Campaign, gateway: Gateway, person: Contact
) -> None:
    Sender.objects.filter(gateway=gateway).update(value="36180", kind="short_code")
    campaign.sender = "36180"
    campaign.save()

    (pending,) = hand_off(campaign, gateway, person).pending

    assert pending.handoff.text == f"Green Bakery: {LONG}\nSTOP au 36180"


def test_a_press_on_the_page_takes_consent_back_once(
    workspace: Workspace, campaign: Campaign, person: Contact
) -> None:
    message_id = send_test(campaign=campaign, contact=person, actor="user:7")
    stop = OptOutItem(workspace.id, message_id, None, MONDAY.timestamp(), "fr", "Stop")

    counts = [record_way_outs([stop, stop]), record_way_outs([stop])]

    assert counts == [1, 1]
    assert not ConsentState.objects.get(contact_id=person.id).is_granted
    assert Suppression.objects.get().reason == "opted_out"


def test_a_press_of_another_workspace_or_an_unknown_text_does_nothing(
    workspace: Workspace, person: Contact
) -> None:
    stop = OptOutItem(workspace.id, 99, None, MONDAY.timestamp(), "en", "Stop")

    assert record_way_outs([stop]) == 0
    assert not Suppression.objects.exists()


def test_a_press_by_the_link_of_an_old_text_after_an_erasure_suppresses_no_number(
    workspace: Workspace, campaign: Campaign, person: Contact
) -> None:
    message_id = send_test(campaign=campaign, contact=person, actor="user:7")
    erase_person(
        workspace_id=workspace.id, contact_id=person.id, reason="asked by letter", actor="user:7"
    )
    stop = OptOutItem(workspace.id, message_id, None, MONDAY.timestamp(), "fr", "Stop")

    assert record_way_outs([stop]) == 0
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    ("brand", "name", "spoken"),
    [
        ("Lotus", "Lotus retail, Q3 tests of Anna", "Lotus"),
        ("", "Lotus retail, Q3 tests of Anna", "Lotus retail, Q3"),
        ("", "Lotus", "Lotus"),
        ("", "Donaudampfschifffahrtsgesellschaft", "Donaudampfschifffahr"),
    ],
)
def test_without_a_brand_at_most_twenty_characters_of_the_name_go_out(
    workspace: Workspace, campaign: Campaign, brand: str, name: str, spoken: str
) -> None:
    Workspace.objects.filter(id=workspace.id).update(brand=brand, name=name)

    single = read_terms(
        workspace_id=workspace.id, gateway_id=campaign.gateway_id or 0, sender="BAKERY",
        purpose="marketing", day=MONDAY.date(),
    )  # fmt: skip

    speaker = content_of(campaign).speaker
    assert speaker is not None
    told = speaker_of(Workspace.objects.get(id=workspace.id))
    assert [told.brand, single.terms.speaker.brand, speaker.brand] == [spoken] * 3
