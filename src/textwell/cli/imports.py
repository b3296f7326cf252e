"""`textwell imports`: imports that there are, by page, API or command; go on with one, take it back."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from textwell.cli import _imports
from textwell.cli._ledger import WORKSPACE, access_workspace, open_ledger

if TYPE_CHECKING:
    from textwell.contacts.models import ImportRun

NUMBER = click.argument("number", type=click.IntRange(1, 2**63 - 1))
_MOST = 50


@click.group()
def command() -> None:
    """Imports of people that there are: list, apply, stop, resume, undo."""


@command.command("list")
@WORKSPACE
def list_imports(workspace: str | None) -> None:
    """The latest, newest first: number, state, rows, when, file."""
    with open_ledger():
        from textwell.contacts.models import ImportRun

        home = access_workspace(workspace)
        found = ImportRun.objects.filter(workspace_id=home.id).order_by("-id")
        for run in found[:_MOST]:
            rows = f"{run.row_count:>10,}"
            click.echo(
                f"{run.id}  {run.state:<8} {rows}  {run.created_at:%Y-%m-%d %H:%M}Z  {run.filename}"
            )
        if not found.exists():
            click.echo("There is none.", err=True)


@command.command()
@NUMBER
@_imports.REJECTED
def apply(number: int, rejected: Path | None) -> None:
    """Bring in what a dry run has judged.

    Rows that are left out are written into the present folder, under the name of the file.
    """
    with open_ledger():
        run = _access(number)
        _imports.bring_in(run)
        _imports.report(run, Path(run.filename), rejected)


@command.command()
@NUMBER
def stop(number: int) -> None:
    """Ask the step that a worker does to stop; Ctrl-C stops one of a command."""
    with open_ledger():
        from textwell.contacts.imports.steps import stop_step

        stop_step(_access(number), actor=_imports.ACTOR)
    click.echo("It stops after the rows under way.")


@command.command()
@NUMBER
@_imports.REJECTED
def resume(number: int, rejected: Path | None) -> None:
    """Go on with a step that was stopped: the dry run, the apply or the undo.

    Rows that are left out are written into the present folder, under the name of the file.
    """
    with open_ledger():
        from textwell.contacts.models import ImportState

        steps = {
            ImportState.UPLOADED.value: _imports.judge,
            ImportState.APPLYING.value: _imports.bring_in,
            ImportState.UNDOING.value: _imports.take_back,
        }
        run = _access(number)
        step = steps.get(run.state)
        if step is None:
            raise click.UsageError(
                f"The import {number} is {run.state}: nothing of it was stopped."
            )
        step(run)
        if step is not _imports.take_back:
            _imports.report(run, Path(run.filename), rejected)


@command.command()
@NUMBER
def undo(number: int) -> None:
    """Take it back, but for people who changed or were texted since."""
    with open_ledger():
        _imports.take_back(_access(number))


def _access(number: int) -> "ImportRun":
    from textwell.contacts.models import ImportRun

    run = ImportRun.objects.filter(id=number).first()
    if run is None:
        raise click.UsageError(f"There is no import {number}: see textwell imports list.")
    return run
