"""`textwell promise`: check what a workspace promised in public, anywhere."""

from pathlib import Path
from typing import BinaryIO

import click

from textwell.cli._keys import KEYS, read_key_values, require_genuine


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

    checked = check_promise(file.read(), read_key_values(key_files))
    found = require_genuine(checked.promise, checked.problem)
    click.echo(
        f"Genuine. {found.speaker} (key {found.key}) promised on {found.published_at},"
        f" version {found.version}:"
    )
    limit = f"at most {found.most} marketing texts a person in any {found.days} days"
    click.echo(f"  {limit if found.most else 'nothing, to those who agree from then on'}")
    click.echo(f"  senders: {', '.join(each.value for each in found.senders) or '-'}")
    click.echo(f"  topics: {', '.join(each.name for each in found.topics) or '-'}")
