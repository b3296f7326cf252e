"""`textwell campaigns`: take a campaign's inputs along, and make the same of them on another machine."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from textwell.cli._ledger import (
    BY,
    CAMPAIGN,
    WORKSPACE,
    access_actor,
    access_workspace,
    open_ledger,
)

if TYPE_CHECKING:
    from textwell.campaigns.models import Campaign
    from textwell.campaigns.replay.exporting import Exported
    from textwell.campaigns.replay.replaying import Replay

_TOLD_EACH = 2_000  # people


@click.group()
def command() -> None:
    """Campaigns as files: what went in, and whether the same comes out."""


@command.command()
@WORKSPACE
@CAMPAIGN
@BY
@click.option("--reason", required=True, help="Why, without a name: the audit log keeps it.")
@click.option(
    "--to", "file", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file."
)
def export(*, workspace: str | None, campaign_id: int, email: str, reason: str, file: Path) -> None:
    """Write the inputs of a planned campaign to a file, and what came of them as digests.

    It holds what the texts use of people (names, fields), and no numbers. `textwell campaigns replay` makes
    audience, texts, links and times of it on any machine.
    """
    with open_ledger():
        from textwell.accounts.types import Permission
        from textwell.campaigns.replay.exporting import Exported, begin_export
        from textwell.campaigns.selectors import access_campaign
        from textwell.core.errors import TextwellError

        home = access_workspace(workspace)
        actor = access_actor(home, email, Permission.EXPORT_CONTACTS)
        campaign = access_campaign(home.id, campaign_id)
        try:
            begin_export(campaign=campaign, actor=actor, reason=reason)
        except TextwellError as error:
            raise click.UsageError(str(error)) from error
        told = Exported()
        _write(campaign, file, told)
    click.echo(f"{told.people} people. SHA-256 {told.sha256}")
    if told.differ:
        click.echo(
            f"Of {told.differ} the ledger has something else: what is known of them changed since."
        )
    if told.erased:
        click.echo(f"{told.erased} are erased: they are not in the file.")


def _write(campaign: Campaign, file: Path, told: Exported) -> None:
    from textwell.campaigns.replay.exporting import export_inputs
    from textwell.core.private_files import open_private

    beside = file.with_name(f"{file.name}.part")
    try:
        with open_private(beside) as opened:  # names, and short links that work
            for number, line in enumerate(export_inputs(campaign, told)):
                opened.write(line)
                if number and number % _TOLD_EACH == 0:
                    click.echo(f"{number} of {campaign.planned_count} people", err=True)
        beside.replace(file)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error}") from error
    finally:
        with suppress(OSError):  # none is left once it has its name
            beside.unlink(missing_ok=True)


@command.command()
@click.argument("file", type=click.File("rb"))
def replay(file: BinaryIO) -> None:
    """Make audience, texts, links and times of the inputs in FILE (`-`: standard input), with no database.

    The exit code is 1 if a digest is another one; the first message that differs is named.
    """
    from textwell.campaigns.replay.form import Damaged
    from textwell.campaigns.replay.replaying import replay as make_again

    _do_without_settings()
    try:
        found = make_again(file)
    except Damaged as error:
        raise click.ClickException(f"The file cannot be used: {error}.") from error
    _tell(found)
    sys.exit(0 if found.is_same else 1)


def _do_without_settings() -> None:
    """What is refused is told by gettext, which asks Django whether to translate."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)


def _tell(found: Replay) -> None:
    head = found.campaign
    click.echo(
        f"Campaign {head.seed} of workspace {head.workspace}, {found.foot.people} people,"
        f" written by Textwell {head.textwell}."
    )
    for section, was in found.foot.digests.items():
        now = found.digests[section]
        click.echo(f"{'same ' if now == was else 'OTHER'} {section:<9} {now}")
    for version in found.packs_differ:
        click.echo(f"The rule pack {version} is not here as it was then.")
    for section, told in found.differences.items():
        click.echo(f"first difference of {section}: {told}")
    if found.stored_differ:
        click.echo(
            f"Of {found.stored_differ} the ledger had something else when the file was made:"
            " what was known of them had changed."
        )
