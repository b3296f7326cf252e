"""`textwell explain`: why one person did or did not get one campaign, with every rule as it was judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from textwell.cli._ledger import CAMPAIGN, WORKSPACE, access_workspace, open_ledger

if TYPE_CHECKING:
    from textwell.messaging.models import Message


@click.command()
@WORKSPACE
@CAMPAIGN
@click.option("--number", required=True, help="The person's number, as +84901234567.")
def command(workspace: str | None, campaign_id: int, number: str) -> None:
    """Say why a person did or did not get a campaign, planned or not yet planned.

    Of each look of the gate at hand-off every rule is shown with what it saw.
    """
    with open_ledger():
        from textwell.campaigns.selectors import access_campaign
        from textwell.contacts.models import Contact
        from textwell.messaging.selectors import access_message
        from textwell.reports.explanations import explain

        owner = access_workspace(workspace)
        campaign = access_campaign(owner.id, campaign_id)
        contact = Contact.objects.filter(workspace_id=owner.id, msisdn=number.strip()).first()
        if contact is None:
            raise click.UsageError(f"Nobody here has the number {number}.")
        found = explain(campaign, contact)
        click.echo(f"{found.answer.value}: {found.why}")
        if found.mend:
            click.echo(str(found.mend))
        click.echo(f"reason   {found.reason}, decided at {found.stage.value}")
        for rule in found.failed_rules:
            click.echo(f"failed   {rule['rule']}: {rule['inputs']}")
        if found.message_id is None:
            return
        _tell_message(access_message(owner.id, found.message_id), owner.currency)
        _tell_proofs(owner.id, found.message_id)


def _tell_message(message: Message, currency: str) -> None:
    click.echo(f"message  {message.id}, {message.state}, by SMS from {message.sender}")
    for word, at in (("due", message.due_at), ("handed", message.handed_at)):
        if at is not None:
            click.echo(f"{word:<9}{at:%Y-%m-%d %H:%M:%S}Z")
    price = message.cost_micros / 1_000_000
    click.echo(f"price    {price:.4f} {currency}, {message.segment_count} segments")


def _tell_proofs(workspace_id: int, message_id: int) -> None:
    """Each look of the gate, the latest last."""
    import msgspec

    from textwell.messaging.gate import decide
    from textwell.messaging.proof.form import Proof
    from textwell.messaging.proof.judged import LAST_LOOK, facts_of
    from textwell.messaging.proving import proofs_between

    for line in proofs_between(workspace_id, message_id, message_id):
        proof = msgspec.json.decode(line, type=Proof)
        judged = proof.judged
        local = ", ".join(f"{time} in {zone}" for zone, time in judged.local.items())
        click.echo(f"judged   {judged.at}{f' ({local})' if local else ''}: {judged.verdict}")
        if judged.packs:
            click.echo(f"by       {', '.join([*judged.packs, *judged.hours])}")
        if proof.leaf.consent:
            click.echo(f"consent  event {proof.leaf.consent}, SHA-256 {proof.leaf.consent_hash}")
        if judged.rules == LAST_LOOK:
            click.echo(f"  withdrawn right before the hand-off: {judged.reason}")
            continue
        for rule in decide(facts_of(judged)).rules:
            inputs = ", ".join(f"{name}={value}" for name, value in rule.inputs.items())
            click.echo(f"  {'passed' if rule.is_passed else 'FAILED'}  {rule.rule}: {inputs}")
