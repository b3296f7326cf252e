"""`textwell promise`: check what a workspace promised in public, anywhere."""

import sys
from pathlib import Path
from typing import BinaryIO

import click

from textwell.cli._keys import KEYS, read_key_files


@click.group()
def command() -> None:
    """Signed promises of how often people are texted at most."""


@command.command()
@click.argument("file", type=click.File("rb"))
@KEYS
def verify(file: BinaryIO, key_files: tuple[Path, ...]) -> None:
    """Check the promise in FILE (`-`: standard input) without any database.

    The exit code is 1 if none of the keys has signed it as it stands there.
    """
    from textwell.messaging.promise_form import check_promise

    keys = {key_id: key.value for key_id, key in read_key_files(key_files).items()}
    checked = check_promise(file.read(), keys)
    found = checked.promise
    if found is None:
        click.echo(f"Not genuine: {checked.problem}.", err=True)
        sys.exit(1)
    click.echo(
        f"Genuine. {found.speaker} (key {found.key}) promised on {found.published_at},"
        f" version {found.version}:"
    )
    limit = f"at most {found.most} marketing texts a person in any {found.days} days"
    click.echo(f"  {limit if found.most else 'nothing, to those who agree from then on'}")
    click.echo(f"  senders: {', '.join(each.value for each in found.senders) or '-'}")
    click.echo(f"  topics: {', '.join(each.name for each in found.topics) or '-'}")
