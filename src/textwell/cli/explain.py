"""`textwell explain`: why one person did or did not get one campaign, with every rule as it was judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from textwell.cli._ledger import CAMPAIGN, WORKSPACE, access_workspace, open_ledger

if TYPE_CHECKING:
    from textwell.messaging.models import Message
    from textwell.reports.looks import Look


@click.command()
@WORKSPACE
@CAMPAIGN
@click.option("--number", required=True, help="The person's number, as +84901234567.")
def command(workspace: str | None, campaign_id: int, number: str) -> None:
    """Say why a person did or did not get a campaign, planned or not yet planned.

    Of each look of the gate every rule is shown with what it saw; of a text that is not handed off yet,
    what the gate would say as things are now.
    """
    with open_ledger():
        from textwell.campaigns.selectors import access_campaign
        from textwell.contacts.models import Contact
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
        if found.consent is not None:
            event = found.consent
            click.echo(
                f"consent  {event.kind} of {event.given_at:%Y-%m-%d %H:%M:%S}Z, {event.source}"
            )
        if found.message is not None:
            _tell_message(found.message, owner.currency)
        for look in found.looks:
            _tell_look(look)


def _tell_message(message: Message, currency: str) -> None:
    click.echo(f"message  {message.id}, {message.state}, by SMS from {message.sender}")
    for word, at in (("due", message.due_at), ("handed", message.handed_at)):
        if at is not None:
            click.echo(f"{word:<9}{at:%Y-%m-%d %H:%M:%S}Z")
    price = message.cost_micros / 1_000_000
    click.echo(f"price    {price:.4f} {currency}, {message.segment_count} segments")


def _tell_look(look: Look) -> None:
    local = ", ".join(f"{time} in {zone}" for zone, time in look.local.items())
    word = "would be" if look.is_forecast else "judged"
    at = look.at.isoformat(timespec="seconds").replace("+00:00", "Z")
    click.echo(f"{word:<9}{at}{f' ({local})' if local else ''}: {look.verdict}")
    if look.packs:
        click.echo(f"by       {', '.join([*look.packs, *look.law])}")
    for one, reading in look.disputed:
        others = "; ".join(f"{r.says} ({r.by})" for r in one.readings if r != reading)
        word = "the looser way, as chosen" if reading == one.lenient else "strictly"
        click.echo(
            f"disputed {one.rule}, read {word}: {reading.says} ({reading.by}); also: {others}"
        )
    if look.consent_event_id:
        click.echo(f"consent  event {look.consent_event_id}, SHA-256 {look.consent_hash}")
    if not look.rules:
        click.echo(f"  withdrawn right before the hand-off: {look.reason}")
    for rule in look.rules:
        inputs = ", ".join(f"{name}={value}" for name, value in rule.inputs.items())
        click.echo(f"  {'passed' if rule.passed else 'FAILED'}  {rule.rule}: {inputs}")
