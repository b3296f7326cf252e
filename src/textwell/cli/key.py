"""`textwell key`: API keys without a browser. A secret is printed once and kept nowhere."""

from collections.abc import Callable
from typing import TypeVar

import click

from textwell.cli._ledger import WORKSPACE, access_workspace, open_ledger

KEY_ID = click.argument("key_id", type=click.IntRange(1, 2**63 - 1))
F = TypeVar("F", bound=Callable[..., object])


@click.group()
def command() -> None:
    """Make, list, change and revoke API keys."""


RATE = click.option(
    "--rate",
    type=click.IntRange(0, 100_000),
    help="Requests a second; 0 or without it: no limit.",
)


def _purpose(default: str | None) -> Callable[[F], F]:
    purposes = click.Choice(["marketing", "transactional", "care", "otp"])
    words = "What texts of other vendors' clients (Twilio, Kannel) are for."
    return click.option("--purpose", type=purposes, default=default, help=words)


@command.command()
@WORKSPACE
@click.option("--name", required=True, help="Which program will use it.")
@click.option("--scope", "scopes", multiple=True, required=True, help="Repeat it; `all` for all.")
@_purpose(default="marketing")
@RATE
def create(
    workspace: str | None, name: str, scopes: tuple[str, ...], purpose: str, rate: int | None
) -> None:
    """Make a key. Its secret is the only line on standard output, this once."""
    with open_ledger():
        from textwell.accounts.keys import create_api_key
        from textwell.accounts.types import Scope

        wanted = [each.value for each in Scope] if scopes == ("all",) else scopes
        key, secret = create_api_key(
            workspace=access_workspace(workspace),
            name=name,
            scopes=wanted,
            actor="system",
            door_purpose=purpose,
            rate_per_s=rate,
        )
    click.echo(
        f"Key {key.id} may {', '.join(key.scopes)}. Its secret is shown this once:", err=True
    )
    click.echo(secret)


@command.command("list")
@WORKSPACE
def list_keys(workspace: str | None) -> None:
    """Keys of a workspace, newest first, revoked ones too; no secrets."""
    with open_ledger():
        from textwell.accounts.selectors import list_api_keys

        keys = list_api_keys(access_workspace(workspace).id)
    for key in keys:
        used = f"{key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never used"
        state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else used
        click.echo(
            f"{key.id:>6}  tw_{key.prefix}_…  {state:<18}{key.name}: {', '.join(key.scopes)}"
        )


@command.command()
@WORKSPACE
@KEY_ID
@_purpose(default=None)
@RATE
def change(workspace: str | None, key_id: int, purpose: str | None, rate: int | None) -> None:
    """Change how a key is used, from the next request on."""
    with open_ledger():
        from textwell.accounts.keys import change_api_key
        from textwell.accounts.selectors import access_api_key

        key = access_api_key(access_workspace(workspace).id, key_id)
        changed = change_api_key(
            key=key,
            actor="system",
            door_purpose=purpose or key.door_purpose,
            rate_per_s=key.rate_per_s if rate is None else rate,
        )
    shown = changed.rate_per_s or "no limit"
    click.echo(f"Key {key_id}: purpose {changed.door_purpose}, requests a second: {shown}.")


@command.command()
@WORKSPACE
@KEY_ID
def revoke(workspace: str | None, key_id: int) -> None:
    """Refuse a key from now on. Twice is once."""
    with open_ledger():
        from textwell.accounts.keys import revoke_api_key
        from textwell.accounts.selectors import access_api_key

        revoke_api_key(key=access_api_key(access_workspace(workspace).id, key_id), actor="system")
    click.echo(f"Key {key_id} is revoked.")
