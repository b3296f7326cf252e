"""A rest from marketing: from its first minute to its last, and then on by itself."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from builders import make_campaign, make_contact, make_gateway, make_workspace
from domain.messaging.ledger import build_plan, run_plan
from textwell.accounts.models import AuditEntry, Workspace
from textwell.campaigns.forecast import gate_facts
from textwell.consent.actions import record_opt_out
from textwell.consent.models import Pause
from textwell.consent.pausing import end_pause, find_pause, pause_person
from textwell.consent.selectors import consent_state
from textwell.contacts.models import Contact
from textwell.core.errors import FieldError, NotFound
from textwell.messaging import sql
from textwell.messaging.caps import NO_CAPS
from textwell.messaging.gate import decide
from textwell.messaging.models import Message
from textwell.runtime.connector.content import NO_CONTENT

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MONTH = timedelta(days=30)


@pytest.fixture
def person(workspace: Workspace) -> Contact:
    return make_contact(workspace=workspace)


def pause(person: Contact, until: datetime, *, actor: str = "user:7") -> Pause:
    return pause_person(
        workspace_id=person.workspace_id, contact_id=person.id, until=until, source="page", actor=actor
    )  # fmt: skip


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (NOON, "person_paused"),
        (NOON + MONTH - MINUTE, "person_paused"),
        (NOON + MONTH, ""),
        (NOON + MONTH + MINUTE, ""),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_thirty_days_keep_all_marketing_back_to_the_minute(
    workspace: Workspace, person: Contact, at: datetime, reason: str
) -> None:
    """The plan and the gate of the preview say the same; nobody had to agree anew."""
    pause(person, NOON + MONTH)
    campaign = make_campaign(workspace=workspace, scheduled_at=at)

    run_plan(build_plan(workspace, campaign, due_at=at))

    assert Message.objects.get(campaign_id=campaign.id).reason == reason
    assert decide(gate_facts(campaign, person)).reason == reason


@pytest.mark.parametrize(("offset", "is_paused"), [(MINUTE, True), (-MINUTE, False)])
def test_what_waits_is_judged_anew_at_its_hand_off(
    workspace: Workspace, person: Contact, offset: timedelta, *, is_paused: bool
) -> None:
    campaign = make_campaign(workspace=workspace)
    run_plan(build_plan(workspace, campaign))
    message = Message.objects.get(campaign_id=campaign.id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        until = cursor.fetchone()[0] + offset
        Pause.objects.create(
            contact_id=person.id, workspace_id=workspace.id, until=until, since=NOON,
            source="reply", actor="mo",
        )  # fmt: skip
        ends = {"first_id": message.id, "last_id": message.id, "window_id": 1}
        params = {**NO_CONTENT.gate_params(), **ends, **NO_CAPS.params()}
        cursor.execute(sql.READ_WINDOW, params)
        row = cursor.fetchone()

    assert row[20] == (until if is_paused else None)


def test_other_texts_go_on(workspace: Workspace, person: Contact) -> None:
    Pause.objects.create(
        contact_id=person.id, workspace_id=workspace.id, until=NOON.replace(year=2099),
        since=NOON, source="reply", actor="mo",
    )  # fmt: skip
    campaign = make_campaign(workspace=workspace, purpose="care")

    run_plan(build_plan(workspace, campaign, purpose="care", needs_consent=False))

    assert Message.objects.get(campaign_id=campaign.id).reason == ""
    assert decide(gate_facts(campaign, person)).reason == ""


@time_machine.travel(NOON, tick=False)
def test_it_says_who_set_it_and_a_second_one_moves_its_end(person: Contact) -> None:
    pause(person, NOON + MONTH)

    pause(person, NOON + 3 * MONTH, actor="key:2")

    found = find_pause(person.workspace_id, person.id)
    assert found is not None
    assert (found.until, found.since, found.actor) == (NOON + 3 * MONTH, NOON, "key:2")
    entries = AuditEntry.objects.filter(action="contacts.paused").order_by("id")
    assert list(entries.values_list("actor", "subject")) == [
        ("user:7", f"contact:{person.id}"),
        ("key:2", f"contact:{person.id}"),
    ]


@time_machine.travel(NOON, tick=False)
def test_it_ends_by_itself_or_by_hand_and_touches_no_consent(person: Contact) -> None:
    pause(person, NOON + MONTH)
    with time_machine.travel(NOON + MONTH, tick=False):
        assert find_pause(person.workspace_id, person.id) is None
        assert end_pause(workspace_id=person.workspace_id, contact_id=person.id, actor="x") is False

    assert end_pause(workspace_id=person.workspace_id, contact_id=person.id, actor="user:7") is True

    assert find_pause(person.workspace_id, person.id) is None
    state = consent_state(person.workspace_id, person.id)
    assert state is not None
    assert state.is_granted
    assert AuditEntry.objects.filter(action="contacts.pause_ended").count() == 1


@time_machine.travel(NOON, tick=False)
def test_an_opt_out_stays_one_when_a_pause_ends(workspace: Workspace, person: Contact) -> None:
    pause(person, NOON + MONTH)
    record_opt_out(
        workspace_id=workspace.id, contact_id=person.id, msisdn=person.msisdn, source="sms",
        wording="STOP", given_at=NOON, actor="mo",
    )  # fmt: skip
    campaign = make_campaign(workspace=workspace, gateway=make_gateway(workspace=workspace))

    run_plan(build_plan(workspace, campaign, due_at=NOON + 2 * MONTH))

    assert Message.objects.get(campaign_id=campaign.id).reason == "opted_out"


@pytest.mark.parametrize("offset", [timedelta(0), timedelta(days=-1), timedelta(days=367)])
@time_machine.travel(NOON, tick=False)
def test_an_end_that_cannot_be_is_refused(person: Contact, offset: timedelta) -> None:
    with pytest.raises(FieldError) as refused:
        pause(person, NOON + offset)

    assert (refused.value.field, Pause.objects.count()) == ("until", 0)


def test_a_person_of_another_workspace_is_not_there(person: Contact) -> None:
    stranger = make_workspace(name="Other")

    with pytest.raises(NotFound):
        pause_person(
            workspace_id=stranger.id, contact_id=person.id, until=NOON, source="page", actor="user:7"
        )  # fmt: skip
