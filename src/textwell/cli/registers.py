"""`textwell registers`: do-not-contact registers, as their keepers publish them."""

from datetime import datetime
from pathlib import Path

import click

from textwell.cli._ledger import WORKSPACE, access_workspace, open_ledger

ACTOR = "system"


@click.group()
def command() -> None:
    """Do-not-contact registers: import the list of a country, see what is on file."""


@command.command("import")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--checked-at", required=True, help="When the list was taken, as 2026-11-24T09:30:00+07:00."
)
@WORKSPACE
def import_file(*, name: str, file: Path, checked_at: str, workspace: str | None) -> None:
    """Put the numbers of FILE in the place of those that the register NAME had.

    FILE has a number on each line, or is a CSV file with a column of them.
    """
    with open_ledger():
        from textwell.core.errors import FieldError
        from textwell.messaging.registers import import_register

        home = access_workspace(workspace)
        try:
            with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
                done = import_register(
                    workspace_id=home.id,
                    name=name,
                    lines=lines,
                    filename=file.name,
                    checked_at=_moment(checked_at),
                    actor=ACTOR,
                )
        except FieldError as error:
            raise click.UsageError(str(error)) from error
    click.echo(f"{done.register.name}: {done.register.number_count:,} numbers.")
    if done.rejected_count:
        click.echo(f"{done.rejected_count:,} lines hold no number and were left out.", err=True)


@command.command("list")
@WORKSPACE
def list_all(workspace: str | None) -> None:
    """Registers on file, then those that keep people out in some country and are not.

    A list that is too old stops marketing in its country until a newer one is imported.
    """
    with open_ledger():
        from textwell.core.clock import now
        from textwell.messaging.registers import RegisterState, list_standings

        found = list_standings(access_workspace(workspace).id, at=now())
        for one in found:
            if one.register is not None:
                taken = f"{one.register.checked_at:%Y-%m-%d %H:%M}Z"
                note = ", TOO OLD" if one.state is RegisterState.STALE else ""
                click.echo(
                    f"{one.country}  {one.register.number_count:>10,}  {taken}  {one.name}{note}"
                )
        for one in found:
            if one.state is RegisterState.MISSING:
                click.echo(f"{one.country}  not on file  {one.name}")


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        mend = "Give a time with its offset, as 2026-11-24T09:30:00+07:00."
        raise click.BadParameter(
            f"{text!r} is no time. {mend}", param_hint="--checked-at"
        ) from error
