"""The long steps of an import in this process, each audited, with its bar and what came of it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from textwell.contacts.imports.judging import OnProgress
    from textwell.contacts.models import ImportRun

ACTOR = "system"


def _read_place(_context: object, _option: object, value: Path | None) -> Path | None:
    """Refused before anything is done, not after."""
    folder = value.absolute().parent if value else Path()
    if value and not os.access(folder, os.W_OK | os.X_OK):
        raise click.BadParameter(f"{folder} is no folder that can be written to. Give another.")
    return value


REJECTED = click.option(
    "--rejected",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    callback=_read_place,
    metavar="PATH",
    help="Where the rows that are left out are written, with their reasons.",
)


def judge(run: "ImportRun") -> None:
    """The dry run; one that was stopped goes on."""
    from textwell.contacts.imports.judging import dry_run

    _step(run, "contacts.dry_run", "checking", lambda show: dry_run(run, on_progress=show))


def bring_in(run: "ImportRun") -> None:
    """The apply; one that was stopped goes on."""
    from textwell.contacts.imports.applying import apply_import

    _step(run, "contacts.apply", "applying", lambda show: apply_import(run, on_progress=show))


def take_back(run: "ImportRun") -> None:
    """The undo, whole."""
    from textwell.contacts.imports.undoing import undo_import

    _step(run, "contacts.undo", "taking back", lambda show: undo_import(run, on_progress=show))
    click.echo(f"  taken back, but for {run.totals['kept']:,} who changed since")


def _step(run: "ImportRun", kind: str, words: str, work: "Callable[[OnProgress], object]") -> None:
    """Do it under a bar. Ctrl-C ends it after the rows under way, and says how it goes on."""
    from rich.progress import Progress

    from textwell.contacts.imports.steps import begin_here

    begin_here(run=run, kind=kind, actor=ACTOR)
    run.refresh_from_db()
    try:
        with Progress() as bars:
            bar = bars.add_task(words, total=run.row_count or None)
            work(lambda done: bars.update(bar, completed=done))
            bars.update(bar, total=run.row_count, completed=run.row_count)
    except KeyboardInterrupt:
        raise click.ClickException(
            f"Stopped. `textwell imports resume {run.id}` goes on where it stood."
        ) from None


def report(run: "ImportRun", file: Path, rejected: Path | None) -> None:
    """Counts by verdict; rows that did not come in, or without their consent, in files beside it."""
    no_consent = (rejected or file).with_suffix(".no-consent.csv")
    rejected = rejected or file.with_suffix(".rejected.csv")
    from textwell.contacts.imports.actions import rejected_rows, rows_without_consent

    for verdict, count in run.totals.items():
        click.echo(f"  {verdict:<16} {count:>10,}")
    left_out = run.totals["invalid"] + run.totals["duplicate"]
    _write_rows("rows left out", left_out, rejected, rejected_rows(run, shows_numbers=True))
    _write_rows(
        "people without the consent that their row claims",
        run.totals["consent_left_out"],
        no_consent,
        rows_without_consent(run, shows_numbers=True),
    )


def _write_rows(what: str, count: int, path: Path, rows: Iterator[str]) -> None:
    if not count:
        return
    place = path.absolute()
    try:
        with place.open("w", encoding="utf-8", newline="") as out:
            out.writelines(rows)
    except OSError as error:
        raise click.ClickException(
            f"{what} cannot be written to {place}: {error.strerror}. The import's page has them too."
        ) from error
    click.echo(f"  {what}, with reasons: {place}")
