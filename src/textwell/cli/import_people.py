"""`textwell import-people`: people from a CSV file, judged first, applied with progress."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from textwell.cli import _imports
from textwell.cli._ledger import WORKSPACE, access_workspace, open_ledger

if TYPE_CHECKING:
    from textwell.contacts.models import ImportRun


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@WORKSPACE
@click.option(
    "--region",
    help="ISO 3166-1 country of numbers without a country code; without it the workspace's own.",
)
@click.option(
    "--map", "maps", multiple=True, help="COLUMN=FIELD: correct the guess; no field leaves it out."
)
@click.option("--dry-run", is_flag=True, help="Say what applying would do, and apply nothing.")
@click.option("--undo", "is_undo", is_flag=True, help="Apply, then take it back: a rehearsal.")
@click.option("--consent-source", default="", help="Where everybody of the file gave consent.")
@click.option("--consent-wording", default="", help="What they agreed to, word for word.")
@click.option("--consent-at", default="", help="When, as 2026-11-24T09:30:00+01:00.")
@click.option("--consent-basis", default="", help="How: implied, soft, express or express_written.")
@_imports.REJECTED
def command(
    *,
    file: Path,
    workspace: str | None,
    region: str | None,
    maps: tuple[str, ...],
    dry_run: bool,
    is_undo: bool,
    consent_source: str,
    consent_wording: str,
    consent_at: str,
    consent_basis: str,
    rejected: Path | None,
) -> None:
    """Import people. Rows without evidence of consent come in, but are not texted.

    Rows that are left out are written beside the file, as FILE.rejected.csv.
    """
    with open_ledger():
        from textwell.contacts.imports.actions import set_mapping

        run = _upload(file, workspace, region)
        if maps:
            _correct(run, maps)
        for column in run.header:
            click.echo(f"  {column} → {run.mapping.get(column, '(left out)')}")
        given = {"source": consent_source, "wording": consent_wording, "given_at": consent_at}
        given |= {"basis": consent_basis} if consent_basis else {}
        if any(given.values()):
            set_mapping(run=run, consent=given)
        _imports.judge(run)
        if not dry_run:
            _imports.bring_in(run)
        _imports.report(run, file, rejected)
        if dry_run:
            click.echo(f"Nothing is applied yet: textwell imports apply {run.id}")
        elif is_undo:
            _imports.take_back(run)


def _upload(file: Path, workspace: str | None, region: str | None) -> "ImportRun":
    from textwell.contacts.imports.actions import start_import
    from textwell.core.errors import FieldError

    home = access_workspace(workspace)
    try:
        return start_import(
            workspace_id=home.id,
            path=file,
            filename=file.name,
            actor=_imports.ACTOR,
            region=home.country if region is None else region,
        )
    except FieldError as error:
        raise click.BadParameter(str(error)) from error


def _correct(run: "ImportRun", maps: tuple[str, ...]) -> None:
    from textwell.contacts.imports.actions import set_mapping
    from textwell.core.errors import FieldError

    pairs = dict(each.rpartition("=")[::2] for each in maps)
    mapping = {name: field for name, field in {**run.mapping, **pairs}.items() if field}
    try:
        set_mapping(run=run, mapping=mapping)
    except FieldError as error:
        raise click.BadParameter(str(error), param_hint="--map") from error
