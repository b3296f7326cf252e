"""Public keys from files, for the commands that check what was signed with no store."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from textwell.messaging.proof.form import GivenKey

T = TypeVar("T")
KEYS = click.option(
    "--key",
    "key_files",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    required=True,
    help="What `textwell signing-key public` printed; repeat it for several.",
)


def read_key_files(paths: Iterable[Path]) -> dict[str, GivenKey]:
    """Keys by their ids; raises click.UsageError for a file that holds something else."""
    from textwell.messaging.proof.form import read_keys

    keys: dict[str, GivenKey] = {}
    for path in paths:
        try:
            keys |= read_keys(path.read_text())
        except (ValueError, UnicodeDecodeError) as error:
            raise click.UsageError(f"{path} is no list of public keys: {error}") from error
    return keys


def read_key_values(paths: Iterable[Path]) -> dict[str, bytes]:
    """As `read_key_files`, for what does not ask when a key was in use."""
    return {key_id: key.value for key_id, key in read_key_files(paths).items()}


def require_genuine(found: T | None, problem: str) -> T:
    """What was checked; ends the command with 1 and the problem where there is none."""
    if found is None:
        click.echo(f"Not genuine: {problem}.", err=True)
        sys.exit(1)
    return found
