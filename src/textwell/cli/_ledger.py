"""What the commands that change accounts share: Django up, the workspace found, the store away told."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from textwell.accounts.models import Workspace
    from textwell.accounts.types import Permission

WORKSPACE = click.option("--workspace", help="Id or name; needed where there are several.")
BY = click.option(
    "--by", "email", required=True, help="Who does it: the e-mail address of a member."
)
CAMPAIGN = click.option(
    "--campaign",
    "campaign_id",
    type=click.IntRange(1, 2**63 - 1),
    required=True,
    help="The id of the campaign.",
)


@contextmanager
def open_ledger() -> Iterator[None]:
    """Django with its database; a database that is away is one line, not a traceback."""
    from textwell.core.settings import load_settings
    from textwell.runtime.boot import start_django

    start_django("cli")
    from django.db import OperationalError, ProgrammingError

    from textwell.messaging.own_packs import use_activated_packs

    use_activated_packs()
    try:
        yield
    except (OperationalError, ProgrammingError) as error:
        reason = str(error).partition("\n")[0]
        mend = (
            "Check DATABASE_URL, and that the server runs and lets us in."
            if load_settings().database_url
            else "Start `textwell run` first, with the same TEXTWELL_DATA."
        )
        raise click.ClickException(f"PostgreSQL cannot be used: {reason}. {mend}") from error


def find_workspace(wanted: str | None) -> "Workspace | None":
    """By id or exact name; without a wish the only one there is. None: there is no such workspace.

    Raises click.UsageError where several fit.
    """
    from textwell.accounts.models import Workspace

    found = Workspace.objects.order_by("id")
    if wanted is not None:
        is_id = wanted.isascii() and wanted.isdigit() and len(wanted) <= 18  # noqa: PLR2004 - a bigint
        found = found.filter(id=int(wanted)) if is_id else found.filter(name=wanted.strip())
    fitting = list(found[:50])
    if len(fitting) > 1:
        shown = ", ".join(f"{each.id} ({each.name})" for each in fitting)
        raise click.UsageError(f"There are several workspaces: give --workspace one of {shown}.")
    return fitting[0] if fitting else None


def access_workspace(wanted: str | None) -> "Workspace":
    """As `find_workspace`; where there is none it raises click.UsageError with the mend."""
    found = find_workspace(wanted)
    if found is None:
        raise click.UsageError("There is no such workspace. `textwell owner create` makes one.")
    return found


def access_actor(home: "Workspace", email: str, right: "Permission") -> str:
    """The member with that address. Raises click.UsageError where there is none who may do this."""
    from textwell.accounts.models import User
    from textwell.accounts.policy import policy

    found = User.objects.filter(email=email.strip().lower()).first()
    if found is None or not policy(found, home).allows(right):
        raise click.UsageError(f"{email} may not do this here.")
    return f"user:{found.id}"
