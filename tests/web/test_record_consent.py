"""Recording a person's yes on their page: with proof, or not at all."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from builders import make_contact, make_workspace
from textwell.accounts.models import AuditEntry, User, Workspace
from textwell.consent.actions import record_opt_out
from textwell.consent.models import ConsentEvent
from textwell.consent.selectors import consent_state
from textwell.core.clock import now

pytestmark = pytest.mark.django_db

GIVEN = {"source": "at the counter", "wording": "May we text you?", "given_at": "2026-01-02T10:00"}


def test_it_is_offered_and_recorded_with_its_proof(
    owner_client: Client, owner: User, workspace: Workspace
) -> None:
    contact = make_contact(workspace=workspace, has_consent=False)
    url = f"/contacts/{contact.id}/opt-in"

    offered = owner_client.get(f"/contacts/{contact.id}").content.decode()
    shown = owner_client.get(url)
    answer = owner_client.post(url, GIVEN)
    owner_client.post(url, GIVEN)

    event = ConsentEvent.objects.get(contact_id=contact.id)
    assert f'href="{url}"' in offered
    assert (shown.status_code, answer.headers["Location"]) == (200, f"/contacts/{contact.id}")
    assert (event.source, event.wording) == ("at the counter", "May we text you?")
    assert timezone.localtime(event.given_at).strftime("%Y-%m-%dT%H:%M") == GIVEN["given_at"]
    entry = AuditEntry.objects.get(action="consent.opt_in")
    assert (entry.actor, entry.subject) == (f"user:{owner.id}", f"contact:{contact.id}")


def test_a_new_yes_lifts_an_opt_out(owner_client: Client, workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace)
    record_opt_out(
        workspace_id=workspace.id, contact_id=contact.id, msisdn=contact.msisdn, source="sms",
        wording="STOP", given_at=now() - timedelta(hours=2), actor="system",
    )  # fmt: skip
    at = timezone.localtime(now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")

    owner_client.post(f"/contacts/{contact.id}/opt-in", GIVEN | {"given_at": at})

    state = consent_state(workspace.id, contact.id)
    assert state is not None
    assert state.is_granted
    assert (
        "This number is not texted"
        not in owner_client.get(f"/contacts/{contact.id}").content.decode()
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source", " "),
        ("wording", ""),
        ("given_at", ""),
        ("given_at", "yesterday"),
        ("given_at", "0001-01-01T00:00"),
        ("given_at", "9999-12-31T23:59"),
    ],
)
def test_without_proof_nothing_is_recorded_and_what_was_typed_is_kept(
    owner_client: Client, workspace: Workspace, field: str, value: str
) -> None:
    contact = make_contact(workspace=workspace, has_consent=False)
    given = GIVEN | {"source": "in the shop", field: value}

    answer = owner_client.post(f"/contacts/{contact.id}/opt-in", given)

    page = answer.content.decode()
    assert (answer.status_code, ConsentEvent.objects.count()) == (422, 0)
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true"', page)
    assert field == "source" or "in the shop" in page


def test_somebody_elses_person_is_not_there(owner_client: Client) -> None:
    theirs = make_contact(workspace=make_workspace(name="Theirs"), has_consent=False)

    answer = owner_client.post(f"/contacts/{theirs.id}/opt-in", GIVEN)

    assert (answer.status_code, ConsentEvent.objects.count()) == (404, 0)
