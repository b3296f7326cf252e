"""A yes that was given and does not count: too weak for the country, too old, or by another way."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from builders import make_campaign, make_contact
from domain.messaging.handing import judge
from domain.messaging.ledger import build_plan, run_plan
from textwell.accounts.models import Workspace
from textwell.accounts.workspaces import set_consent_months
from textwell.campaigns.forecast import gate_facts
from textwell.campaigns.models import Campaign
from textwell.compliance.consent_rules import add_months
from textwell.consent.actions import record_opt_in, record_opt_out
from textwell.consent.chain.roots import prove_state
from textwell.consent.models import ConsentState, PreferenceEvent
from textwell.consent.past import states_at
from textwell.consent.preferring import choose_channels, find_preference
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.messaging.consent_law import list_terms
from textwell.messaging.gate import decide
from textwell.messaging.models import Message

pytestmark = pytest.mark.django_db
NUMBERS = {"KR": "+8210123450{:02d}", "CA": "+14165550{:03d}", "FR": "+336123450{:02d}",
           "IE": "+35385123450{:02d}", "US": "+12125550{:03d}"}  # fmt: skip


def make_agreed(workspace: Workspace, country: str, given_at: datetime, basis: str = "") -> Contact:
    place = Contact.objects.count()
    person = make_contact(
        workspace=workspace, country=country, has_consent=False, msisdn=NUMBERS[country].format(place)
    )  # fmt: skip
    say_yes(person, given_at, basis)
    return person


def say_yes(person: Contact, given_at: datetime, basis: str = "") -> None:
    record_opt_in(
        workspace_id=person.workspace_id, contact_id=person.id, source="Form", wording="Yes",
        given_at=given_at, actor="system", basis=basis,
    )  # fmt: skip


def reasons(campaign: Campaign, layer: str = "legal", **values: Any) -> dict[int, str]:
    """Of the plan; those of the preview and the hand-off are the same."""
    workspace = Workspace.objects.get(id=campaign.workspace_id)
    run_plan(build_plan(workspace, campaign, law_layer=layer, **values))
    rows = Message.objects.filter(campaign_id=campaign.id)
    planned = dict(rows.values_list("contact_id", "reason"))
    rows.update(state="planned", reason="")
    handed = judge(campaign, provider="smpp")
    consent = {"consent_expired", "consent_too_weak", "email_only"}
    assert {who: why for who, why in handed.items() if why in consent} == {
        who: why for who, why in planned.items() if why in consent
    }
    return planned


def test_packs_say_for_how_long_and_which_kind_counts() -> None:
    terms = list_terms(datetime(2026, 11, 28, tzinfo=UTC).date())

    assert terms["KR"] == {
        "": "24", "implied": "weak", "soft": "6", "express": "24", "express_written": "24"
    }  # fmt: skip
    assert terms["CA"] == {"implied": "24", "soft": "24"}
    assert terms["IE"] == {"implied": "weak", "soft": "12"}
    assert terms["US"] == {"": "weak", "implied": "weak", "soft": "weak", "express": "weak"}
    assert {country for country, kinds in terms.items() if kinds.get("") == "weak"} == {
        "IL", "PH", "US", "AS", "GU", "MP", "PR", "VI",
    }  # fmt: skip
    assert terms["RE"] == terms["FR"]
    assert "HK" not in terms
    assert {each for kinds in terms.values() for each in kinds.values()} == {
        "weak", "6", "12", "24",
    }  # fmt: skip


def test_a_consent_is_refused_from_the_minute_at_which_it_ends(workspace: Workspace) -> None:
    moment = now()
    begun = add_months(moment, -24)
    fresh = make_agreed(workspace, "KR", begun + timedelta(days=1))
    old = make_agreed(workspace, "KR", begun - timedelta(minutes=1))
    renewed = make_agreed(workspace, "KR", begun - timedelta(days=90))
    say_yes(renewed, moment - timedelta(days=1))
    elsewhere = make_agreed(workspace, "FR", begun - timedelta(days=900))
    campaign = make_campaign(workspace=workspace)

    found = reasons(campaign)

    expired = [who for who, why in found.items() if why == "consent_expired"]
    assert expired == [old.id]
    assert {fresh.id, renewed.id, elsewhere.id} == set(found) - {old.id}


def test_a_campaign_for_later_counts_by_its_own_moment(workspace: Workspace) -> None:
    """It counts still, and no more when the text would come."""
    person = make_agreed(workspace, "KR", add_months(now(), -24) + timedelta(days=2))
    later = now() + timedelta(days=3)
    campaign = make_campaign(workspace=workspace, scheduled_at=later)

    run_plan(build_plan(workspace, campaign, law_layer="legal", due_at=later))

    assert Message.objects.get(contact_id=person.id).reason == "consent_expired"


@pytest.mark.parametrize(
    ("country", "basis", "months", "reason"),
    [
        ("CA", "implied", 23, ""),
        ("CA", "implied", 25, "consent_expired"),
        ("CA", "express", 25, ""),
        ("IE", "soft", 13, "consent_expired"),
        ("FR", "soft", 13, ""),
        ("FR", "implied", 1, "consent_too_weak"),
        ("US", "express", 1, "consent_too_weak"),
        ("US", "", 1, "consent_too_weak"),
        ("US", "express_written", 1, ""),
        ("FR", "", 13, ""),
    ],
)
def test_each_kind_of_consent_is_judged_as_the_country_has_it(
    workspace: Workspace, country: str, basis: str, months: int, reason: str
) -> None:
    person = make_agreed(workspace, country, add_months(now(), -months), basis)
    campaign = make_campaign(workspace=workspace)

    found = reasons(campaign)

    assert found[person.id] in ({reason} if reason else {"", "sender_not_allowed"})


def test_a_workspace_may_have_a_shorter_end_of_its_own(workspace: Workspace) -> None:
    set_consent_months(workspace=workspace, actor="user:7", months=12)
    people = [make_agreed(workspace, "FR", add_months(now(), -months)) for months in (11, 13)]
    korean = make_agreed(workspace, "KR", add_months(now(), -7), "soft")
    campaign = make_campaign(workspace=workspace)

    found = reasons(campaign)

    assert found[people[0].id] == ""
    assert found[people[1].id] == "consent_expired"
    assert found[korean.id] == "consent_expired"
    assert decide(gate_facts(campaign, people[1])).reason == "consent_expired"


@pytest.mark.parametrize(
    ("choice", "reason"), [("sms", ""), ("either", ""), ("both", ""), ("email", "email_only")]
)
def test_who_chose_e_mail_alone_gets_no_marketing_by_sms(
    workspace: Workspace, choice: str, reason: str
) -> None:
    person = make_contact(workspace=workspace)
    other = make_contact(workspace=workspace)
    choose(person, choice, now())
    marketing = make_campaign(workspace=workspace)
    care = make_campaign(workspace=workspace, purpose="care")

    assert reasons(marketing, layer="") == {person.id: reason, other.id: ""}
    assert decide(gate_facts(marketing, person)).reason == reason
    assert decide(gate_facts(care, person)).reason == ""


def choose(person: Contact, choice: str, at: datetime, **values: Any) -> None:
    choose_channels(
        workspace_id=person.workspace_id, contact_id=person.id, choice=choice, given_at=at,
        **{"source": "page", "actor": "user:7", **values},
    )  # fmt: skip


def test_the_latest_choice_counts_and_all_are_kept(workspace: Workspace) -> None:
    person = make_contact(workspace=workspace)
    moment = now()
    choose(person, "both", moment, wording="By text and e-mail")
    choose(person, "email", moment - timedelta(days=1))  # said before, recorded after

    found = find_preference(workspace.id, person.id)

    assert found is not None
    assert (found.choice, found.since) == ("both", moment)
    events = PreferenceEvent.objects.order_by("id").values_list("choice", "wording", "actor")
    assert list(events) == [("both", "By text and e-mail", "user:7"), ("email", "", "user:7")]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"choice": "post"}, "choice"),
        ({"source": " "}, "source"),
        ({"wording": "a\x00b"}, "wording"),
        ({"at": datetime(2099, 1, 1, tzinfo=UTC)}, "given_at"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_by_field(
    workspace: Workspace, values: dict[str, Any], field: str
) -> None:
    person = make_contact(workspace=workspace)

    with pytest.raises(FieldError) as caught:
        choose(person, **{"choice": "sms", "at": now(), **values})

    assert caught.value.field == field
    assert not PreferenceEvent.objects.exists()


@pytest.mark.parametrize("basis", ["", "express"])
def test_a_weaker_yes_later_leaves_the_written_one_as_it_was(
    workspace: Workspace, basis: str
) -> None:
    first = now() - timedelta(days=9)
    person = make_agreed(workspace, "US", first, "express_written")
    say_yes(person, first + timedelta(days=2), basis)

    state = ConsentState.objects.get(contact_id=person.id)

    assert (state.is_granted, state.basis, state.since) == (True, "express_written", first)
    past = states_at(workspace.id, person.id, now())
    assert [each.event.id for each in past] == [state.event_id]
    proof = prove_state(workspace.id, person.id, now())
    assert proof is not None


def test_a_written_yes_from_before_a_stop_lends_a_later_one_nothing(workspace: Workspace) -> None:
    first = now() - timedelta(days=9)
    person = make_agreed(workspace, "US", first, "express_written")
    say_yes(person, first + timedelta(days=4))
    record_opt_out(
        workspace_id=workspace.id, contact_id=person.id, msisdn=person.msisdn, source="Desk",
        wording="No", given_at=first + timedelta(days=2), actor="system",
    )  # fmt: skip

    state = ConsentState.objects.get(contact_id=person.id)

    assert (state.is_granted, state.basis, state.since) == (True, "", first + timedelta(days=4))
    past = states_at(workspace.id, person.id, now())
    assert [each.event.id for each in past] == [state.event_id]


def test_a_written_yes_that_becomes_known_late_takes_the_place_of_a_weaker_one(
    workspace: Workspace,
) -> None:
    first = now() - timedelta(days=9)
    person = make_agreed(workspace, "US", first)
    say_yes(person, first - timedelta(days=2), "express_written")

    state = ConsentState.objects.get(contact_id=person.id)

    assert (state.basis, state.since) == ("express_written", first - timedelta(days=2))
