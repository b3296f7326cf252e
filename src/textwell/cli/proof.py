"""`textwell proof`: hand out what was decided at each hand-off, signed; and check it, anywhere."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from textwell.cli._keys import KEYS, read_key_files
from textwell.cli._ledger import WORKSPACE, access_workspace, open_ledger

if TYPE_CHECKING:
    from textwell.messaging.proof.verifying import Verification

_MOST_TOLD = 20  # lines at fault that are named one by one
_ID = click.IntRange(1, 2**63 - 1)


@click.group()
def command() -> None:
    """Signed proofs of why a text went out, or did not."""


@command.command()
@WORKSPACE
@click.option("--campaign", "campaign_id", type=_ID, help="Of every text of a campaign.")
@click.option("--message", "message_id", type=_ID, help="Of one message.")
@click.option(
    "--with-keys",
    is_flag=True,
    help="Add the key under which each number is hashed: whoever has it can find the number out.",
)
def export(
    workspace: str | None, campaign_id: int | None, message_id: int | None, with_keys: bool
) -> None:
    """Write proofs to standard output, a line of JSON each.

    Give the file, and what `textwell signing-key public` prints, to whoever is to check it.
    """
    if (campaign_id is None) == (message_id is None):
        raise click.UsageError("Give either --campaign or --message.")
    count = 0
    with open_ledger():
        from textwell.campaigns.selectors import access_campaign
        from textwell.messaging.proving import proofs_between

        owner = access_workspace(workspace)
        first = last = message_id or 0
        if campaign_id is not None:
            campaign = access_campaign(owner.id, campaign_id)
            first, last = campaign.first_message_id or 0, campaign.last_message_id or 0
        for line in proofs_between(owner.id, first, last, with_keys=with_keys):
            click.echo(line)
            count += 1
    click.echo(f"{count} proofs.", err=True)


@command.command()
@click.argument("file", type=click.File("rb"))
@KEYS
@click.option(
    "--packs",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Rule packs of the sender's own, as `textwell packs export` writes them.",
)
def verify(file: BinaryIO, key_files: tuple[Path, ...], folder: Path | None) -> None:
    """Check the proofs in FILE (`-`: standard input) without any database.

    Each genuine one is judged once more by the gate and the versions of rule packs that it names: those
    that come with this version of Textwell, and those in the folder --packs. The exit code is 1 if a line
    is no genuine proof, or if another verdict comes out.
    """
    from textwell.messaging.proof.verifying import Verification

    keys = read_key_files(key_files)
    if folder is not None:
        _use_packs(folder)
    found = Verification()
    for told, (number, problem) in enumerate(found.check(file, keys)):
        if told < _MOST_TOLD:
            click.echo(f"line {number}: {problem}", err=True)
    _tell(found)
    sys.exit(1 if found.counts["bad"] or found.counts["other"] else 0)


def _use_packs(folder: Path) -> None:
    from textwell.compliance.library import use_own_packs
    from textwell.compliance.reading import PackError, read_pack

    files = sorted(folder.glob("*/*.toml"))
    if not files:
        raise click.BadParameter(
            f"there is no pack in {folder}, as FR/2031-01-01.toml", param_hint="--packs"
        )
    try:
        use_own_packs([read_pack(file) for file in files])
    except (PackError, OSError, UnicodeDecodeError) as error:
        raise click.BadParameter(str(error), param_hint="--packs") from error


def _tell(found: Verification) -> None:
    counts = found.counts
    click.echo(
        f"{counts['genuine']} genuine, {counts['bad']} not. Judged once more:"
        f" {counts['same']} the same, {counts['other']} otherwise,"
        f" {counts['packs_unknown']} under versions of packs that are not here,"
        f" {counts['withdrawn']} withdrawn at the last look."
    )
    if found.replaced:
        click.echo(
            f"{found.replaced} name a version that another one here replaces on their day:"
            " they were judged by the one that they name."
        )
    if found.unfit:
        click.echo(f"{found.unfit} name other packs than hold for their place here.")
    for version, count in sorted(found.missing.items()):
        click.echo(f"Not here: {version}, which {count} name. Give its file with --packs.")
