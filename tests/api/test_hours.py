"""Hours of law through the API: a message that may not go now waits; a workspace chooses its layer."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.http import HttpResponse

from api.conftest import Program
from builders import make_contact, make_gateway, make_registration
from textwell.accounts.models import AuditEntry, Workspace
from textwell.consent.models import ConsentState
from textwell.core.clock import now
from textwell.messaging.models import Batch, Message

pytestmark = pytest.mark.django_db

SUNDAY = datetime(2026, 12, 6, 11, tzinfo=UTC)  # noon in Paris


def send(program: Program, to: str = "+33612345678", **more: object) -> HttpResponse:
    make_gateway(workspace=program.workspace, provider="smpp")
    make_contact(workspace=program.workspace, msisdn=to, country="LU" if "352" in to else "FR")
    return program.send("post", "/messages", {"to": to, "body": "Sale", **more})


def test_marketing_on_a_sunday_waits_for_monday(program: Program) -> None:
    with time_machine.travel(SUNDAY, tick=False):
        answer = send(program)

    assert answer.status_code == 202
    message = Message.objects.get()
    assert answer.json()["due_at"] == "2026-12-07T07:00:00+00:00"
    assert (message.state, message.due_at) == ("planned", datetime(2026, 12, 7, 7, tzinfo=UTC))
    assert Batch.objects.get().due_at == message.due_at


def test_a_time_that_is_wanted_is_moved_as_well(program: Program) -> None:
    with time_machine.travel(SUNDAY, tick=False):
        send(program, send_at="2026-12-07T21:30:00+01:00")

    assert Message.objects.get().due_at == datetime(2026, 12, 8, 7, tzinfo=UTC)


def test_what_is_no_marketing_goes_at_any_hour(program: Program) -> None:
    with time_machine.travel(SUNDAY, tick=False):
        send(program, purpose="transactional")

    assert Batch.objects.get().state == "queued"


def test_a_cap_counts_at_the_hour_at_which_a_message_goes(program: Program) -> None:
    program.send("put", "/workspace/cap", {"cap_count": 1, "cap_hours": 24})
    with time_machine.travel(SUNDAY, tick=False):
        first = send(program)
        again = program.send("post", "/messages", {"to": "+33612345678", "body": "Sale"})

    assert (first.status_code, again.status_code) == (202, 422)
    assert again.json()["reason"] == "frequency_cap"


def test_marketing_to_a_country_without_rules_is_refused(program: Program) -> None:
    with time_machine.travel(SUNDAY, tick=False):
        answer = send(program, to="+352621123456")

    assert answer.status_code == 422
    assert answer.json()["reason"] == "no_pack"
    assert not Message.objects.exists()


def test_what_expires_before_its_first_lawful_hour_is_refused(program: Program) -> None:
    with time_machine.travel(SUNDAY, tick=False):
        answer = send(program, expires_at="2026-12-06T20:00:00+01:00")

    assert answer.json()["reason"] == "expired"


def test_a_workspace_chooses_its_hours_and_the_log_says_so(program: Program) -> None:
    answer = program.send("put", "/workspace/hours", {"law_layer": "legal"})

    assert (answer.status_code, answer.json()["law_layer"]) == (200, "legal")
    assert Workspace.objects.get(id=program.workspace.id).law_layer == "legal"
    entry = AuditEntry.objects.get(action="workspace.hours_changed")
    assert entry.data == {
        "before": {"law_layer": "recommended"},
        "after": {"law_layer": "legal"},
    }


def test_a_workspace_has_an_end_of_consent_of_its_own(program: Program) -> None:
    """And a text by itself asks it."""
    make_gateway(workspace=program.workspace, provider="smpp")
    answer = program.send("put", "/workspace/consent-lifetime", {"consent_months": 12})
    person = make_contact(workspace=program.workspace, msisdn="+33612345678", country="FR")
    ConsentState.objects.filter(contact_id=person.id).update(since=now() - timedelta(days=400))

    refused = program.send("post", "/messages", {"to": person.msisdn, "body": "Sale"})

    assert (answer.status_code, answer.json()["consent_months"]) == (200, 12)
    assert refused.json()["reason"] == "consent_expired"
    entry = AuditEntry.objects.get(action="workspace.consent_months_changed")
    assert entry.data == {"before": {"consent_months": 0}, "after": {"consent_months": 12}}
    beyond = program.send("put", "/workspace/consent-lifetime", {"consent_months": 121})
    assert beyond.status_code == 422


def test_no_layer_switches_law_off(program: Program) -> None:
    answer = program.send("put", "/workspace/hours", {"law_layer": "none"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "law_layer"


def test_marketing_that_a_cap_of_law_keeps_back_is_taken_for_when_it_is_free(
    program: Program,
) -> None:
    """Three texts in 24 hours in Vietnam; what is planned counts."""
    make_gateway(workspace=program.workspace, provider="smpp")
    make_contact(workspace=program.workspace, msisdn="+84901234567", country="VN")
    make_registration(workspace=program.workspace)
    with time_machine.travel(SUNDAY, tick=False):
        due = [
            program.send(
                "post", "/messages",
                {"to": "+84901234567", "body": "[QC] Sale", "send_at": f"2026-12-06T{at}:00Z"},
            ).json()["due_at"]
            for at in ("12:00", "12:10", "12:20", "12:30", "11:30")
        ]  # fmt: skip

    assert due == [
        "2026-12-06T12:00:00+00:00",
        "2026-12-06T12:10:00+00:00",
        "2026-12-06T12:20:00+00:00",
        "2026-12-07T12:00:00+00:00",  # when the first is a day old
        "2026-12-06T11:30:00+00:00",  # before them: one of them is held in its place
    ]
