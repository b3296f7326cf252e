"""`textwell explain`: the answer, the message, and each rule as the gate saw it."""

import pytest
from click.testing import CliRunner, Result

from builders import make_campaign, make_contact
from proofs import NOON, note_many, store
from textwell.accounts.models import Workspace
from textwell.campaigns.models import CampaignState
from textwell.cli import explain
from textwell.messaging.models import Message
from textwell.messaging.plan import reserve_block

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> Result:
    return CliRunner().invoke(explain.command, arguments)


def test_a_text_that_went_out_is_explained_with_every_rule(workspace: Workspace) -> None:
    first, last = reserve_block(1)
    person = make_contact(workspace=workspace, msisdn="+33600000000")
    campaign = make_campaign(
        workspace=workspace,
        state=CampaignState.FINISHED,
        first_message_id=first,
        last_message_id=last,
    )
    Message.objects.create(
        id=first, workspace_id=workspace.id, campaign_id=campaign.id, contact_id=person.id,
        msisdn=person.msisdn, country="FR", state="delivered", sender="BAKERY", planned_at=NOON,
        due_at=NOON, handed_at=NOON, done_at=NOON, segment_count=1, cost_micros=45_000,
    )  # fmt: skip
    store(note_many(1, workspace_id=workspace.id, first_id=first))

    shown = run("--campaign", str(campaign.id), "--number", "+33600000000").output.splitlines()

    assert shown[0] == "yes: The network says that the text is on the handset."
    assert f"message  {first}, delivered, by SMS from BAKERY" in shown
    assert "price    0.0450 EUR, 1 segments" in shown
    assert "judged   2026-11-26T12:00:00Z (thu 13:00 in Europe/Paris): allow" in shown
    assert (
        "  passed  consent: needs_consent=True, is_granted=True, has_consent_record=True" in shown
    )
    assert shown[-1] == "  passed  hours: law_reason=, lawful_at=None"


def test_whoever_has_no_message_yet_is_explained_as_well(workspace: Workspace) -> None:
    make_contact(workspace=workspace, msisdn="+33600000001")
    draft = make_campaign(workspace=workspace)

    shown = run("--campaign", str(draft.id), "--number", "+33600000001")
    stranger = run("--campaign", str(draft.id), "--number", "+33699999999")

    lines = shown.output.splitlines()
    assert lines[:2] == [
        "not_yet: The campaign is not launched.",
        "reason   not_launched, decided at audience",
    ]
    assert lines[2].startswith("consent  opt_in of ")
    assert lines[3].startswith("would be ")
    assert lines[3].endswith(": allow")
    assert "  passed  sender: is_sender_allowed=True" in lines
    assert (stranger.exit_code, "Nobody here has the number" in stranger.output) == (2, True)
