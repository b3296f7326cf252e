"""`textwell audit verify`: is the audit log as it was written?"""

import sys

import click


@click.group()
def command() -> None:
    """The audit log."""


@command.command()
@click.option("--workspace", type=int, help="Only this one, by its number.")
def verify(workspace: int | None) -> None:
    """Walk the chain over each workspace's log and name the first entry that is not as written.

    The exit code is 1 if there is one. Note the head elsewhere: a later run shows whether it is
    still part of the log's end.
    """
    from textwell.runtime.boot import start_django

    start_django("audit")
    from textwell.accounts.chain import verify_workspace
    from textwell.accounts.models import Workspace

    found = Workspace.objects.order_by("id")
    has_fault = False
    for each in found if workspace is None else found.filter(id=workspace):
        verdict = verify_workspace(each.id)
        has_fault = has_fault or not verdict.is_whole
        if verdict.is_whole:
            click.echo(
                f"ok    {each.id} {each.name}: {verdict.entry_count} entries, head {verdict.head}"
            )
        else:
            told = f"entry {verdict.broken_entry_id} was {verdict.problem} after it was written"
            click.echo(
                f"BAD   {each.id} {each.name}: {told}; {verdict.entry_count} before it are whole"
            )
    sys.exit(1 if has_fault else 0)
