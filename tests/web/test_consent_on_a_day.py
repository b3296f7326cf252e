"""What was on record of a person on a day: the page, and the proof that is taken from it."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client

from builders import make_contact
from textwell.accounts.models import Workspace
from textwell.consent.actions import record_opt_in, record_opt_out
from textwell.consent.chain.form import check_proof
from textwell.consent.models import ConsentEvent
from textwell.consent.topics import define_topic
from textwell.consent.types import ConsentScope
from textwell.core.clock import now
from textwell.core.signing import list_public_keys

pytestmark = pytest.mark.django_db


def test_the_state_of_a_day_is_shown_with_what_decided_it_and_its_proof(
    owner_client: Client, workspace: Workspace
) -> None:
    define_topic(workspace_id=workspace.id, key="offers", name="Weekly offers", actor="system")
    person = make_contact(workspace=workspace, has_consent=False)
    told = {"workspace_id": workspace.id, "contact_id": person.id, "actor": "system"}
    record_opt_in(
        **told,
        source="shop",
        wording="Yes to offers.",
        given_at=now(),
        scope=ConsentScope("offers"),
    )
    between = now()
    record_opt_out(
        **told, msisdn=person.msisdn, source="call", wording="No more.", given_at=now(),
        channel="sms", purpose="marketing",
    )  # fmt: skip
    address = f"/contacts/{person.id}/consent"

    then = owner_client.get(address, {"at": between.isoformat()}).content.decode()
    today = owner_client.get(address).content.decode()
    before = owner_client.get(address, {"at": (between - timedelta(days=9)).isoformat()})
    (proof,) = re.findall(rf'href="({address}/proof[^"]*)"', then)
    line = owner_client.get(html.unescape(proof)).content

    granted, _history = then.split("Everything on record")
    assert "Weekly offers" in granted
    assert "Yes to offers." in granted
    assert "No more." not in granted
    assert 'class="badge bad"' in today.split("Everything on record")[0]
    assert "Nothing was on record then" in before.content.decode()
    said = check_proof(
        line.removesuffix(b"\n"), {key.key_id: key.value for key in list_public_keys(workspace.id)}
    )
    yes = ConsentEvent.objects.get(contact_id=person.id, kind="opt_in")
    assert (said.problem, said.fields["event"], said.fields["topic"]) == ("", yes.id, "offers")
    assert len(line) < 2_000


@pytest.mark.parametrize("at", ["soon", "0001-01-01T00:00:00"])
def test_a_moment_that_cannot_be_is_refused(
    owner_client: Client, workspace: Workspace, at: str
) -> None:
    person = make_contact(workspace=workspace)

    answer = owner_client.get(f"/contacts/{person.id}/consent", {"at": at})

    assert answer.status_code == 422
    assert "Nothing was on record then" not in answer.content.decode()


def test_what_was_never_on_record_has_no_proof(owner_client: Client, workspace: Workspace) -> None:
    person = make_contact(workspace=workspace)

    answer = owner_client.get(f"/contacts/{person.id}/consent/proof", {"topic": "news"})

    assert answer.status_code == 404
