"""`textwell receipt`: check a consent receipt that a person took along, anywhere."""

from pathlib import Path
from typing import BinaryIO

import click

from textwell.cli._keys import KEYS, read_key_values, require_genuine


@click.group()
def command() -> None:
    """Signed receipts of what a person agreed to."""


@command.command()
@click.argument("file", type=click.File("rb"))
@KEYS
def verify(file: BinaryIO, key_files: tuple[Path, ...]) -> None:
    """Check the receipt in FILE (`-`: standard input) without any database.

    The exit code is 1 if none of the keys has signed it as it stands there.
    """
    from textwell.privacy.receipt_form import check_receipt

    checked = check_receipt(file.read(), read_key_values(key_files))
    found = require_genuine(checked.receipt, checked.problem)
    click.echo(
        f"Genuine. {found.controller} (key {found.key}) said on {found.issued_at} of {found.number}:"
    )
    for each in found.standings:
        scope = " · ".join(filter(None, [each.topic, each.brand, each.sender]))
        said = "granted" if each.is_granted else "withdrawn"
        click.echo(f"  {each.channel} {each.purpose} {scope or '-'} {said} since {each.since}")
    if found.is_stopped:
        click.echo("  stopped: the number is not texted")
    if found.paused_until:
        click.echo(f"  paused until {found.paused_until}")
    click.echo(f"{len(found.statements)} statements in it.")
