"""One row per person, left-out ones with the reason that the gate would give."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction

from builders import make_campaign, make_contact, make_gateway
from domain.messaging.ledger import build_plan, plan_campaign, run_plan, tally_equals_rows
from textwell.accounts.models import Workspace
from textwell.consent.models import ConsentState, Suppression
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.messaging.caps import Caps
from textwell.messaging.gate import Facts, decide
from textwell.messaging.models import Batch, Message
from textwell.messaging.plan import reserve_block
from textwell.messaging.promised import find_unpromised

pytestmark = pytest.mark.django_db


def revoke(contact: Contact) -> None:
    ConsentState.objects.filter(contact_id=contact.id).update(is_granted=False)


def suppress(contact: Contact, reason: str) -> None:
    Suppression.objects.create(
        workspace_id=contact.workspace_id, msisdn=contact.msisdn, reason=reason
    )


def give_text(contact: Contact) -> None:
    """A marketing text that the person got some hours ago."""
    first, _last = reserve_block(1)
    Message.objects.create(
        id=first, workspace_id=contact.workspace_id, contact_id=contact.id, msisdn=contact.msisdn,
        country=contact.country, state="delivered", planned_at=now() - timedelta(days=30),
        due_at=now() - timedelta(days=30), handed_at=now() - timedelta(hours=5),
    )  # fmt: skip


def reasons(campaign_id: int) -> dict[int, str]:
    found = Message.objects.filter(campaign_id=campaign_id)
    return dict(found.values_list("contact_id", "reason"))


def test_everybody_gets_a_row_and_left_out_people_their_reason(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace)
    campaign = make_campaign(workspace=workspace, gateway=gateway)
    good, never, revoked, complained, abroad = (make_contact(workspace=workspace) for _ in range(5))
    ConsentState.objects.filter(contact_id=never.id).delete()
    revoke(revoked)
    suppress(complained, "complaint")
    Contact.objects.filter(id=abroad.id).update(country="DE")

    run_plan(build_plan(workspace, campaign, sender_countries=("FR",)))

    assert reasons(campaign.id) == {
        good.id: "",
        never.id: "no_consent",
        revoked.id: "opted_out",
        complained.id: "suppressed",
        abroad.id: "sender_not_allowed",
    }
    assert tally_equals_rows(campaign.id)


def test_a_cap_counts_texts_of_all_campaigns_planned_or_sent(workspace: Workspace) -> None:
    first = plan_campaign(workspace, people=1, cap_count=1)
    second = make_campaign(workspace=workspace)

    run_plan(build_plan(workspace, second, cap_count=1))

    assert reasons(first.campaign.id) == {first.people[0].id: ""}
    assert reasons(second.id) == {first.people[0].id: "frequency_cap"}


def test_a_cap_forgets_texts_older_than_its_period(workspace: Workspace) -> None:
    first = plan_campaign(workspace, people=1, due_at=now() - timedelta(hours=25))
    second = make_campaign(workspace=workspace)

    run_plan(build_plan(workspace, second, cap_count=1, cap_hours=24))

    assert reasons(second.id) == {first.people[0].id: ""}


def test_another_workspaces_people_are_not_in_the_audience(workspace: Workspace) -> None:
    stranger = Workspace.objects.create(name="Other", country="FR")
    make_contact(workspace=stranger)
    planned = plan_campaign(workspace, people=2)

    assert set(reasons(planned.campaign.id)) == {person.id for person in planned.people}


def test_a_person_gets_one_message_of_a_campaign_whatever_tries(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        run_plan(build_plan(workspace, planned.campaign))
    assert Message.objects.filter(campaign_id=planned.campaign.id).count() == 1


def test_batches_cover_the_sendable_people_and_nobody_else(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=3)
    left_out = make_contact(workspace=workspace, has_consent=False)
    second = make_campaign(workspace=workspace)

    run_plan(build_plan(workspace, second))

    batch = Batch.objects.get(campaign_id=second.id)
    covered = Message.objects.filter(id__range=(batch.first_message_id, batch.last_message_id))
    assert set(covered.values_list("contact_id", flat=True)) == {p.id for p in planned.people}
    assert reasons(second.id)[left_out.id] == "no_consent"


UNPROMISED = {"": "sender_not_promised", "FR": "", "DE": ""}
# What differs from person to person: their yes, their number, their country.
PEOPLE = list(product([None, True, False], ["", "opted_out", "manual"], ["FR", "DE", "ES"]))


def _person(workspace: Workspace, is_granted: bool | None, suppression: str, country: str) -> int:
    person = make_contact(workspace=workspace, country=country)
    states = ConsentState.objects.filter(contact_id=person.id)
    states.delete() if is_granted is None else states.update(is_granted=is_granted)
    if suppression:
        suppress(person, suppression)
    return person.id


@pytest.mark.parametrize("is_expired", [True, False])
@pytest.mark.parametrize(
    ("caps", "had"),
    [
        (Caps(), 5),
        (Caps(2, 24), 1),
        (Caps(2, 24), 2),
        (Caps(9, 24, 2, 168), 2),
        (Caps(1, 24, 9, 168), 1),
    ],
)
def test_the_plan_gives_the_reason_that_the_gate_gives(
    workspace: Workspace, *, caps: Caps, had: int, is_expired: bool
) -> None:
    """Of 27 people who differ in all that the gate asks of one."""
    campaign, due = make_campaign(workspace=workspace), now()
    people = {_person(workspace, *each): each for each in PEOPLE}
    for person in Contact.objects.filter(id__in=people):
        for _text in range(had):
            give_text(person)
    expires = due if is_expired else None

    run_plan(
        build_plan(
            workspace,
            campaign,
            sender_countries=("FR", "ES"),
            unpromised=UNPROMISED,
            due_at=due,
            expires_at=expires,
            cap_count=caps.count,
            cap_hours=caps.hours,
            workspace_cap_count=caps.workspace_count,
            workspace_cap_hours=caps.workspace_hours,
        )
    )

    expected = {}
    for person_id, (is_granted, suppression, country) in people.items():
        facts = Facts(
            at=due, is_known=True, is_sample=False, is_simulated=False, suppression=suppression,
            needs_consent=True, is_granted=is_granted, has_consent_record=is_granted is not None,
            is_sender_allowed=country != "DE", recent_count=had, cap_count=caps.count,
            workspace_recent_count=had, workspace_cap_count=caps.workspace_count,
            expires_at=expires, law_reason="", lawful_at=None,
            promise_reason=find_unpromised(UNPROMISED, country),
        )  # fmt: skip
        expected[person_id] = decide(facts).reason
    assert reasons(campaign.id) == expected


@pytest.mark.parametrize(
    ("is_sample", "is_simulated", "reason"),
    [(True, False, "sample_person"), (True, True, ""), (False, False, "")],
)
def test_sample_people_are_texted_over_a_simulated_gateway_alone(
    workspace: Workspace, *, is_sample: bool, is_simulated: bool, reason: str
) -> None:
    campaign = make_campaign(workspace=workspace)
    person = make_contact(workspace=workspace, is_sample=is_sample)

    run_plan(build_plan(workspace, campaign, is_simulated=is_simulated))

    assert reasons(campaign.id) == {person.id: reason}
