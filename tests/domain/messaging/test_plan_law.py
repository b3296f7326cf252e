"""A plan under law: each place gets its text at its first lawful moment, or is left out with the reason."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from builders import make_campaign, make_contact, make_gateway
from domain.messaging.handing import handed_before, prepare_waiting
from domain.messaging.ledger import build_plan, run_plan, tally_equals_rows
from textwell.accounts.models import Workspace
from textwell.api.found import read_facts
from textwell.api.schemas.messages import NewMessage
from textwell.campaigns.forecast import gate_facts
from textwell.consent.types import ConsentScope
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.messaging.models import Batch, Message
from textwell.messaging.plan import reserve_block
from textwell.text import parse_number

pytestmark = pytest.mark.django_db

SUNDAY = datetime(2030, 6, 2, 10, tzinfo=UTC)  # noon in Paris
MONDAY = datetime(2030, 6, 3, tzinfo=UTC)


def make_person(workspace: Workspace, country: str, msisdn: str, zone: str = "") -> Contact:
    return make_contact(workspace=workspace, country=country, msisdn=msisdn, zone=zone)


def fates(campaign_id: int) -> dict[int, tuple[str, str, datetime]]:
    found = Message.objects.filter(campaign_id=campaign_id)
    return {m.contact_id: (m.state, m.reason, m.due_at) for m in found}  # type: ignore[misc]


def test_each_place_gets_its_first_lawful_moment(workspace: Workspace) -> None:
    campaign = make_campaign(workspace=workspace)
    paris = make_person(workspace, "FR", "+33612345678")
    reunion = make_person(workspace, "FR", "+33612345679", zone="Indian/Reunion")
    hanoi = make_person(workspace, "VN", "+84901234567")
    luxembourg = make_person(workspace, "LU", "+352621123456")
    miami = make_person(workspace, "US", "+13055551234", zone="America/New_York")
    somewhere = make_person(workspace, "US", "+13055551235")

    run_plan(build_plan(workspace, campaign, due_at=SUNDAY, law_layer="legal"))

    assert fates(campaign.id) == {
        paris.id: ("planned", "", MONDAY + timedelta(hours=6)),
        reunion.id: ("planned", "", MONDAY + timedelta(hours=4)),
        hanoi.id: ("planned", "", SUNDAY),
        luxembourg.id: ("skipped", "no_pack", SUNDAY),
        miami.id: ("planned", "", SUNDAY + timedelta(hours=2)),  # 8 o'clock there
        somewhere.id: ("planned", "", SUNDAY + timedelta(hours=8)),  # 8 o'clock in Hawaii
    }
    assert tally_equals_rows(campaign.id)


def test_no_batch_is_for_two_times_and_everybody_is_in_one(workspace: Workspace) -> None:
    campaign = make_campaign(workspace=workspace)
    for number in range(12):
        country, start = [("FR", "+3361234"), ("VN", "+8490123"), ("IT", "+3932012")][number % 3]
        make_person(workspace, country, f"{start}{5000 + number}")

    run_plan(build_plan(workspace, campaign, due_at=SUNDAY, law_layer="legal"))

    batches = list(Batch.objects.filter(campaign_id=campaign.id).order_by("first_message_id"))
    for batch in batches:
        mine = Message.objects.filter(id__range=(batch.first_message_id, batch.last_message_id))
        assert {message.due_at for message in mine} == {batch.due_at}
    assert sum(b.last_message_id - b.first_message_id + 1 for b in batches) == 12
    assert all(b.first_message_id == a.last_message_id + 1 for a, b in pairwise(batches))


def test_what_would_be_past_its_time_then_is_left_out(workspace: Workspace) -> None:
    campaign = make_campaign(workspace=workspace)
    paris = make_person(workspace, "FR", "+33612345678")
    hanoi = make_person(workspace, "VN", "+84901234567")

    run_plan(
        build_plan(
            workspace, campaign, due_at=SUNDAY, expires_at=SUNDAY + timedelta(hours=5),
            law_layer="legal",
        )
    )  # fmt: skip

    reasons = {person: fate[1] for person, fate in fates(campaign.id).items()}
    assert reasons == {paris.id: "expired", hanoi.id: ""}


def test_a_cap_counts_at_the_moment_at_which_a_person_would_get_it(workspace: Workspace) -> None:
    """Three campaigns of one Sunday, all of them for Monday."""
    person = make_person(workspace, "FR", "+33612345678")
    campaigns = [make_campaign(workspace=workspace) for _ in range(3)]
    for campaign in campaigns:
        run_plan(build_plan(workspace, campaign, due_at=SUNDAY, law_layer="legal", cap_count=1))

    reasons = [fates(campaign.id)[person.id][1] for campaign in campaigns]
    assert reasons == ["", "frequency_cap", "frequency_cap"]


def test_people_of_one_place_stand_together(workspace: Workspace) -> None:
    """So that those who are held again in the middle of a batch wake in few batches."""
    campaign = make_campaign(workspace=workspace)
    zones = ["America/New_York", "America/Chicago"]
    people = [
        make_person(workspace, "US", f"+1212555{1000 + n}", zone=zones[n % 2]) for n in range(6)
    ]

    run_plan(build_plan(workspace, campaign, due_at=SUNDAY + timedelta(hours=6), law_layer="legal"))

    found = Message.objects.filter(campaign_id=campaign.id).order_by("id")
    order = [people.index(next(p for p in people if p.id == m.contact_id)) % 2 for m in found]
    assert order in ([0, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 0])


def test_whom_the_sender_may_not_be_shown_is_left_out(workspace: Workspace) -> None:
    """Whatever the hours, and whatever the text is for."""
    campaign = make_campaign(workspace=workspace)
    paris = make_person(workspace, "FR", "+33612345678")
    hanoi = make_person(workspace, "VN", "+84901234567")

    run_plan(build_plan(workspace, campaign, sender_reasons={"VN": "sender_unregistered"}))

    reasons = {person: fate[:2] for person, fate in fates(campaign.id).items()}
    assert reasons == {paris.id: ("planned", ""), hanoi.id: ("skipped", "sender_unregistered")}


def test_without_a_layer_everybody_is_due_at_once(workspace: Workspace) -> None:
    """A gateway that reaches no phone, or no marketing."""
    campaign = make_campaign(workspace=workspace)
    luxembourg = make_person(workspace, "LU", "+352621123456")

    run_plan(build_plan(workspace, campaign, due_at=SUNDAY))

    assert fates(campaign.id) == {luxembourg.id: ("planned", "", SUNDAY)}


def had_texts(person: Contact, *moments: datetime) -> None:
    """They were handed marketing texts then."""
    first, _last = reserve_block(len(moments))
    Message.objects.bulk_create(
        Message(
            id=first + number, workspace_id=person.workspace_id,
            contact_id=person.id, msisdn=person.msisdn, country=person.country, state="submitted",
            gateway_id=1, sender="BAKERY", lane="bulk", is_counted=True,
            due_at=at, handed_at=at, planned_at=at,
        )
        for number, at in enumerate(moments)
    )  # fmt: skip


def hours_ago(*hours: float) -> list[datetime]:
    return [SUNDAY - timedelta(hours=each) for each in hours]


def test_who_had_as_many_texts_as_law_allows_gets_the_next_when_it_does(
    workspace: Workspace,
) -> None:
    """Three in 24 hours in Vietnam; one a day in Colombia, where no Sunday is open; any number in France."""
    campaign = make_campaign(workspace=workspace)
    free, full, late = (make_person(workspace, "VN", f"+8490123456{n}") for n in range(3))
    bogota = make_person(workspace, "CO", "+573001234567")
    paris = make_person(workspace, "FR", "+33612345678")
    had_texts(free, *hours_ago(25, 3, 2))
    had_texts(full, *hours_ago(23, 3, 2))
    had_texts(late, *hours_ago(10, 9, 9))  # free at 24 o'clock there: held until seven
    had_texts(bogota, *hours_ago(2))
    had_texts(paris, *hours_ago(4, 3, 2))

    run_plan(build_plan(workspace, campaign, due_at=SUNDAY, law_layer="legal"))

    due = {person: fate[2] for person, fate in fates(campaign.id).items()}
    assert due == {
        free.id: SUNDAY,
        full.id: SUNDAY + timedelta(hours=1),
        late.id: MONDAY,
        bogota.id: MONDAY + timedelta(hours=36),
        paris.id: MONDAY + timedelta(hours=6),
    }
    assert tally_equals_rows(campaign.id)


def test_what_is_planned_counts_for_the_cap_at_the_hour_at_which_a_text_goes(
    workspace: Workspace,
) -> None:
    hanoi = make_person(workspace, "VN", "+84901234567")
    for _ in range(3):
        run_plan(
            build_plan(
                workspace, make_campaign(workspace=workspace), due_at=SUNDAY, law_layer="legal"
            )
        )
    fourth = make_campaign(workspace=workspace)

    run_plan(build_plan(workspace, fourth, due_at=SUNDAY, law_layer="legal"))

    assert fates(fourth.id) == {hanoi.id: ("planned", "", SUNDAY + timedelta(hours=24))}


@pytest.mark.parametrize(
    ("number", "country", "topic", "is_capped"),
    [
        ("+13055551234", "US", "offers", True),
        ("+13055551234", "US", "", True),  # it may be about the same
        ("+13055551234", "US", "events", False),
        ("+84901234567", "VN", "events", True),  # whatever it is about
    ],
)
def test_a_cap_by_subject_counts_other_topics_apart(
    workspace: Workspace, number: str, country: str, topic: str, is_capped: bool
) -> None:
    """Florida counts three texts a day on one subject. Review, plan, a program's question and hand-off."""
    person = make_person(workspace, country, number)
    had_texts(person, *(now() - timedelta(hours=each) for each in (1, 2, 3)))
    gateway = make_gateway(workspace=workspace, provider="smpp")
    for message in Message.objects.all():
        offers = make_campaign(workspace=workspace, gateway=gateway, topic="offers")
        Message.objects.filter(id=message.id).update(campaign_id=offers.id)
    campaign = make_campaign(
        workspace=workspace, gateway=gateway, topic=topic, state="sending", law_layer="legal"
    )
    scope = ConsentScope(topic)
    run_plan(build_plan(workspace, campaign, scope=scope, needs_consent=False, law_layer="legal"))

    preview = gate_facts(campaign, person)
    asked = read_facts(
        workspace.id, NewMessage(to=number, body="Hi", topic=topic), parse_number(number)
    )
    planned = Message.objects.get(campaign_id=campaign.id).due_at
    assert planned is not None  # a night is shorter than fifteen hours

    assert [
        preview.law_reason == "legal_cap",
        planned > now() + timedelta(hours=15),
        len(asked.handed) == 3,
        len(handed_before(campaign)) == 3,
    ] == [is_capped] * 4


def test_what_a_cap_delays_past_its_time_is_left_out(workspace: Workspace) -> None:
    full = make_person(workspace, "VN", "+84901234567")
    had_texts(full, *hours_ago(3, 2, 1))
    campaign = make_campaign(workspace=workspace)

    expires_at = SUNDAY + timedelta(hours=20)
    run_plan(
        build_plan(workspace, campaign, due_at=SUNDAY, expires_at=expires_at, law_layer="legal")
    )

    assert fates(campaign.id)[full.id][:2] == ("skipped", "expired")


@pytest.mark.parametrize(
    ("at", "validity_s"),
    [
        (MONDAY + timedelta(hours=16), 2 * 3600),  # six in the evening in Paris: two hours are left
        (MONDAY + timedelta(hours=17, minutes=59, seconds=30), 30),
        (MONDAY + timedelta(hours=6), 12 * 3600),
    ],
)
def test_a_carrier_holds_no_text_beyond_the_hours_that_are_open(
    workspace: Workspace, at: datetime, validity_s: int
) -> None:
    gateway = make_gateway(workspace=workspace, provider="smpp")
    campaign = make_campaign(
        workspace=workspace, gateway=gateway, state="sending", validity_hours=24
    )
    make_person(workspace, "FR", "+33612345678")
    run_plan(build_plan(workspace, campaign, due_at=at))

    (pending,) = prepare_waiting(workspace, at).pending

    assert pending.handoff.validity_s == validity_s
