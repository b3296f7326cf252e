"""Consent by topic, brand and sender: one row never implies another, at plan and at hand-off."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from builders import make_campaign, make_contact
from domain.messaging.handing import judge
from domain.messaging.ledger import build_plan, run_plan
from textwell.accounts.models import Workspace
from textwell.campaigns.actions import update_campaign
from textwell.campaigns.forecast import gate_facts
from textwell.campaigns.models import Campaign
from textwell.campaigns.terms import scope_of
from textwell.consent import actions
from textwell.consent.actions import record_consents, record_opt_in, record_opt_out
from textwell.consent.models import ConsentKind, ConsentState, Suppression
from textwell.consent.topics import define_brand, define_topic
from textwell.consent.types import EVERYTHING, ConsentScope, GivenConsent, every_of
from textwell.contacts.models import Contact
from textwell.core.errors import Conflict, FieldError
from textwell.messaging.gate import decide
from textwell.messaging.models import Message

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def firm(workspace: Workspace) -> Workspace:
    """With two topics and three brands."""
    for key in ("shipping", "offers"):
        define_topic(workspace_id=workspace.id, key=key, name=key.title(), actor="system")
    for key in ("lotus", "orchid", "iris"):
        define_brand(workspace_id=workspace.id, key=key, name=key.title(), actor="system")
    return workspace


def say_yes(person: Contact, scope: ConsentScope, at: datetime = DAY) -> None:
    record_opt_in(
        workspace_id=person.workspace_id, contact_id=person.id, source="Form", wording="Yes",
        given_at=at, actor="system", scope=scope,
    )  # fmt: skip


def say_stop(person: Contact, scope: ConsentScope, at: datetime) -> None:
    record_opt_out(
        workspace_id=person.workspace_id, contact_id=person.id, msisdn=person.msisdn, source="SMS",
        wording="STOP", given_at=at, actor="mo", scope=scope,
    )  # fmt: skip


def granted(person: Contact) -> dict[tuple[str, str, str], bool]:
    rows = ConsentState.objects.filter(contact_id=person.id)
    return {(row.topic, row.brand, row.sender): row.is_granted for row in rows}


def test_flipping_one_of_24_states_leaves_the_others_as_they_were(firm: Workspace) -> None:
    keys = list(
        product(("sms", "email"), ("marketing", "care", "news"), ("", "lotus", "orchid", "iris"))
    )
    people = [make_contact(workspace=firm, has_consent=False) for _key in keys]
    # Each person begins with another mixture: every state of every key is flipped by somebody.
    begun = [
        _given(person, key, is_yes=(place + turn) % 3 != 0, at=DAY)
        for place, person in enumerate(people)
        for turn, key in enumerate(keys)
    ]
    record_consents(workspace_id=firm.id, consents=begun, actor="system")
    before = _rows(people)
    flips = [
        _given(person, key, is_yes=not before[person.id, *key][0], at=DAY + timedelta(days=1))
        for person, key in zip(people, keys, strict=True)
    ]

    record_consents(workspace_id=firm.id, consents=flips, actor="system")

    after = _rows(people)
    flipped = {(person.id, *key) for person, key in zip(people, keys, strict=True)}
    assert {key for key, row in after.items() if row != before[key]} == flipped
    assert {after[key][0] is not before[key][0] for key in flipped} == {True}
    assert len(after) == 24 * 24


def _given(
    person: Contact, key: tuple[str, str, str], *, is_yes: bool, at: datetime
) -> GivenConsent:
    channel, purpose, brand = key
    return GivenConsent(
        person.id, "opt_in" if is_yes else "opt_out", at, "Form", "Words", channel, purpose,
        scope=ConsentScope(brand=brand),
    )  # fmt: skip


def _rows(people: list[Contact]) -> dict[tuple[object, ...], tuple[object, ...]]:
    found = ConsentState.objects.filter(contact_id__in=[person.id for person in people])
    return {
        (row.contact_id, row.channel, row.purpose, row.brand): (
            row.is_granted,
            row.since,
            row.event_id,
        )
        for row in found
    }


@pytest.mark.parametrize(
    ("topic", "reason"), [("shipping", ""), ("offers", "no_consent"), ("", "no_consent")]
)
def test_who_agreed_to_shipping_gets_shipping_and_no_offers(
    firm: Workspace, topic: str, reason: str
) -> None:
    person = make_contact(workspace=firm, has_consent=False)
    say_yes(person, ConsentScope("shipping"))
    campaign = make_campaign(workspace=firm, topic=topic)

    run_plan(build_plan(firm, campaign, scope=scope_of(campaign)))

    assert _planned(campaign) == {person.id: reason}
    assert decide(gate_facts(campaign, person)).reason == reason
    Message.objects.filter(campaign_id=campaign.id).update(state="planned", reason="")
    assert judge(campaign) == {person.id: reason}


def _planned(campaign: Campaign) -> dict[int, str]:
    return dict(Message.objects.filter(campaign_id=campaign.id).values_list("contact_id", "reason"))


def test_a_general_yes_is_none_to_a_topic(firm: Workspace) -> None:
    person = make_contact(workspace=firm)
    campaign = make_campaign(workspace=firm, topic="offers")

    run_plan(build_plan(firm, campaign, scope=scope_of(campaign)))

    assert _planned(campaign) == {person.id: "no_consent"}


def test_a_topic_agreed_to_by_sender_needs_the_senders_own_yes(firm: Workspace) -> None:
    define_topic(
        workspace_id=firm.id, key="alerts", name="Alerts", is_per_sender=True, actor="system"
    )
    here, elsewhere = (make_contact(workspace=firm, has_consent=False) for _ in range(2))
    say_yes(here, ConsentScope("alerts", sender="BAKERY"))
    say_yes(elsewhere, ConsentScope("alerts", sender="CAKES"))
    campaign = make_campaign(workspace=firm, topic="alerts")

    run_plan(build_plan(firm, campaign, scope=scope_of(campaign)))

    assert _planned(campaign) == {here.id: "", elsewhere.id: "no_consent"}
    Message.objects.filter(campaign_id=campaign.id).update(state="planned", reason="")
    assert judge(campaign) == {here.id: "", elsewhere.id: "no_consent"}


def test_a_stop_of_everything_revokes_every_scope_for_good(firm: Workspace) -> None:
    person = make_contact(workspace=firm, has_consent=False)
    for scope in (ConsentScope(), ConsentScope("offers"), ConsentScope("offers", "lotus")):
        say_yes(person, scope)

    say_stop(person, every_of(), DAY + timedelta(days=1))

    assert set(granted(person).values()) == {False}
    assert Suppression.objects.get(msisdn=person.msisdn).reason == "opted_out"

    say_yes(person, ConsentScope("shipping"), DAY + timedelta(days=2))

    assert [scope for scope, is_yes in granted(person).items() if is_yes] == [("shipping", "", "")]
    assert not Suppression.objects.filter(msisdn=person.msisdn).exists()


@pytest.mark.parametrize(
    ("scope", "left"),
    [
        (every_of(topic="offers"), {("", "", ""), ("", "lotus", ""), ("shipping", "lotus", "")}),
        (every_of(brand="lotus"), {("", "", ""), ("offers", "", "")}),
        (every_of(topic="offers", brand="lotus"), {
            ("", "", ""), ("", "lotus", ""), ("offers", "", ""), ("shipping", "lotus", ""),
        }),
    ],
)  # fmt: skip
def test_a_stop_of_a_topic_or_brand_ends_just_that(
    firm: Workspace, scope: ConsentScope, left: set[tuple[str, str, str]]
) -> None:
    person = make_contact(workspace=firm, has_consent=False)
    for topic, brand in (
        ("", ""), ("", "lotus"), ("offers", ""), ("offers", "lotus"), ("shipping", "lotus"),
    ):  # fmt: skip
        say_yes(person, ConsentScope(topic, brand))

    say_stop(person, scope, DAY + timedelta(days=1))

    assert {key for key, is_yes in granted(person).items() if is_yes} == left
    assert not Suppression.objects.filter(msisdn=person.msisdn).exists()


def test_connectors_hear_of_a_narrow_end_and_of_a_wide_one_that_are_said_together(
    firm: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, list[int]]] = []
    monkeypatch.setattr(
        actions, "tell_connectors", lambda what, _id, people: told.append((what, people))
    )
    person = make_contact(workspace=firm)
    ends = [
        GivenConsent(person.id, ConsentKind.OPT_OUT, DAY, "reply", "No", scope=scope)
        for scope in (EVERYTHING, every_of(topic="shipping"))
    ]

    record_consents(workspace_id=firm.id, consents=ends, actor="mo")

    assert told == [("revoked", [person.id]), ("narrowed", [person.id])]


def test_an_older_yes_that_is_recorded_after_the_stop_does_not_count(firm: Workspace) -> None:
    person = make_contact(workspace=firm, has_consent=False)
    say_stop(person, every_of(), DAY + timedelta(days=1))

    say_yes(person, ConsentScope("offers"), DAY)

    assert granted(person) == {("", "", ""): False, ("offers", "", ""): False}


def test_what_names_no_topic_of_the_workspace_is_refused(firm: Workspace) -> None:
    person = make_contact(workspace=firm, has_consent=False)
    campaign = make_campaign(workspace=firm)

    with pytest.raises(FieldError) as refused:
        say_yes(person, ConsentScope("gossip"))
    assert (refused.value.field, granted(person)) == ("topic", {})
    with pytest.raises(FieldError) as refused:
        update_campaign(campaign=campaign, actor="system", brand="rose")
    assert refused.value.field == "brand"


def test_a_topic_is_defined_once(firm: Workspace) -> None:
    again = define_topic(workspace_id=firm.id, key="offers", name="Offers", actor="system")

    assert again.key == "offers"
    with pytest.raises(Conflict):
        define_topic(workspace_id=firm.id, key="offers", name="Sales", actor="system")
    with pytest.raises(FieldError) as refused:
        define_topic(workspace_id=firm.id, key="Offers!", name="Sales", actor="system")
    assert refused.value.field == "key"
