"""`textwell erase-person`: forget a person who asked for it."""

import click

from textwell.cli._ledger import WORKSPACE, access_workspace, open_ledger


@click.command()
@WORKSPACE
@click.option("--contact", "contact_id", type=int, help="The person's id.")
@click.option("--number", help="Or their number, with its country code.")
@click.option("--reason", required=True, help="Why, without a name: the audit log keeps it.")
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask again.")
def command(
    *, workspace: str | None, contact_id: int | None, number: str | None, reason: str, is_sure: bool
) -> None:
    """Erase a person everywhere, for good. A keyed hash of the number keeps files from texting them."""
    if (contact_id is None) == (number is None):
        raise click.UsageError("Give --contact or --number.")
    with open_ledger():
        from textwell.contacts.actions import read_msisdn
        from textwell.contacts.selectors import find_contact
        from textwell.privacy.erasing import erase_person

        found = access_workspace(workspace)
        if number is not None:
            person = find_contact(found.id, str(read_msisdn(number).e164))
            if person is None:
                raise click.UsageError("Nobody here has this number.")
            contact_id = person.id
        assert contact_id is not None
        if not is_sure:
            click.confirm(f"Erase person {contact_id} of {found.name} for good?", abort=True)
        erase_person(workspace_id=found.id, contact_id=contact_id, reason=reason, actor="system")
    click.echo(f"Person {contact_id} is erased.")
