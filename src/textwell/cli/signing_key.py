"""`textwell signing-key`: the keys with which a workspace signs proofs and receipts."""

import click

from textwell.cli._ledger import WORKSPACE, access_workspace, open_ledger


@click.group()
def command() -> None:
    """Show a workspace's public keys, or sign with a new one."""


@command.command()
@WORKSPACE
def public(workspace: str | None) -> None:
    """Print every public key, the present one first: key id, Ed25519 key in base64url, since, until.

    Whoever is to check what this workspace signed needs these lines, and nothing else of ours.
    """
    with open_ledger():
        from textwell.core.signatures import encode
        from textwell.core.signing import list_public_keys

        for key in list_public_keys(access_workspace(workspace).id):
            until = f"{key.retired_at:%Y-%m-%dT%H:%M:%SZ}" if key.retired_at else "-"
            since = f"{key.created_at:%Y-%m-%dT%H:%M:%SZ}"
            click.echo(f"{key.key_id} {encode(key.value)} {since} {until}")


@command.command()
@WORKSPACE
@click.option("--reason", default="", help="Why, for the audit log.")
def replace(workspace: str | None, reason: str) -> None:
    """Sign with a new key from now on; what older ones signed stays valid."""
    with open_ledger():
        from textwell.accounts.signing import replace_signing_key

        made = replace_signing_key(
            workspace=access_workspace(workspace), actor="system", reason=reason
        )
    click.echo(f"Key {made.key_id} signs from now on. textwell signing-key public shows it.")
