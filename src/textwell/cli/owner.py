"""`textwell owner create`: the first person of a workspace, without a browser."""

import os
import sys
from typing import TYPE_CHECKING

import click

from textwell.cli._ledger import find_workspace, open_ledger

if TYPE_CHECKING:
    from textwell.accounts.models import Workspace

PASSWORD_VARIABLE = "TEXTWELL_OWNER_PASSWORD"  # noqa: S105 - the name of a variable


@click.group()
def command() -> None:
    """Make a person the owner of a workspace."""


@command.command()
@click.option("--email", required=True, help="The address to sign in with.")
@click.option("--name", default="", help="The person's name.")
@click.option("--workspace", help="Id or name; a name that is new makes a workspace.")
@click.option("--country", default="US", show_default=True, help="Home of a new one, ISO 3166-1.")
@click.option("--currency", default="USD", show_default=True, help="Of a new one, ISO 4217.")
@click.option("--zone", default="UTC", show_default=True, help="Of a new one, an IANA name.")
@click.option("--language", default="en", show_default=True, help="Of a new one.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create(
    *, email: str, name: str, workspace: str | None, password_stdin: bool, **home: str
) -> None:
    """Make the owner, and the workspace if there is none yet.

    The password is asked for; --password-stdin or TEXTWELL_OWNER_PASSWORD give it to a script. A
    person who has an account already keeps its password. Calling it twice is safe.
    """
    with open_ledger():
        from django.db import transaction

        from textwell.accounts.actions import create_owner
        from textwell.accounts.models import User
        from textwell.gateways.first import add_first_gateway

        is_new = not User.objects.filter(email=email.strip().lower()).exists()
        password = _read_password(is_piped=password_stdin) if is_new else ""
        with transaction.atomic():
            found = find_workspace(workspace)
            chosen = found or _make_workspace(workspace, home)
            user = create_owner(workspace=chosen, email=email, password=password, name=name)
            gateway = None if found else add_first_gateway(workspace=chosen, actor="system")
    click.echo(f"{user.email} owns the workspace {chosen.id} ({chosen.name}).")
    if gateway is not None:
        click.echo(f"Its gateway {gateway.name} only simulates: no phone gets its texts.")


def _read_password(*, is_piped: bool) -> str:
    if is_piped:
        return sys.stdin.readline().rstrip("\r\n")
    given = os.environ.get(PASSWORD_VARIABLE, "")
    if given:
        return given
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return asked


def _make_workspace(wanted: str | None, home: dict[str, str]) -> "Workspace":
    from textwell.accounts.actions import create_workspace

    if wanted is not None and wanted.isdigit():
        raise click.UsageError(f"There is no workspace {wanted}. Give a name to make one.")
    return create_workspace(
        name=wanted or "Textwell",
        country=home["country"],
        zone=home["zone"],
        currency=home["currency"],
        language=home["language"],
    )
