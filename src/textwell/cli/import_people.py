"""`textwell import-people`: people from a CSV file, judged first, applied with progress."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from textwell.cli._ledger import access_workspace, open_ledger

if TYPE_CHECKING:
    from textwell.contacts.models import ImportRun


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--workspace", help="Id or name; needed where there are several.")
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
) -> None:
    """Import people. Rows without evidence of consent come in, but are not texted."""
    with open_ledger():
        from textwell.contacts.imports.actions import set_mapping
        from textwell.contacts.imports.undoing import undo_import

        run = _upload(file, workspace, region)
        if maps:
            _correct(run, maps)
        for column, field in run.mapping.items():
            click.echo(f"  {column} → {field}")
        given = {"source": consent_source, "wording": consent_wording, "given_at": consent_at}
        if any(given.values()):
            set_mapping(run=run, consent=given)
        _bring_in(run, is_applied=not dry_run)
        _report(run, file)
        if is_undo:
            undo_import(run)
            click.echo(f"  taken back, but for {run.totals['kept']:,} who changed since")


def _upload(file: Path, workspace: str | None, region: str | None) -> "ImportRun":
    from textwell.contacts.imports.actions import start_import
    from textwell.core.errors import FieldError

    home = access_workspace(workspace)
    try:
        return start_import(
            workspace_id=home.id,
            path=file,
            filename=file.name,
            actor="system",
            region=home.country if region is None else region,
        )
    except FieldError as error:
        raise click.BadParameter(str(error)) from error


def _bring_in(run: "ImportRun", *, is_applied: bool) -> None:
    """The dry run, and the apply if wanted, each with its bar."""
    from rich.progress import Progress

    from textwell.contacts.imports.applying import apply_import
    from textwell.contacts.imports.judging import dry_run

    with Progress() as bars:
        judging = bars.add_task("checking", total=None)
        dry_run(run, on_progress=lambda done: bars.update(judging, completed=done))
        bars.update(judging, total=run.row_count, completed=run.row_count)
        if is_applied:
            applying = bars.add_task("applying", total=run.row_count)
            apply_import(run, on_progress=lambda done: bars.update(applying, completed=done))
            bars.update(applying, completed=run.row_count)


def _report(run: "ImportRun", file: Path) -> None:
    """Counts by verdict; rows that did not come in, or without their consent, in files beside it."""
    from textwell.contacts.imports.actions import rejected_rows, rows_without_consent

    for verdict, count in run.totals.items():
        click.echo(f"  {verdict:<16} {count:>10,}")
    left_out = run.totals["invalid"] + run.totals["duplicate"]
    _write_rows("rows left out", left_out, file.with_suffix(".rejected.csv"), rejected_rows(run))
    _write_rows(
        "people without the consent that their row claims",
        run.totals["consent_left_out"],
        file.with_suffix(".no-consent.csv"),
        rows_without_consent(run),
    )


def _correct(run: "ImportRun", maps: tuple[str, ...]) -> None:
    from textwell.contacts.imports.actions import set_mapping
    from textwell.core.errors import FieldError

    pairs = dict(each.rpartition("=")[::2] for each in maps)
    mapping = {name: field for name, field in {**run.mapping, **pairs}.items() if field}
    try:
        set_mapping(run=run, mapping=mapping)
    except FieldError as error:
        raise click.BadParameter(str(error), param_hint="--map") from error


def _write_rows(what: str, count: int, path: Path, rows: Iterator[str]) -> None:
    if not count:
        return
    with path.open("w", encoding="utf-8", newline="") as out:
        out.writelines(rows)
    click.echo(f"  {what}, with reasons: {path}")
