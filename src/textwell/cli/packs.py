"""`textwell packs`: check rule packs, see what a version changes, list what there is, judge by another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from textwell.cli._ledger import CAMPAIGN, WORKSPACE, access_workspace, open_ledger
from textwell.cli._rejudging import judge_kept, tell_judgment
from textwell.core.errors import TextwellError

if TYPE_CHECKING:
    from textwell.compliance.schema import Pack
    from textwell.messaging.chosen_then import ChosenAs
    from textwell.reports.impact import Proposal


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
            failures = list(check_pack(pack, Library()))  # of other places those that ship hold
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


def _find_pack(named: str) -> Pack:
    """A pack by its file, or by its version as FR@2026-11-01."""
    from textwell.compliance.library import FOLDER
    from textwell.compliance.reading import PackError, read_pack

    pack_id, at, day = named.partition("@")
    path = FOLDER / pack_id / f"{day}.toml" if at and not Path(named).exists() else Path(named)
    if not path.is_file():
        raise PacksAtFault(f"{named} is neither a file nor a version that ships with Textwell.")
    try:
        return read_pack(path)
    except PackError as error:
        raise PacksAtFault(str(error)) from error


@command.command()
@WORKSPACE
@CAMPAIGN
@click.option(
    "--pack",
    "named",
    help="A file, or a version as FR@2026-11-01; without it the packs as they are.",
)
@click.option(
    "--choices",
    type=click.Choice(["then", "now"]),
    default="then",
    show_default=True,
    help="Named days and looser readings as they stood when each text went out, or as they stand now.",
)
@click.option("--anew", is_flag=True, help="From the beginning, also where it was stopped before.")
def rejudge(
    *,
    workspace: str | None,
    campaign_id: int,
    named: str | None,
    choices: ChosenAs,
    anew: bool,
) -> None:
    """Judge a past or planned campaign once more, as if this version had held on every day.

    Every rule is asked as far as facts of the texts are kept: each text at the minute of its hand-off, or
    when it is due. What could not be asked is said beside the rule. Ctrl-C stops it; the same command goes
    on where it stood.
    """
    with open_ledger():
        from textwell.campaigns.selectors import access_campaign
        from textwell.compliance.library import WithVersion, shipped_library
        from textwell.messaging.purposes import is_marketing

        library = shipped_library()
        if named is not None:
            library = WithVersion(library, _find_pack(named))
        campaign = access_campaign(access_workspace(workspace).id, campaign_id)
        if not is_marketing(campaign.purpose):
            click.echo(f"No hours hold for texts of purpose {campaign.purpose}.")
            return
        tell_judgment(judge_kept(campaign, library, named=named, chosen=choices, is_anew=anew))


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--list", "is_listed", is_flag=True, help="Every message with its old and new moment."
)
def impact(file: Path, *, is_listed: bool) -> None:
    """The texts that wait in any workspace and that the pack in FILE would move or stop.

    From the day on from which it is effective. Nothing is changed. Campaigns whose people are not planned
    yet are judged when they are: they have no texts that could be listed.
    """
    with open_ledger():
        _tell_impact(_proposal(file), is_listed=is_listed)


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--list", "is_listed", is_flag=True, help="Every message that it moves or stops.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def activate(file: Path, *, is_listed: bool, yes: bool) -> None:
    """Put the pack in FILE in force from its effective day on, after showing what it moves or stops.

    It is kept in the database, for the whole installation; the audit log tells of it. A pack that does not
    do what its vectors say is refused. Every role holds to it within seconds.
    """
    with open_ledger():
        from textwell.compliance.reading import PackError
        from textwell.core.errors import Conflict
        from textwell.messaging.own_packs import activate_pack, find_problems

        pack = _find_pack(str(file))
        for problem in find_problems(pack):
            raise PacksAtFault(problem)
        moved, stopped = _tell_impact(_proposal(file), is_listed=is_listed)
        if not yes:
            click.confirm(f"Put {pack.version} in force?", abort=True)
        try:
            activate_pack(
                text=file.read_text(encoding="utf-8"),
                actor="system",
                moved_count=moved,
                stopped_count=stopped,
            )
        except (PackError, Conflict) as error:
            raise PacksAtFault(str(error)) from error
    click.echo(f"{pack.version} is in force. Every role holds to it within seconds.")


@command.command()
@click.argument("versions", nargs=-1)
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="A folder: FR@2031-01-01 becomes FR/2031-01-01.toml in it.",
)
def export(versions: tuple[str, ...], folder: Path) -> None:
    """Write packs of your own as they were put in force, and print the SHA-256 of each file.

    VERSIONS are such as FR@2031-01-01; without them all are written. Whoever verifies proofs that name
    them needs the folder: `textwell proof verify --packs`. `sha256sum --check` reads what is printed.
    """
    with open_ledger():
        from textwell.core.errors import NotFound
        from textwell.messaging.own_packs import access_activated, list_activated

        try:
            found = [access_activated(each) for each in versions] or list_activated()
        except NotFound as error:
            raise PacksAtFault(f"{error.key} was not put in force here.") from error
        for pack in found:
            path = folder / pack.file_name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(pack.content.encode())
            click.echo(f"{pack.sha256}  {pack.file_name}")
        click.echo(f"{len(found)} packs.", err=True)


@command.command()
@click.argument("version")
@click.option("--list", "is_listed", is_flag=True, help="Every message that it moves or stops.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def withdraw(version: str, *, is_listed: bool, yes: bool) -> None:
    """Take back the pack VERSION (as FR@2031-01-01) that was put in force here, after showing the impact.

    From today what held before it holds again: an earlier pack of your own, or the one that ships. What was
    judged by it stays so; its file stays for whoever verifies proofs. Every role holds to it within seconds.
    """
    with open_ledger():
        from textwell.core.errors import Conflict, NotFound
        from textwell.messaging.own_packs import withdraw_pack
        from textwell.reports.impact import withdrawal

        try:
            proposal = withdrawal(version)
        except NotFound as error:
            raise PacksAtFault(f"{version} was not put in force here.") from error
        except Conflict as error:
            raise PacksAtFault(str(error)) from error
        moved, stopped = _tell_impact(proposal, is_listed=is_listed)
        if not yes:
            click.confirm(f"Take {version} back?", abort=True)
        withdraw_pack(version=version, actor="system", moved_count=moved, stopped_count=stopped)
    click.echo(f"{version} is taken back. Every role holds to it within seconds.")


def _proposal(file: Path) -> Proposal:
    from textwell.compliance.reading import PackError
    from textwell.reports.impact import activation

    try:
        return activation(file.read_text(encoding="utf-8"))
    except PackError as error:
        raise PacksAtFault(str(error)) from error


def _tell_impact(proposal: Proposal, *, is_listed: bool) -> tuple[int, int]:
    """How many waiting texts it moves, and how many it stops. Each is told as it is found."""
    from textwell.reports.impact import Moved, list_open_campaigns, look_at

    def tell(found: list[Moved]) -> None:
        for text in found:
            to = f"{text.until:%Y-%m-%dT%H:%MZ}" if text.until else f"never ({text.reason})"
            click.echo(f"{text.message_id} {text.due_at:%Y-%m-%dT%H:%MZ} {to}")

    names = {each.id: each.name for each in list_open_campaigns()}
    found = look_at(proposal, tell=tell if is_listed else None)
    for campaign_id, (moved, stopped) in sorted(found.by_campaign.items()):
        of = f"Campaign {campaign_id} ({names.get(campaign_id, '?')})"
        click.echo(f"{of if campaign_id else 'Single texts'}: {moved} moved, {stopped} stopped.")
    click.echo(f"{found.moved_count} texts moved, {found.stopped_count} stopped.")
    return found.moved_count, found.stopped_count
