"""`textwell packs`: check rule packs, see what a version changes, list what there is."""

from __future__ import annotations

from pathlib import Path

import click

from textwell.core.errors import TextwellError


class PacksAtFault(TextwellError):
    """A pack does not load or does not do what it says."""


def _folder_option(function: click.decorators.FC) -> click.decorators.FC:
    return click.option(
        "--folder",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Packs of your own; without it, those that come with Textwell.",
    )(function)


@click.group()
def command() -> None:
    """Law and carrier rules by country, as dated files."""


@command.command()
@_folder_option
@click.argument("ids", nargs=-1)
def check(folder: Path | None, ids: tuple[str, ...]) -> None:
    """Load every pack and run its vectors: exit 1 names file, line and rule at fault.

    IDS are packs such as FR or US-FL; without them all are checked.
    """
    from textwell.compliance.library import FOLDER, Library
    from textwell.compliance.reading import PackError, read_pack
    from textwell.compliance.vectors import check_pack

    library = Library(folder or FOLDER)
    unknown = [name for name in ids if name not in library.ids]
    if unknown:
        raise PacksAtFault(f"There is no pack {unknown[0]}. textwell packs list shows all.")
    counts = {"packs": 0, "rules": 0, "vectors": 0}
    problems: list[str] = []
    for path in library.iter_files():
        if ids and path.parent.name not in ids:
            continue
        try:
            pack = read_pack(path)
            failures = list(check_pack(pack, library))
        except PackError as error:
            problems.append(str(error))
            continue
        counts["packs"] += 1
        counts["rules"] += len(pack.rule)
        counts["vectors"] += sum(len(rule.vector) for rule in pack.rule)
        problems += [
            f"{path.parent.name}/{path.name}, rule {failure.rule}: {failure.problem} ({failure.why})"
            for failure in failures
        ]
    for problem in problems:
        click.echo(problem, err=True)
    click.echo(f"{counts['packs']} packs, {counts['rules']} rules, {counts['vectors']} vectors.")
    if problems:
        raise SystemExit(1)


@command.command("list")
@_folder_option
def list_packs(folder: Path | None) -> None:
    """One line a pack: version, name, how well it is sourced, how many rules are disputed."""
    from textwell.compliance.library import FOLDER, Library
    from textwell.compliance.reading import read_pack

    for path in Library(folder or FOLDER).iter_files():
        pack = read_pack(path)
        disputed = sum(rule.disputed for rule in pack.rule)
        suffix = f", {disputed} disputed" if disputed else ""
        click.echo(
            f"{pack.version}  {pack.name}  ({pack.confidence}, {len(pack.rule)} rules{suffix})"
        )


@command.command()
@click.argument("old", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("new", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def diff(old: Path, new: Path) -> None:
    """What NEW says otherwise than OLD, rule by rule. Both are files of packs."""
    from textwell.compliance.comparing import compare_packs
    from textwell.compliance.reading import read_pack

    changes = list(compare_packs(read_pack(old), read_pack(new)))
    for change in changes:
        click.echo(str(change))
    if not changes:
        click.echo("No difference.")
