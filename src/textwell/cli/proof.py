"""`textwell proof`: hand out what was decided at each hand-off, signed; and check it, anywhere."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from textwell.cli._keys import KEYS, read_key_files
from textwell.cli._ledger import WORKSPACE, access_workspace, open_ledger

if TYPE_CHECKING:
    from textwell.messaging.proof.form import GivenKey

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
def verify(file: BinaryIO, key_files: tuple[Path, ...]) -> None:
    """Check the proofs in FILE (`-`: standard input) without any database.

    Each genuine one is judged once more by the gate and the rule packs of this version. The exit code is
    1 if a line is no genuine proof, or if another verdict comes out.
    """
    counts = _check(file, read_key_files(key_files))
    click.echo(
        f"{counts['genuine']} genuine, {counts['bad']} not. Judged once more:"
        f" {counts['same']} the same, {counts['other']} otherwise,"
        f" {counts['packs_unknown']} under versions of packs that are not here,"
        f" {counts['withdrawn']} withdrawn at the last look."
    )
    sys.exit(1 if counts["bad"] or counts["other"] else 0)


def _check(lines: Iterable[bytes], keys: dict[str, GivenKey]) -> Counter[str]:
    from textwell.messaging.proof.form import check_line

    counts: Counter[str] = Counter()
    for number, line in enumerate(lines, 1):
        checked = check_line(line.removesuffix(b"\n"), keys)
        counts["genuine" if checked.is_genuine else "bad"] += 1
        if checked.rejudged is not None:
            counts[checked.rejudged.value] += 1
        problem = checked.problem
        if checked.rejudged == "other":
            problem = "another verdict comes out"
        if problem and counts["bad"] + counts["other"] <= _MOST_TOLD:
            click.echo(f"line {number}: {problem}", err=True)
    return counts
